package io.firn.table;

import java.time.Duration;
import java.util.List;
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
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.expressions.Expressions;

import io.firn.table.LedgerStore.Written;

/** One try of a publication: fork from the head, write to the fork, check it, make it the head. Used once. */
final class PublishAttempt {
    /** How long Iceberg's expiry leaves the branch of a crashed run alone. */
    private static final long BRANCH_AGE_MILLIS = Duration.ofDays(1).toMillis();

    private static final int PUBLISH_TRIES = 10;
    private static final int LOOKS = 5;

    private final LakeTable lake;
    private final Table table;
    private final String pipeline;
    private final String run;
    private final String commit;
    private final RowRemoval removal;
    private final String attempt = BranchName.attempt();
    private final String branch;
    private boolean unknown;

    PublishAttempt(LakeTable lake, String pipeline, String run, String commit, RowRemoval removal) {
        this.lake = lake;
        this.table = lake.table();
        this.pipeline = pipeline;
        this.run = run;
        this.commit = commit;
        this.removal = removal;
        this.branch = BranchName.of(commit, attempt);
    }

    /** The try came to nothing and may be made again. */
    static final class Lost extends Exception {
        private final boolean unknown;

        Lost(String why, boolean unknown, Exception cause) {
            super(why, cause);
            this.unknown = unknown;
        }

        /** Whether the catalog never said what became of a commit to main. */
        boolean unknown() {
            return unknown;
        }
    }

    Snapshot publish(Load load, List<StagedFile> staged, Snapshot head, Ledger ledger) throws Lost {
        try {
            stop("branch");
            // Branch and rows are one commit where nothing has to go first: half the chances to meet a rival.
            Transaction transaction = table.newTransaction();
            fork(transaction, head);
            Set<String> replaced = load.replaced(ledger);
            if (!replaced.isEmpty()) {
                transaction.commitTransaction();
                stop("remove replaced rows");
                removal.deleteRowsOf(replaced, lake.name().branch(branch));
                table.refresh();
                transaction = table.newTransaction();
            }
            stop("write");
            Written index = ledger.write(load.change(ledger));
            LedgerPointer pointer = new LedgerPointer(
                    index.address(), index.sha256(), table.uuid().toString(), commit, attempt, null, null);
            write(transaction, load, staged, pointer);
            transaction.commitTransaction();
            stop("audit");
            Snapshot written = audit(head, load, staged);
            stop("publish");
            toMain(head, ledger, pointer.at(written.snapshotId(), written.sequenceNumber()));
            return written;
        } catch (Lost e) {
            BranchName.drop(table, branch);
            throw e;
        } catch (CommitFailedException | CommitStateUnknownException e) {
            // Only the branch is in question here, and main never saw it.
            BranchName.drop(table, branch);
            throw new Lost("the table changed: " + e.getMessage(), unknown, e);
        } catch (RuntimeException e) {
            if (!unknown) {
                BranchName.drop(table, branch);
            }
            throw e;
        }
    }

    private void fork(Transaction transaction, Snapshot head) {
        transaction
                .manageSnapshots()
                .createBranch(branch, head.snapshotId())
                .setMaxRefAgeMs(branch, BRANCH_AGE_MILLIS)
                .commit();
    }

    private void write(Transaction transaction, Load load, List<StagedFile> staged, LedgerPointer pointer) {
        if (load.emptiesTable()) {
            OverwriteFiles overwrite = transaction.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue());
            staged.forEach(file -> overwrite.addFile(file.file()));
            commit(overwrite, pointer);
        } else {
            AppendFiles append = transaction.newAppend();
            staged.forEach(file -> append.appendFile(file.file()));
            commit(append, pointer);
        }
    }

    private void commit(SnapshotUpdate<?> update, LedgerPointer pointer) {
        update.set(Publication.COMMIT, commit);
        update.set(Publication.ATTEMPT, attempt);
        update.set(Publication.RUN, run);
        update.set(LedgerPointer.PREFIX + pipeline, pointer.json());
        update.toBranch(branch);
        update.commit();
    }

    /** What is on the branch is what was staged, on top of the head that the ledger was read at. */
    private Snapshot audit(Snapshot head, Load load, List<StagedFile> staged) throws Lost {
        table.refresh();
        Snapshot written = table.snapshot(branch);
        if (written == null) {
            throw new Lost("somebody dropped the branch", false, null);
        }
        long rows = staged.stream().mapToLong(StagedFile::rows).sum();
        long added = Long.parseLong(written.summary().getOrDefault("added-records", "0"));
        Snapshot below = written.parentId() == null ? null : table.snapshot(written.parentId());
        boolean onHead = below != null && (isAt(head, below.snapshotId()) || isAt(head, below.parentId()));
        if (added != rows || !onHead || !attempt.equals(written.summary().get(Publication.ATTEMPT))) {
            throw new TableException(
                    "Table " + lake.name() + ": the branch holds " + added + " added rows where " + rows
                            + " were staged, or lies on another snapshot than it was made from. Nothing was published."
                            + " Something else writes to firn_* branches; stop it and run again.");
        }
        if (load.emptiesTable() && Long.parseLong(written.summary().getOrDefault("total-records", "" + rows)) != rows) {
            throw new TableException("Table " + lake.name() + " would hold more than the " + rows
                    + " rows of this load. Nothing was published; run again.");
        }
        return written;
    }

    private static boolean isAt(Snapshot snapshot, Long id) {
        return id != null && id == snapshot.snapshotId();
    }

    private void toMain(Snapshot head, Ledger ledger, LedgerPointer pointer) throws Lost {
        for (int tries = 0; tries < PUBLISH_TRIES; tries++) {
            RuntimeException failure = fastForward(pointer);
            if (failure == null || isIn(failure)) {
                return;
            }
            if (!(failure instanceof CommitFailedException || failure instanceof CommitStateUnknownException)
                    && headIs(head, ledger)) {
                throw failure;
            }
            if (!headIs(head, ledger)) {
                throw new Lost("main moved", unknown, failure);
            }
            Backoff.pause(tries);
        }
        throw new Lost("the table's metadata kept changing", unknown, null);
    }

    /** The one step that readers and rivals see: main, branch and ledger change together, or not at all. */
    private RuntimeException fastForward(LedgerPointer pointer) {
        Transaction transaction = table.newTransaction();
        try {
            transaction
                    .manageSnapshots()
                    .fastForwardBranch(SnapshotRef.MAIN_BRANCH, branch)
                    .commit();
            transaction.manageSnapshots().removeBranch(branch).commit();
            transaction
                    .updateProperties()
                    .set(LedgerPointer.PREFIX + pipeline, pointer.json())
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
        // The commit may still be on its way. Any other commit makes it fail when it arrives.
        table.updateProperties().set("firn.fence", attempt).commit();
        table.refresh();
        return History.holds(table, attempt);
    }

    private boolean headIs(Snapshot head, Ledger ledger) {
        Snapshot now = table.currentSnapshot();
        LedgerPointer pointer = lake.pointer(pipeline);
        return now != null
                && now.snapshotId() == head.snapshotId()
                && Objects.equals(pointer, ledger.pointer())
                && table.refs().containsKey(branch);
    }

    private void stop(String name) {
        Publication.LOG.info("firn publish {}: {} {}", lake.name(), name, attempt);
    }
}
