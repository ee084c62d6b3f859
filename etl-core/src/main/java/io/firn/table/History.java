package io.firn.table;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Walks a table's main history. */
final class History {
    private History() {}

    /** Throws {@link RollbackDetected} when the main history lacks the snapshot that a pipeline's state came with. */
    static void check(LakeTable lake, String property, StatePointer state) {
        checkTable(lake, property, state);
        Table table = lake.table();
        Snapshot at = table.currentSnapshot();
        while (at != null && at.snapshotId() != state.snapshot()) {
            if (at.sequenceNumber() < state.sequence() || at.parentId() == null) {
                throw rolledBack(lake, property, state);
            }
            // A missing parent: older history expired, and the state's snapshot with it.
            at = table.snapshot(at.parentId());
        }
        if (table.currentSnapshot() == null) {
            throw rolledBack(lake, property, state);
        }
    }

    /** Throws {@link TableException} when a pipeline's state is that of another table of the same name. */
    static void checkTable(LakeTable lake, String property, StatePointer state) {
        Table table = lake.table();
        if (!state.table().equals(table.uuid().toString())) {
            throw new TableException(
                    "Table " + lake.name() + " is not the table that its " + state.what() + " of pipeline "
                            + StatePointer.pipeline(property)
                            + " was written for: it was dropped and created anew with the old properties. Nothing was loaded."
                            + " Unset the property " + property + " if the table is to be loaded anew.");
        }
    }

    /** Whether the attempt's snapshot is in the main history. */
    static boolean holds(Table table, String attempt) {
        Snapshot at = table.currentSnapshot();
        while (at != null) {
            if (attempt.equals(at.summary().get(Publication.ATTEMPT))) {
                return true;
            }
            at = at.parentId() == null ? null : table.snapshot(at.parentId());
        }
        return false;
    }

    private static RollbackDetected rolledBack(LakeTable lake, String property, StatePointer state) {
        return new RollbackDetected("Table " + lake.name() + " was rolled back behind pipeline "
                + StatePointer.pipeline(property)
                + ": its history no longer holds snapshot " + state.snapshot() + ", which the " + state.what()
                + " says is loaded. Loading on would skip what it brought, so nothing was loaded. If the rollback is to stand, run"
                + " firn rollback " + lake.name() + " --to "
                + (lake.table().currentSnapshot() == null
                        ? "SNAPSHOT"
                        : lake.table().currentSnapshot().snapshotId())
                + ", which takes the " + state.what() + " back too; if not, set main to snapshot " + state.snapshot()
                + " again.");
    }
}
