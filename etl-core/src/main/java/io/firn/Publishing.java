package io.firn;

import static io.firn.RunResult.TableOutcome.ALREADY_DONE;
import static io.firn.RunResult.TableOutcome.OVERTAKEN;
import static io.firn.RunResult.TableOutcome.PUBLISHED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.apache.spark.sql.SparkSession;

import io.firn.RunResult.TableOutcome;
import io.firn.load.Staged;
import io.firn.table.Append;
import io.firn.table.LakeTable;
import io.firn.table.Load;
import io.firn.table.MergeSessions;
import io.firn.table.Outcome;
import io.firn.table.Publication;
import io.firn.table.Requarantine;
import io.firn.table.RowRemoval;
import io.firn.table.SourceFile;
import io.firn.table.StagedFile;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableException;
import io.firn.table.TruncateLoad;

/**
 * Makes a staged day visible: the quarantine first, so that no row is ever missing from both, then every table on its
 * own.
 */
final class Publishing {
    private static final int THREADS = 8;

    private final LoadedPipeline pipeline;
    private final String name;
    private final SparkSession spark;
    private final String runId;
    private final DayPlan day;
    private final LakeTable quarantine;
    private final MergeSessions sessions;
    private final String quarantined;

    /** Made before anything is read: what others publish from here on is noticed. */
    Publishing(
            LoadedPipeline pipeline,
            SparkSession spark,
            MergeSessions sessions,
            String runId,
            DayPlan day,
            LakeTable quarantine) {
        this.pipeline = pipeline;
        this.name = pipeline.pipeline().pipeline();
        this.spark = spark;
        this.runId = runId;
        this.day = day;
        this.quarantine = quarantine;
        this.sessions = sessions;
        this.quarantined = quarantine.ledger(name).commit().orElse(null);
    }

    /** How a table's publication ended; {@code snapshot} and {@code error} may be null. */
    record Result(EventTable table, TableOutcome outcome, Long snapshot, RuntimeException error, double seconds) {}

    /** Publishes all that is good; false when another run was faster with a part of it, so that the day has to be planned again. */
    boolean all(List<EventTable> tables, Staged staged, RunReport report, RunListener listener) {
        Outcome refused = quarantine(staged);
        if (refused instanceof Outcome.Conflict) {
            discardTables(tables, staged);
            return false;
        }
        report.staged(day, staged);
        report.quarantined(staged, refused);
        if (isHeldBack(staged)) {
            discardTables(tables, staged);
            report.heldBack(staged, tables, day);
            return true;
        }
        List<Result> results = tables(tables, staged, listener);
        report.published(staged, results);
        return results.stream().noneMatch(result -> result.outcome() == OVERTAKEN);
    }

    /** Whether more was refused than may be. */
    boolean isHeldBack(Staged staged) {
        return pipeline.pipeline().defaults().maxQuarantined().exceededBy(staged.refusedLines(), staged.lines());
    }

    private Outcome quarantine(Staged staged) {
        List<SourceFile> files = day.toRead().stream()
                .map(file -> file.withRows(staged.file(file.path()).quarantined()))
                .toList();
        Load load = new Requarantine(day.date(), files, day.missing().keySet(), reading(), quarantined);
        RowRemoval removal = QuarantineTable.removal(spark, name, day, pipeline.events());
        return new Publication(quarantine, name, runId, removal).publish(load, staged.quarantine());
    }

    /** The rules of the YAML as they are used, and which events of which files were looked at. */
    private String reading() {
        return pipeline.pipeline().source() + "\n" + pipeline.events() + "\n" + new TreeMap<>(day.missing()) + "\n"
                + new TreeSet<>(day.held());
    }

