package io.firn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.ChangeOrigin;
import io.firn.table.LakeTable;
import io.firn.table.Ledger;
import io.firn.table.LoadColumns;
import io.firn.table.TableDefinition.Mode;

/**
 * An event and its table as a run found it.
 *
 * @param ledger what the table says is loaded
 * @param failure why the table cannot be used; then table and ledger are null
 * @param columns those of the YAML and those that runs added; null: not known yet
 */
record EventTable(ResolvedEvent event, LakeTable table, Ledger ledger, RuntimeException failure, GrownColumns columns) {
    EventTable {
        columns = columns == null ? GrownColumns.none(event) : columns;
    }

    /** A branch that old belongs to no running run. */
    private static final Duration CRASHED = Duration.ofDays(1);

    private static final Column UNKNOWN = new Column(
            "firn_unknown", Scalar.STRING, null, null, false, "fields that no column names, JSON path to value");

    /**
     * Makes the event's table what the YAML says; another table's trouble is that table's alone.
     *
     * @param origin the run that does so
     */
    static EventTable open(ResolvedEvent event, Catalogs catalogs, ChangeOrigin origin) {
        try {
            LakeTable table = catalogs.of(event.target().table())
                    .ensure(event.target(), ownColumns(event), loadColumns(event), origin);
            table.dropLeftoverBranches(CRASHED);
            return new EventTable(event, table, table.ledger(origin.pipeline()), null, null);
        } catch (RuntimeException e) {
            return new EventTable(event, null, null, e, null);
        }
    }

    boolean failed() {
        return failure != null;
    }

    EventTable with(GrownColumns grown) {
        return new EventTable(event, table, ledger, failure, grown);
    }

    static LoadColumns loadColumns(ResolvedEvent event) {
        return event.target().mode() == Mode.UPSERT ? LoadColumns.UPSERT : LoadColumns.DUMP;
    }

    /** The table's columns without the load columns. */
    static List<Column> ownColumns(ResolvedEvent event) {
        List<Column> columns = new ArrayList<>(event.tableColumns());
        if (event.unknownColumns() == UnknownColumns.KEEP) {
            columns.add(UNKNOWN);
        }
        return columns;
    }

    /** What follows the decoded columns in every row, and no transform sees. */
    static List<Column> appendedColumns(ResolvedEvent event) {
        return LoadColumns.DUMP.after(event.unknownColumns() == UnknownColumns.KEEP ? List.of(UNKNOWN) : List.of());
    }
}
