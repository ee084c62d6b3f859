package io.firn.table;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** Walks a table's main history. */
final class History {
    private History() {}

    /** Throws {@link RollbackDetected} when the main history lacks the snapshot that a ledger came with. */
    static void check(LakeTable lake, String pipeline, LedgerPointer ledger) {
        Table table = lake.table();
        if (!ledger.table().equals(table.uuid().toString())) {
            throw new TableException("Table " + lake.name() + " is not the table that its ledger of pipeline "
                    + pipeline
                    + " was written for: it was dropped and created anew with the old properties. Nothing was loaded."
                    + " Unset the property " + LedgerPointer.PREFIX + pipeline + " if the table is to be loaded anew.");
        }
        Snapshot at = table.currentSnapshot();
        while (at != null && at.snapshotId() != ledger.snapshot()) {
            if (at.sequenceNumber() < ledger.sequence() || at.parentId() == null) {
                throw rolledBack(lake, pipeline, ledger);
            }
            // A missing parent: older history expired, and the ledger's snapshot with it.
            at = table.snapshot(at.parentId());
        }
        if (table.currentSnapshot() == null) {
            throw rolledBack(lake, pipeline, ledger);
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

    private static RollbackDetected rolledBack(LakeTable lake, String pipeline, LedgerPointer ledger) {
        return new RollbackDetected("Table " + lake.name() + " was rolled back behind pipeline " + pipeline
                + ": its history no longer holds snapshot " + ledger.snapshot() + ", which the ledger says is loaded."
                + " Loading on would skip those files, so nothing was loaded. If the rollback is to stand, run"
                + " firn rollback " + lake.name() + " --to "
                + (lake.table().currentSnapshot() == null
                        ? "SNAPSHOT"
                        : lake.table().currentSnapshot().snapshotId())
                + ", which takes the ledger back too; if not, set main to snapshot " + ledger.snapshot() + " again.");
    }
}
