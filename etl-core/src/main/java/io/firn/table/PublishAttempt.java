package io.firn.table;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.spark.sql.AnalysisException;

import io.firn.table.Write.ReplaceAll;

/** One try of a publication: fork from the head, write to the fork, check it, make it the head. Used once. */
final class PublishAttempt {
    /** How long Iceberg's expiry leaves the branch of a crashed run alone. */
    private static final long BRANCH_AGE_MILLIS = Duration.ofDays(1).toMillis();

    /** A try removes replaced rows, removes rows below a floor, and writes. */
    private static final int MOST_COMMITS = 3;

    private static final int PUBLISH_TRIES = 10;
    private static final int LOOKS = 5;

    private final LakeTable lake;
    private final Table table;
    private final String run;
    private final String commit;
    private final RowRemoval removal;
    private final Advance advance;
    private final Write write;
    private final String attempt = BranchName.attempt();
    private final String branch;
    private boolean unknown;
    private MergePlan.Merged merged;

    PublishAttempt(LakeTable lake, String run, String commit, RowRemoval removal, Advance advance, Write write) {
        this.lake = lake;
        this.table = lake.table();
        this.run = run;
        this.commit = commit;
        this.removal = removal;
        this.advance = advance;
        this.write = write;
        this.branch = BranchName.of(commit, attempt);
    }

    /** The try came to nothing and may be made again. */
    static final class Lost extends Exception {
        private final boolean unknown;

        Lost(String why, boolean unknown, Exception cause) {
            super(why, cause);
            this.unknown = unknown;
        }

        /** Whether the catalog never said what became of a commit that names what was staged. */
        boolean unknown() {
            return unknown;
        }
    }

    /** What is staged was made for another state of the table's rows than the one it met. */
    static final class Unplanned extends Exception {
        Unplanned(String why) {
            super(why);
        }
    }

    /** What a merge did, once published; null for other writes. */
    MergePlan.Merged merged() {
        return merged;
    }

    Snapshot publish(Snapshot head) throws Lost, Unplanned {
        try {
            stop("branch");
            // Branch and rows are one commit where nothing has to go first: half the chances to meet a rival.
            Transaction transaction = table.newTransaction();
            fork(transaction, head);
            Set<String> replaced = advance.replaced();
            if (!replaced.isEmpty()) {
                transaction.commitTransaction();
                stop("remove replaced rows");
                removal.deleteRowsOf(replaced, lake.name().branch(branch));
                table.refresh();
                transaction = table.newTransaction();
            }
            stop("write");
            StatePointer pointer = advance.after(commit, attempt);
            Map<String, String> summary = Map.of(
                    Publication.COMMIT,
                    commit,
                    Publication.ATTEMPT,
                    attempt,
                    Publication.RUN,
                    run,
                    advance.property(),
                    pointer.json());
            Snapshot written = write instanceof Merge merge
                    ? merge(merge, transaction, summary, head)
                    : files(transaction, summary, head);
            stop("publish");
            toMain(head, written, pointer.at(written));
            return written;
        } catch (Lost | Unplanned e) {
            BranchName.drop(table, branch);
            throw e;
        } catch (Exception e) {
            // Only the branch is in question here, and main never saw it.
            if (isRivalry(e, head)) {
                BranchName.drop(table, branch);
                throw new Lost("the table changed: " + e.getMessage(), unknown || Unanswered.is(e), e);
            }
            if (!unknown) {
                BranchName.drop(table, branch);
            }
            throw Causes.unchecked(e);
        }
    }

    /** Whether a failure may come from what others did: a merge fails in many ways when its files or branch go. */
    private boolean isRivalry(Exception failure, Snapshot head) {
        if (Causes.has(failure, CommitFailedException.class) || Unanswered.is(failure)) {
            return true;
        }
        table.refresh();
        return write instanceof Merge && !headIs(head);
    }

    private void fork(Transaction transaction, Snapshot head) {
        transaction
                .manageSnapshots()
                .createBranch(branch, head.snapshotId())
                .setMaxRefAgeMs(branch, BRANCH_AGE_MILLIS)
                .commit();
    }

    private Snapshot merge(Merge merge, Transaction transaction, Map<String, String> summary, Snapshot head)
            throws Lost, Unplanned {
        transaction.commitTransaction();
        try (MergeSessions.Lease lease = merge.sessions().take()) {
            MergeRun run = new MergeRun(lake, merge, branch, lease.session());
            try {
                run.write(summary);
                stop("audit");
                Snapshot written = onBranch(head);
                merged = run.audit();
                return written;
            } catch (Exception e) {
                // Iceberg says so to whatever keeps it from reading a table by its branch: a lock, a throttled call.
                if (e instanceof AnalysisException no && "TABLE_OR_VIEW_NOT_FOUND".equals(no.getCondition())) {
                    throw new Lost("Spark cannot read the branch: " + run.whyUnreadable(), false, e);
                }
                throw e;
            }
        }
    }

