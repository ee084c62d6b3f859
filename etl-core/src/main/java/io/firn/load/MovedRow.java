package io.firn.load;

import java.io.Serializable;

import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * A row that its source gave another key, as it was under its former one: the change that says so may leave out values
 * that are large and unchanged.
 *
 * @param place where in the log the key changed
 * @param key a staged row that holds the former key alone
 * @param row the staged row as this batch last told it; null: as the table has it
 * @param origin {@link io.firn.change.Change#origin} of that row
 */
public record MovedRow(String place, UnsafeRow key, UnsafeRow row, String origin) implements Serializable {
    /** How many of them one task keeps; a batch with more is taken in parts where their values are needed. */
    static final int MOST = 10_000;
}
