package io.firn.maintain;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What is worth doing to the files of one partition.
 *
 * @param partition as Iceberg names its folder; empty: the whole table, which has none
 * @param how in which way
 * @param why for people
 * @param files data files, or delete files, that are rewritten
 * @param bytes their size
 * @param before what a scan of the partition costs
 * @param after what it will cost
 * @param ordering bytes that a search in the ordering columns, or a plan, will no longer read
 */
public record CompactionStep(
        String partition,
        How how,
        String why,
        long files,
        long bytes,
        ScanCost before,
        ScanCost after,
        long ordering,
        @JsonIgnore PartitionFiles of) {

    /** A way of rewriting. */
    public enum How {
        /** Small files, and files many of whose rows are gone, become few large ones. */
        BIN_PACK,
        /** The same, and files any of whose rows are gone: the table rests, they will stay clean. */
        CLEAN,
        /** All files are written anew, in the table's order if it has one. */
        REWRITE,
        /** All files become one run in the table's order. */
        SORT,
        /** All files are laid out so that values of several columns lie together. */
        Z_ORDER,
        /** The delete files of each data file become one; data files stay. */
        MERGE_DELETES,
        /** Delete files of data files that the table holds no more are taken out; nothing is written. */
        DROP_DELETES
    }

    /** Bytes that each scan from now on is spared. */
    public long gain() {
        return before.total() - after.total() + ordering;
    }

    /** {@link #gain} for each byte rewritten. */
    public double perByte() {
        return (double) gain() / Math.max(1, bytes);
    }
}
