package io.firn.maintain;

import org.apache.spark.sql.Column;

/**
 * Which rows of a table are meant.
 *
 * @param rows a condition; null counts as false
 * @param narrowed SQL that is true for all of them and maybe others, by which files are left out unread; null: none
 */
public record Matching(Column rows, String narrowed) {}
