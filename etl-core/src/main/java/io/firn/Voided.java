package io.firn;

import java.util.Set;

import io.firn.load.FoldedBatch;
import io.firn.load.StagedRows;

/**
 * Before which place in the log all is void since a batch: a truncate, or a snapshot that shows all.
 *
 * @param batch the floor of the batch's own changes; null: none is void
 * @param table that of the table's rows and of changes to come; null: none
 * @param spared partitions where changes from before {@code batch} and after {@code table} may be newer
 */
record Voided(String batch, String table, Set<Integer> spared) {
    static final Voided NOTHING = new Voided(null, null, Set.of());

    /** By a batch that replaces the table. */
    static Voided loadedWhole(FoldedBatch staged) {
        return new Voided(later(staged.truncated(), staged.snapshots().shown()), null, Set.of());
    }

    /** @param sweeps whether what a snapshot of the whole table does not show is gone */
    static Voided after(FoldedBatch staged, boolean sweeps) {
        String floor = floor(staged, sweeps);
        return new Voided(floor, floor, Set.of());
    }

    /**
     * By a table's first batch.
     *
     * @param partitions all of the topic
     * @param positions whether the table's rows have positions already
     */
    static Voided atFirst(FoldedBatch staged, boolean sweeps, Set<Integer> partitions, boolean positions) {
        String floor = floor(staged, sweeps);
        // Transactions that were open during a first snapshot count after it where it has rows; elsewhere they are
        // spared.
        Set<Integer> spared = staged.unreached(partitions);
        return new Voided(floor, spared.isEmpty() && !positions ? floor : staged.truncated(), spared);
    }

    private static String floor(FoldedBatch staged, boolean sweeps) {
        return sweeps ? later(staged.truncated(), staged.snapshots().shown()) : staged.truncated();
    }

    /** What to leave out of what is staged; null: nothing is older. */
    StagedRows.Floor staged(FoldedBatch staged) {
        boolean older =
                batch != null && staged.first() != null && staged.first().compareTo(batch) < 0;
        return older ? new StagedRows.Floor(batch, table, spared) : null;
    }

    /** The later of two positions' texts, either of which may be null. */
    static String later(String one, String other) {
        return one == null || (other != null && other.compareTo(one) > 0) ? other : one;
    }
}
