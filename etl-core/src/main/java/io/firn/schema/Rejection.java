package io.firn.schema;

/**
 * Why a line cannot be loaded. Reasons never hold values of the line, so they may be logged.
 *
 * @param column the column (or JSON path inside it) that refused its value; null when the whole line is at fault
 * @param reason what happened, in a user's words, e.g. {@code expected long, found string}
 */
public record Rejection(String column, String reason) {}
