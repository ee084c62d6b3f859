package io.firn.maintain;

import java.util.List;

/**
 * A data file as its manifest describes it.
 *
 * @param sequence in which commit its rows came, by Iceberg's data sequence number
 * @param rewritten whether compaction made it: its rows came earlier than itself
 * @param deleteFiles files and deletion vectors that a reader opens to know which of its rows are gone
 * @param deletedRows rows of it that are gone
 * @param deleteBytes what it has of those files
 * @param lastDelete the latest commit that took rows of it, by sequence number; 0: none did
 * @param bounds of the columns by which the table is ordered; empty: it is not, or they are not known
 */
record FileFacts(
        long bytes,
        long rows,
        long sequence,
        boolean rewritten,
        int deleteFiles,
        long deletedRows,
        long deleteBytes,
        long lastDelete,
        List<Bounds> bounds) {

    /** The least and the greatest value of a column. */
    record Bounds(Object lower, Object upper) {}

    double deletedShare() {
        return rows == 0 ? 0 : Math.min(1, (double) deletedRows / rows);
    }

    /** Bytes of rows that are not gone. */
    long liveBytes() {
        return Math.round(bytes * (1 - deletedShare()));
    }
}
