package io.firn.table;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.util.SnapshotUtil;

import io.firn.table.Ledger.Change;
import io.firn.table.LedgerStore.Written;

/**
 * Sets main, ledgers and positions together. Each time an empty snapshot goes on top: a run that is about to publish forked from
 * the old head and can then no longer fast-forward main to its branch.
 */
final class Rollback {
    private static final int TRIES = 20;
    private static final String NONE = "";

    private final LakeTable lake;
    private final Table table;

    Rollback(LakeTable lake) {
        this.lake = lake;
        this.table = lake.table();
    }

    long to(long snapshot) {
        return retried(() -> {
            Snapshot target = table.snapshot(snapshot);
            if (target == null) {
                throw new TableException("Table " + lake.name() + " has no snapshot " + snapshot
                        + ": it expired or never was. firn status and the table's history name those that are left.");
            }
            Snapshot head = table.currentSnapshot();
            if (head == null || !SnapshotUtil.isAncestorOf(table, head.snapshotId(), snapshot)) {
                throw new TableException("Snapshot " + snapshot + " of table " + lake.name()
                        + " is not in its main history, so going there is not going back."
                        + " Choose one of the ancestors of the current snapshot.");
            }
            Map<String, StatePointer> states = new TreeMap<>();
            for (String property : lake.stateProperties()) {
                states.put(property, asOf(target, property));
            }
            return commit(snapshot, states);
        });
    }

    PositionSet setPosition(String pipeline, UnaryOperator<TopicState> next) {
        String attempt = BranchName.attempt();
        String property = StatePointer.positionProperty(pipeline);
        return retried(() -> {
            if (!(lake.state(property) instanceof PositionPointer held)) {
                throw new TableException("Table " + lake.name() + " has no position of pipeline " + pipeline
                        + " that could be set: its next run takes all that the topics hold.");
            }
            TopicState after = next.apply(held.state());
            PositionPointer pointer =
                    new PositionPointer(after, table.uuid().toString(), "set-" + attempt, attempt, null, null, null);
            return new PositionSet(held.state(), after, commit(lake.snapshot(), Map.of(property, pointer)));
        });
    }

    Ledger rebuild(String pipeline, Map<LocalDate, List<SourceFile>> days, Map<String, Long> rowsByFile, Long counted) {
        Map<LocalDate, List<SourceFile>> held = new HashMap<>();
        days.forEach((date, files) -> {
            List<SourceFile> loaded = files.stream()
                    .filter(file -> rowsByFile.containsKey(file.path()))
                    .map(file -> file.withRows(rowsByFile.get(file.path())))
                    .toList();
            if (!loaded.isEmpty()) {
                held.put(date, loaded);
            }
        });
        int known = held.values().stream().mapToInt(List::size).sum();
        if (known < rowsByFile.size()) {
            LakeTable.LOG.warn(
                    "firn table {}: {} files have rows in the table and are no longer in the source;"
                            + " the rebuilt ledger does not hold them",
                    lake.name(),
                    rowsByFile.size() - known);
        }
        Written index = Ledger.load(lake.ledgers(), lake.name(), pipeline, null).write(new Change(held, false, null));
        String attempt = BranchName.attempt();
        long unused = retried(() -> {
            if (!Objects.equals(lake.snapshot(), counted)) {
                throw new TableException(
                        "Table " + lake.name() + " changed while its rows were counted. Its ledger was left"
                                + " as it was; run again when nothing else writes to it.");
            }
            LedgerPointer pointer = new LedgerPointer(
                    index.address(), index.sha256(), table.uuid().toString(), "rebuilt", attempt, null, null);
            return commit(counted, Map.of(StatePointer.ledgerProperty(pipeline), pointer));
        });
        return lake.ledger(pipeline);
    }

    /** What a property held when {@code target} was the head; null: nothing. */
    private StatePointer asOf(Snapshot target, String property) {
        PastSnapshots past = new PastSnapshots(table);
        Snapshot at = target;
        while (at != null) {
            String json = at.summary().get(property);
            if (NONE.equals(json)) {
                return null;
            }
            if (json != null) {
                StatePointer pointer = StatePointer.parse(property, json);
                pointer = pointer.snapshot() == null ? pointer.at(at) : pointer;
                if (table.snapshot(at.snapshotId()) == null && !isWhole(property, pointer)) {
                    break;
                }
                return pointer;
            }
            if (at.parentId() == null) {
                return null;
            }
            Snapshot parent = table.snapshot(at.parentId());
            StatePointer now = lake.state(property);
            if (parent == null && now.sequence() < at.sequenceNumber()) {
                return now;
            }
            at = parent == null ? past.find(at.parentId()) : parent;
        }
        StatePointer lost = lake.state(property);
        throw new TableException("Table " + lake.name() + " cannot go back to snapshot " + target.snapshotId()
                + " together with the " + lost.what() + " of pipeline " + StatePointer.pipeline(property)
                + ": the snapshots that say what was loaded by then have expired. Choose a later snapshot; or set main"
                + " with Iceberg's own rollback (rollback_to_snapshot), and then "
                + (lost instanceof LedgerPointer
                        ? "rebuild the ledger (firn verify " + lake.name() + " --rebuild-ledger PIPELINE.yaml)."
                        : "let the position follow (firn rewind PIPELINE.yaml --table " + lake.name()
                                + " --to TIME), to a time before the last load that is to stay: what is read again is"
                                + " merged again, and in a table that only takes appends it becomes rows again."));
    }

    /** Upkeep deletes ledgers that no snapshot names any more. */
    private boolean isWhole(String property, StatePointer pointer) {
        if (pointer instanceof LedgerPointer ledger) {
            try {
                Ledger then = Ledger.load(lake.ledgers(), lake.name(), StatePointer.pipeline(property), ledger);
                then.days().forEach(then::day);
            } catch (LedgerLost e) {
                return false;
            }
        }
        return true;
    }

    private long commit(Long main, Map<String, StatePointer> states) {
        Transaction transaction = table.newTransaction();
        if (main != null) {
            // Reference updates are never re-applied to a table that changed meanwhile: all of this, or nothing.
            transaction
                    .manageSnapshots()
                    .replaceBranch(SnapshotRef.MAIN_BRANCH, main)
                    .commit();
        }
        AppendFiles mark = transaction.newFastAppend();
        states.forEach((property, state) -> mark.set(property, state == null ? NONE : state.json()));
        mark.set("firn.main-set-to", String.valueOf(main));
        mark.commit();
        Snapshot top = transaction.table().currentSnapshot();
        UpdateProperties properties = transaction.updateProperties();
        states.forEach((property, state) -> {
            if (state == null) {
                properties.remove(property);
            } else {
                StatePointer whole = state.snapshot() == null ? state.at(top) : state;
                properties.set(property, whole.json());
            }
        });
        properties.commit();
        transaction.commitTransaction();
        return top.snapshotId();
    }

    private <T> T retried(Supplier<T> commit) {
        CommitFailedException last = null;
        for (int tries = 0; tries < TRIES; tries++) {
            table.refresh();
            try {
                return commit.get();
            } catch (CommitFailedException e) {
                last = e;
                Backoff.pause(tries);
            }
        }
        throw new RetriesExhausted(
                "Table " + lake.name() + " could not be set: others kept committing to it. Nothing was changed;"
                        + " run again when they are done.",
                last);
    }
}
