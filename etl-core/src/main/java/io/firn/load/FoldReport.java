package io.firn.load;

import java.io.Serializable;
import java.util.BitSet;
import java.util.List;

import io.firn.table.StagedFile;

/**
 * What the changes of one task came to.
 *
 * @param task the task's number
 * @param changes that came in
 * @param rows that went out
 * @param filtered rows that a filter left out; where rows are merged they go out as deletes instead
 * @param refused rows in {@code quarantine}
 * @param first the least position of the rows, as text; null: there are none
 * @param unavailable the table's columns that some row does not know
 * @param moved rows that go on under another key, at most {@link MovedRow#MOST}
 * @param forgotten how many more of them there were
 * @param lacking rows that went out without values which they had under another key
 * @param files data files of the table, where rows do not wait to be merged
 */
record FoldReport(
        int task,
        long changes,
        long rows,
        long filtered,
        long refused,
        List<StagedFile> quarantine,
        String first,
        BitSet unavailable,
        List<MovedRow> moved,
        long forgotten,
        long lacking,
        List<StagedFile> files)
        implements Serializable {}
