package io.firn.table;

/** How a publication ended without failing. */
public sealed interface Outcome {

    /**
     * The load is in the table.
     *
     * @param rows staged rows
     * @param merged what a merge did; null for other writes
     */
    record Published(long snapshot, long rows, int files, long bytes, MergePlan.Merged merged) implements Outcome {}

    /** An equal load was in already, or came in first; this one added nothing. */
    record AlreadyDone(String commit) implements Outcome {}

    /** Another run loaded a part of this, or replaced what it was planned on; nothing was added: plan again. */
    record Conflict(String reason) implements Outcome {}
}
