package io.firn.parquet;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Takes the values of one field apart into the columns below it, with the levels that tell how to put them together. */
abstract class FieldWriter {
    /** Takes {@code in[at]}, which may be null. */
    abstract void write(SpecializedGetters in, int at, int repetition);

    /** Something above the field is null or empty: there is nothing from {@code definition} on. */
    abstract void absent(int repetition, int definition);

    static IllegalStateException missing(String path) {
        return new IllegalStateException("column " + path + " is required, but a row to be written holds null there");
    }
}
