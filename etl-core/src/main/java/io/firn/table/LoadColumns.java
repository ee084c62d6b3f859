package io.firn.table;

import java.util.List;
import java.util.stream.Stream;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/** The columns that Firn adds behind a table's own: where each row came from and when it was loaded. */
public final class LoadColumns {
    public static final String FILE = "firn_file";
    public static final String OFFSET = "firn_offset";
    public static final String LOADED_AT = "firn_loaded_at";

    /** In the order in which they end every row. */
    public static final List<Column> ALL = List.of(
            column(FILE, Scalar.STRING, "the source file"),
            column(OFFSET, Scalar.LONG, "byte offset of the line in the inflated file"),
            column(LOADED_AT, Scalar.TIMESTAMPTZ, "when the run that loaded the row began"));

    private LoadColumns() {}

    /** A table's own columns followed by these. */
    public static List<Column> after(List<Column> own) {
        return Stream.concat(own.stream(), ALL.stream()).toList();
    }

    private static Column column(String name, Scalar type, String comment) {
        return new Column(name, type, null, null, false, comment);
    }
}
