package io.firn.table;

import java.util.List;
import java.util.stream.Stream;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/** The columns that Firn adds behind a table's own: where each row came from and when it was loaded. */
public enum LoadColumns {
    /** Rows of dumps, once each. */
    DUMP(Columns.FILE, Columns.OFFSET, Columns.LOADED_AT),
    /** Changes of a database's rows. */
    CHANGE(Columns.POSITION, Columns.OP, Columns.SOURCE_TIME, Columns.LOADED_AT),
    /** Rows of dumps, the latest of each key. */
    UPSERT(Columns.POSITION, Columns.FILE, Columns.OFFSET, Columns.LOADED_AT);

    public static final String FILE = "firn_file";
    public static final String OFFSET = "firn_offset";
    public static final String POSITION = "firn_position";
    public static final String OP = "firn_op";
    public static final String SOURCE_TIME = "firn_source_time";
    public static final String LOADED_AT = "firn_loaded_at";

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<Column> columns;

    LoadColumns(Column... columns) {
        this.columns = List.of(columns);
    }

    /** In the order in which they end every row. */
    public List<Column> columns() {
        return columns;
    }

    /** A table's own columns followed by these. */
    public List<Column> after(List<Column> own) {
        return Stream.concat(own.stream(), columns.stream()).toList();
    }

    /** Whether rows are replaced by later ones of their key. */
    boolean merged() {
        return this != DUMP;
    }

    /** Apart, since constants are made before a class's own fields. */
    private static final class Columns {
        static final Column FILE = column(LoadColumns.FILE, Scalar.STRING, "the source file");
        static final Column OFFSET =
                column(LoadColumns.OFFSET, Scalar.LONG, "byte offset of the line in the inflated file");
        static final Column POSITION =
                column(LoadColumns.POSITION, Scalar.STRING, "the change's place in the order of its source, as text");
        static final Column OP =
                column(LoadColumns.OP, Scalar.STRING, "what made the row: c created, r read, u updated, d deleted");
        static final Column SOURCE_TIME =
                column(LoadColumns.SOURCE_TIME, Scalar.TIMESTAMPTZ, "when the source made the change");
        static final Column LOADED_AT =
                column(LoadColumns.LOADED_AT, Scalar.TIMESTAMPTZ, "when the run that loaded the row began");

        private static Column column(String name, Scalar type, String comment) {
            return new Column(name, type, null, null, false, comment);
        }
    }
}
