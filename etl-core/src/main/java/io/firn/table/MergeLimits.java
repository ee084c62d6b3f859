package io.firn.table;

/**
 * The sizes that decide how a merge reads its target.
 *
 * @param filteredFromRows below, the whole target is joined in less time than its filter takes to make
 * @param mostKeys above, keys are not brought to the driver
 */
record MergeLimits(long filteredFromRows, long mostKeys) {
    /** As measured: docs/performance-changes.md. */
    static final MergeLimits MEASURED = new MergeLimits(500_000, 1_000_000);
}
