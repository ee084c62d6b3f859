package io.firn.table;

/**
 * How a merge reads its target, chosen from sizes that are known before it runs.
 *
 * @param filter what the target is filtered by before the join
 * @param reason why, for people
 * @param changes staged rows
 * @param rows the target's rows as its metadata counts them
 * @param files the target's data files
 * @param bytes their size
 * @param touchedFiles those of them whose key bounds hold a key of the batch
 * @param touchedBytes their size
 */
public record MergePlan(
        Filter filter,
        String reason,
        long changes,
        long rows,
        long files,
        long bytes,
        long touchedFiles,
        long touchedBytes) {

    /** What a target is filtered by. */
    public enum Filter {
        /** Nothing: every row goes into the join. */
        NONE,
        /** Nothing, but the join goes bucket by bucket, so that the target is not shuffled. */
        BUCKETS,
        /** The batch's keys. */
        KEYS,
        /** The batch's keys, and ranges of keys that leave files out. */
        KEYS_AND_RANGES
    }

    /**
     * What a merge did.
     *
     * @param applied staged rows that the table holds now, deletes whose rows it does not
     * @param stale staged rows that changed nothing, being older than the table's
     * @param writeSeconds how long planning and MERGE INTO took
     * @param auditSeconds how long it took to hold the result against what is staged
     */
    public record Merged(MergePlan plan, long applied, long stale, double writeSeconds, double auditSeconds) {}
}
