package io.firn.table;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.table.Outcome.AlreadyDone;
import io.firn.table.Outcome.Conflict;
import io.firn.table.Outcome.Published;
import io.firn.table.Write.AddFiles;
import io.firn.table.Write.ReplaceAll;

/**
 * Brings a pipeline's staged data into a table, together with the ledger or position that says so, exactly once: whoever else
 * commits, and whenever a process dies. Readers of main see all of a load or nothing.
 */
public final class Publication {
    static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    static final String COMMIT = "firn.commit-id";
    static final String ATTEMPT = "firn.attempt";
    static final String RUN = "firn.run-id";
    private static final int MOST_TRIES = 30;
    private static final int SNAPSHOT_TRIES = 10;

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
        return publish(load, load.emptiesTable() ? new ReplaceAll(staged) : new AddFiles(staged));
    }

    /** As {@link #publish(Load, List)}, for data that meets the table's rows otherwise. */
    public Outcome publish(Load load, Write write) {
        if (load.emptiesTable() != write instanceof ReplaceAll) {
            throw new IllegalArgumentException("the load and its write do not agree on emptying the table");
        }
        return publish(load.identity(), () -> new LedgerAdvance(lake, pipeline, load), write);
    }

    /**
     * Publishes a batch of topics, or without any data a change of their state alone. {@link Outcome.AlreadyDone}: the
     * position had passed the batch in every partition; {@link Outcome.Conflict}: it moved otherwise, plan again.
     * Throws as {@link #publish(Load, List)} does.
     */
    public Outcome publish(TopicLoad load, Write write) {
        String identity = LedgerStore.json(load.next());
        return publish(identity, () -> new PositionAdvance(lake, pipeline, load), write);
    }

    private Outcome publish(String identity, Supplier<Advance> reading, Write write) {
        Table table = lake.table();
        String commit = LedgerStore.sha256(table.uuid() + "\n" + pipeline + "\n" + identity);
        List<StagedFile> staged = files(write);
        PublishAttempt.Lost lost = null;
        boolean everUnknown = false;
        for (int tries = 0; tries < mostTries; tries++) {
            table.refresh();
            ensureSnapshot(table);
            // Head and state of one and the same table: a ledger older than the head would lose a rival's entry.
            Snapshot head = table.currentSnapshot();
            Advance advance = reading.get();
            StatePointer before = advance.before();
            boolean last = before != null && before.commit().equals(commit);
            Load.Standing standing = last ? Load.Standing.ALL : advance.standing();
            if (standing != Load.Standing.NOTHING) {
                return notNeeded(standing, commit, staged, everUnknown);
            }
            refuseToRemoveRowsOfOthers(advance, write, staged, everUnknown);
            try {
                PublishAttempt attempt = new PublishAttempt(lake, run, commit, removal, advance, write);
                Snapshot in = attempt.publish(head);
                LOG.info("firn publish {}: published snapshot {}", lake.name(), in.snapshotId());
                return new Published(
                        in.snapshotId(),
                        write instanceof Merge merge
                                ? merge.changes().rows()
                                : staged.stream().mapToLong(StagedFile::rows).sum(),
                        staged.size(),
                        staged.stream().mapToLong(StagedFile::bytes).sum(),
                        attempt.merged());
            } catch (PublishAttempt.Unplanned e) {
                return new Conflict(e.getMessage());
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
                        + " tries: others kept committing to it. Nothing was added; run again when they are done. The last"
                        + " try: " + lost.getMessage(),
                lost);
    }

    /** Asked in each try: who commits between this and the publish makes the try come to nothing. */
    private void refuseToRemoveRowsOfOthers(
            Advance advance, Write write, List<StagedFile> staged, boolean everUnknown) {
        Set<String> replaced = advance.replaced();
        boolean emptiesTable = write instanceof ReplaceAll;
        if (!advance.mayTakeRowsOfOthers() || (!emptiesTable && replaced.isEmpty())) {
            return;
        }
        for (String property : lake.stateProperties()) {
            String other = StatePointer.pipeline(property);
            if (!other.equals(pipeline) && loses(property, emptiesTable, replaced)) {
                discard(staged, everUnknown);
                throw new TableException("Table " + lake.name() + " holds rows of pipeline " + other
                        + ", and this load of "
                        + pipeline
                        + " would remove them. Nothing was published. Give each of the two a table of its own;"
                        + " or, if " + other + " is no more, unset the table's property " + property + ".");
            }
        }
    }

    private boolean loses(String property, boolean emptiesTable, Set<String> replaced) {
        if (lake.state(property) instanceof PositionPointer) {
            return emptiesTable;
        }
        Ledger ledger = lake.ledger(StatePointer.pipeline(property));
        return emptiesTable ? ledger.totals().files() > 0 : ledger.holdsAnyOf(replaced);
    }

    /** The data files that a write brings. */
    static List<StagedFile> files(Write write) {
        if (write instanceof AddFiles add) {
            return add.files();
        }
        return write instanceof ReplaceAll replace ? replace.files() : List.of();
    }

    private Outcome notNeeded(Load.Standing standing, String commit, List<StagedFile> staged, boolean everUnknown) {
        discard(staged, everUnknown);
        if (standing == Load.Standing.ALL) {
            LOG.info("firn publish {}: already done", lake.name());
            return new AlreadyDone(commit);
        }
        LOG.info("firn publish {}: overtaken", lake.name());
        return new Conflict("Another run loaded a part of the same into " + lake.name()
                + ", or other versions of it, while this one was reading");
    }

    /** A late answer may still bring in a try whose outcome was unknown: then the files stay. */
    private void discard(List<StagedFile> staged, boolean everUnknown) {
        if (!everUnknown) {
            staged.forEach(file -> Discard.file(lake.table(), file.path()));
        }
    }

    /** A branch needs a snapshot to start from, and fast-forward would create a missing main. */
    private static void ensureSnapshot(Table table) {
        for (int tries = 0; table.currentSnapshot() == null; tries++) {
            try {
                table.newFastAppend().commit();
            } catch (RuntimeException e) {
                table.refresh();
                boolean again = Unanswered.is(e) && tries < SNAPSHOT_TRIES;
                if (table.currentSnapshot() == null && !again) {
                    throw e;
                }
                Backoff.pause(tries);
            }
        }
    }
}
