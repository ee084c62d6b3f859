package io.firn.table;

import java.util.List;
import java.util.Set;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.table.Outcome.AlreadyDone;
import io.firn.table.Outcome.Conflict;
import io.firn.table.Outcome.Published;

/**
 * Brings a pipeline's staged files into a table, together with the ledger that says so, exactly once: whoever else
 * commits, and whenever a process dies. Readers of main see all of a load or nothing.
 */
public final class Publication {
    static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    static final String COMMIT = "firn.commit-id";
    static final String ATTEMPT = "firn.attempt";
    static final String RUN = "firn.run-id";
    private static final int MOST_TRIES = 30;

    private final LakeTable lake;
    private final String pipeline;
    private final String run;
    private final RowRemoval removal;
    private final int mostTries;

    /**
     * @param run the run's id, for the snapshot's summary
     * @param removal deletes the rows of files that are replaced
     */
    public Publication(LakeTable lake, String pipeline, String run, RowRemoval removal) {
        this(lake, pipeline, run, removal, MOST_TRIES);
    }

    Publication(LakeTable lake, String pipeline, String run, RowRemoval removal, int mostTries) {
        this.lake = lake;
        this.pipeline = pipeline;
        this.run = run;
        this.removal = removal;
        this.mostTries = mostTries;
    }

    /**
     * Publishes a load; zero rows too, for its ledger entry. What an outcome other than {@link Published}
     * leaves unused of the staged files is deleted.
     * Throws {@link RollbackDetected}, {@link RetriesExhausted}, or another {@link TableException}; main then is as it
     * was, or, if the catalog's last answer was lost, holds all of the load, which a rerun sees.
     */
    public Outcome publish(Load load, List<StagedFile> staged) {
        Table table = lake.table();
        String commit = LedgerStore.sha256(table.uuid() + "\n" + pipeline + "\n" + load.identity());
        PublishAttempt.Lost lost = null;
        boolean everUnknown = false;
        for (int tries = 0; tries < mostTries; tries++) {
            table.refresh();
            ensureSnapshot(table);
            // Head and ledger of one and the same state: a ledger older than the head would lose a rival's entry.
            Snapshot head = table.currentSnapshot();
            Ledger now = lake.ledger(pipeline);
            boolean last = now.commit().filter(commit::equals).isPresent();
            Load.Standing standing = last ? Load.Standing.ALL : load.standing(now);
            if (standing != Load.Standing.NOTHING) {
                return notNeeded(standing, commit, staged, everUnknown);
            }
            refuseToRemoveRowsOfOthers(load, now, staged, everUnknown);
            try {
                Snapshot in = new PublishAttempt(lake, pipeline, run, commit, removal).publish(load, staged, head, now);
                LOG.info("firn publish {}: published snapshot {}", lake.name(), in.snapshotId());
                return new Published(
                        in.snapshotId(),
                        staged.stream().mapToLong(StagedFile::rows).sum(),
                        staged.size(),
                        staged.stream().mapToLong(StagedFile::bytes).sum());
            } catch (PublishAttempt.Lost e) {
                lost = e;
                everUnknown |= e.unknown();
                LOG.info("firn publish {}: once more, {}", lake.name(), e.getMessage());
                Backoff.pause(tries);
            }
        }
        discard(staged, everUnknown);
        throw new RetriesExhausted(
                "Table " + lake.name() + " took no commit of pipeline " + pipeline + " in " + mostTries
                        + " tries: others kept committing to it. Nothing was added; run again when they are done.",
                lost);
    }

    /** Asked in each try: who commits between this and the publish makes the try come to nothing. */
    private void refuseToRemoveRowsOfOthers(Load load, Ledger now, List<StagedFile> staged, boolean everUnknown) {
        Set<String> replaced = load.replaced(now);
        if (load.sparesOtherPipelines() || (!load.emptiesTable() && replaced.isEmpty())) {
            return;
        }
        for (String other : lake.pipelines()) {
            if (other.equals(pipeline)) {
                continue;
            }
            Ledger ledger = lake.ledger(other);
            boolean loses = load.emptiesTable() ? ledger.totals().files() > 0 : ledger.holdsAnyOf(replaced);
            if (loses) {
                discard(staged, everUnknown);
                throw new TableException("Table " + lake.name() + " holds rows of pipeline " + other
                        + ", and this load of "
                        + pipeline
                        + " would remove them. Nothing was published. Give each of the two a table of its own;"
                        + " or, if " + other + " is no more, unset the table's property " + LedgerPointer.PREFIX + other
                        + ".");
            }
        }
    }

    private Outcome notNeeded(Load.Standing standing, String commit, List<StagedFile> staged, boolean everUnknown) {
        discard(staged, everUnknown);
        if (standing == Load.Standing.ALL) {
            LOG.info("firn publish {}: already done", lake.name());
            return new AlreadyDone(commit);
        }
        LOG.info("firn publish {}: overtaken", lake.name());
        return new Conflict("Another run loaded a part of the same files into " + lake.name()
                + ", or other versions of them, while this one was reading");
    }

    /** A late answer may still bring in a try whose outcome was unknown: then the files stay. */
    private void discard(List<StagedFile> staged, boolean everUnknown) {
        if (!everUnknown) {
            staged.forEach(file -> Discard.file(lake.table(), file.path()));
        }
    }

    /** A branch needs a snapshot to start from, and fast-forward would create a missing main. */
    private static void ensureSnapshot(Table table) {
        if (table.currentSnapshot() == null) {
            try {
                table.newFastAppend().commit();
            } catch (RuntimeException e) {
                table.refresh();
                if (table.currentSnapshot() == null) {
                    throw e;
                }
            }
        }
    }
}