    /** Publishes every table that wants files; results in the order of the events. */
    private List<Result> tables(List<EventTable> tables, Staged staged, RunListener listener) {
        List<Future<Result>> running = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int i = 0; i < tables.size(); i++) {
                EventTable table = tables.get(i);
                List<SourceFile> wanted = day.wanted().get(i);
                if (wanted.stream().anyMatch(file -> staged.file(file.path()).damage() == null)) {
                    running.add(threads.submit(() -> timed(table, wanted, staged)));
                }
            }
            List<Result> results = new ArrayList<>();
            for (Future<Result> result : running) {
                results.add(result.get());
                listener.publishing(results.size(), running.size());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FirnException(ExitCode.FAILED, "interrupted while publishing; run again to finish");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    /** Deletes all that was staged, the quarantine's files too: none of it is to be published. */
    void discard(List<EventTable> tables, Staged staged) {
        quarantine.discard(staged.quarantine());
        discardTables(tables, staged);
    }

    private static void discardTables(List<EventTable> tables, Staged staged) {
        for (EventTable table : tables) {
            if (!table.failed()) {
                table.table().discard(files(table, staged));
            }
        }
    }

    private Result timed(EventTable table, List<SourceFile> wanted, Staged staged) {
        long start = System.nanoTime();
        try {
            Outcome outcome = publish(table, wanted, staged);
            double seconds = seconds(start);
            if (outcome instanceof Outcome.Published published) {
                return new Result(table, PUBLISHED, published.snapshot(), null, seconds);
            }
            boolean already = outcome instanceof Outcome.AlreadyDone;
            return new Result(table, already ? ALREADY_DONE : OVERTAKEN, null, null, seconds);
        } catch (RuntimeException e) {
            return new Result(table, TableOutcome.FAILED, null, e, seconds(start));
        }
    }

    private Outcome publish(EventTable table, List<SourceFile> wanted, Staged staged) {
        Map<String, Long> rows = staged.event(table.event().name()).rows();
        Set<String> damaged = staged.damaged().keySet();
        List<SourceFile> files = wanted.stream()
                .filter(file -> !damaged.contains(file.path()))
                .map(file -> file.withRows(rows.getOrDefault(file.path(), 0L)))
                .toList();
        if (table.event().target().mode() == Mode.UPSERT) {
            return upsert(table, new Append(day.date(), files, Set.of()), files(table, staged));
        }
        Load load;
        if (table.event().target().mode() == Mode.TRUNCATE_LOAD) {
            if (files.size() < wanted.size()) {
                table.table().discard(files(table, staged));
                throw new TableException("Table " + table.table().name() + " is to hold all of the day's files, and "
                        + String.join(", ", damaged) + " cannot be read; it was left as it was");
            }
            load = new TruncateLoad(day.date(), files, table.ledger().commit().orElse(null));
        } else {
            load = new Append(day.date(), files, replacing(table));
        }
        return publication(table).publish(load, files(table, staged));
    }

    /** The versions of changed files that the plan found in the table; one that came since is not this load's to replace. */
    private Set<SourceFile> replacing(EventTable table) {
        return day.changed().isEmpty()
                ? Set.of()
                : table.ledger().day(day.date()).stream()
                        .filter(file -> day.changed().contains(file.path()))
                        .collect(Collectors.toSet());
    }

    private Outcome upsert(EventTable table, Append load, List<StagedFile> files) {
        try {
            if (!day.changed().isEmpty()) {
                throw new TableException("Table " + table.table().name() + " is upserted, so the rows of files that"
                        + " changed, " + String.join(", ", day.changed()) + ", cannot be put in the place of the old"
                        + " ones; write the rows with later timestamps into a new file");
            }
            return DumpFold.publish(pipeline, spark, sessions, publication(table), table, load, files);
        } finally {
            table.table().discard(files);
        }
    }

    private Publication publication(EventTable table) {
        return new Publication(table.table(), name, runId, RowRemoval.by(spark));
    }

    private static List<StagedFile> files(EventTable table, Staged staged) {
        return staged.event(table.event().name()).staged();
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