    private Snapshot files(Transaction transaction, Map<String, String> summary, Snapshot head) throws Lost {
        if (write instanceof ReplaceAll) {
            OverwriteFiles overwrite = transaction.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue());
            Publication.files(write).forEach(file -> overwrite.addFile(file.file()));
            commit(overwrite, summary);
        } else {
            AppendFiles append = transaction.newAppend();
            Publication.files(write).forEach(file -> append.appendFile(file.file()));
            commit(append, summary);
        }
        transaction.commitTransaction();
        stop("audit");
        return audit(head);
    }

    private void commit(SnapshotUpdate<?> update, Map<String, String> summary) {
        summary.forEach(update::set);
        update.toBranch(branch);
        update.commit();
    }

    /** What this try wrote, on top of the head that the state was read at. */
    private Snapshot onBranch(Snapshot head) throws Lost {
        table.refresh();
        Snapshot written = table.snapshot(branch);
        if (written == null) {
            throw new Lost("somebody dropped the branch", false, null);
        }
        if (!liesOn(head, written) || !attempt.equals(written.summary().get(Publication.ATTEMPT))) {
            throw new TableException(
                    "Table " + lake.name()
                            + ": the branch lies on another snapshot than it was made from, or holds what this run did not"
                            + " write. Nothing was published. Something else writes to firn_* branches; stop it and run again.");
        }
        return written;
    }

    /** What is on the branch is what was staged. */
    private Snapshot audit(Snapshot head) throws Lost {
        Snapshot written = onBranch(head);
        long rows =
                Publication.files(write).stream().mapToLong(StagedFile::rows).sum();
        long added = Long.parseLong(written.summary().getOrDefault("added-records", "0"));
        if (added != rows) {
            throw new TableException(
                    "Table " + lake.name() + ": the branch holds " + added + " added rows where " + rows
                            + " were staged. Nothing was published. Something else writes to firn_* branches; stop it and run"
                            + " again.");
        }
        if (write instanceof ReplaceAll
                && Long.parseLong(written.summary().getOrDefault("total-records", "" + rows)) != rows) {
            throw new TableException("Table " + lake.name() + " would hold more than the " + rows
                    + " rows of this load. Nothing was published; run again.");
        }
        return written;
    }

    private boolean liesOn(Snapshot head, Snapshot written) throws Lost {
        Snapshot at = written;
        for (int commits = 0; commits < MOST_COMMITS && at.parentId() != null; commits++) {
            if (at.parentId() == head.snapshotId()) {
                return true;
            }
            at = table.snapshot(at.parentId());
            if (at == null) {
                // Expiry took what lies between; nothing of it shows whether a rival was there.
                throw new Lost("the history of the branch has expired", false, null);
            }
        }
        return false;
    }

    private void toMain(Snapshot head, Snapshot written, StatePointer pointer) throws Lost {
        for (int tries = 0; tries < PUBLISH_TRIES; tries++) {
            RuntimeException failure = fastForward(written, pointer);
            if (failure == null || isIn(failure)) {
                return;
            }
            if (!(failure instanceof CommitFailedException || Unanswered.is(failure)) && headIs(head)) {
                throw failure;
            }
            if (!headIs(head)) {
                throw new Lost("main moved", unknown, failure);
            }
            Backoff.pause(tries);
        }
        throw new Lost("the table's metadata kept changing", unknown, null);
    }

    /** The one step that readers and rivals see: main, branch, tag and ledger change together, or not at all. */
    private RuntimeException fastForward(Snapshot written, StatePointer pointer) {
        Transaction transaction = table.newTransaction();
        try {
            transaction
                    .manageSnapshots()
                    .fastForwardBranch(SnapshotRef.MAIN_BRANCH, branch)
                    .commit();
            transaction.manageSnapshots().removeBranch(branch).commit();
            if (advance.day() != null) {
                DayTag.set(transaction.manageSnapshots(), table, advance.day(), written.snapshotId());
            }
            transaction
                    .updateProperties()
                    .set(advance.property(), pointer.json())
                    .commit();
        } catch (RuntimeException e) {
            return new CommitFailedException(e, "main cannot be fast-forwarded: %s", e.getMessage());
        }
        try {
            transaction.commitTransaction();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** Whether a publish that reported {@code failure} got in all the same. */
    private boolean isIn(RuntimeException failure) {
        if (failure instanceof CommitFailedException) {
            table.refresh();
            return History.holds(table, attempt);
        }
        unknown = true;
        for (int look = 0; look < LOOKS; look++) {
            table.refresh();
            if (History.holds(table, attempt)) {
                return true;
            }
            Backoff.pause(look);
        }
        fence();
        return History.holds(table, attempt);
    }

    /**
     * A commit may still be on its way. Any other commit makes it fail when it arrives; a REST catalog, which looks only
     * at what a commit asserts, refuses it once main has moved.
     */
    private void fence() {
        for (int tries = 0; ; tries++) {
            try {
                table.updateProperties().set("firn.fence", attempt).commit();
                table.refresh();
                return;
            } catch (RuntimeException e) {
                if (tries == LOOKS || !Unanswered.is(e)) {
                    throw e;
                }
                Backoff.pause(tries);
                table.refresh();
            }
        }
    }

    private boolean headIs(Snapshot head) {
        Snapshot now = table.currentSnapshot();
        StatePointer pointer = lake.state(advance.property());
        return now != null
                && now.snapshotId() == head.snapshotId()
                && Objects.equals(pointer, advance.before())
                && table.refs().containsKey(branch);
    }

    private void stop(String name) {
        Publication.LOG.info("firn publish {}: {} {}", lake.name(), name, attempt);
    }
}
