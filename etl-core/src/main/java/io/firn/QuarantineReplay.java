package io.firn;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.DumpEvolution.Settled;
import io.firn.ReplayResult.ReplayedTable;
import io.firn.load.LoadPlan;
import io.firn.load.ReplayJob;
import io.firn.load.Staged;
import io.firn.load.TaskResult.EventResult;
import io.firn.table.LakeTable;
import io.firn.table.Ledger;
import io.firn.table.Ledger.Comparison;
import io.firn.table.MergeSessions;
import io.firn.table.Outcome;
import io.firn.table.Publication;
import io.firn.table.QuarantinedRows;
import io.firn.table.Replay;
import io.firn.table.RowRemoval;
import io.firn.table.SourceFile;
import io.firn.table.SqlLiterals;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableException;
import io.firn.table.TableName;

/**
 * Loads quarantined lines again after the YAML was mended: published to their table with a ledger entry that names the
 * quarantine's snapshot, then deleted from the quarantine. Killed between the two, the next replay finds the rows in
 * their table and only deletes. Lines of files that no table holds, or holds in another version than the one that was
 * quarantined, are left to {@link PipelineRun}.
 */
public final class QuarantineReplay {
    private final LoadedPipeline pipeline;
    private final String name;
    private final SparkSession spark;
    private final Catalogs catalogs;
    private final LoadPlans plans;
    private final MergeSessions sessions;

    /** Throws FirnException when an expression of the pipeline is one that Spark refuses. */
    public QuarantineReplay(LoadedPipeline pipeline, SparkSession spark, Catalogs catalogs) {
        this.pipeline = pipeline;
        this.name = pipeline.pipeline().pipeline();
        this.spark = spark;
        this.catalogs = catalogs;
        this.plans = new LoadPlans(pipeline, spark);
        this.sessions = new MergeSessions(spark);
    }

    public ReplayResult run() {
        TableName quarantineName = pipeline.quarantine();
        Optional<LakeTable> found = catalogs.of(quarantineName).find(quarantineName);
        if (found.isEmpty()) {
            return result(null, 0, List.of(), ExitCode.OK);
        }
        long rows = rows();
        String runId = UUID.randomUUID().toString();
        List<EventTable> tables = pipeline.events().stream()
                .map(event -> EventTable.open(event, catalogs, pipeline.origin(runId, event)))
                .map(plans::grown)
                .toList();
        LakeTable quarantine = found.get();
        deleteLoaded(
                quarantine, tables.stream().filter(table -> !table.failed()).toList());
        quarantine.refresh();
        Long snapshot = quarantine.status().snapshot();
        Ledger read = quarantine.ledger(name);
        Map<String, LocalDate> days = days();
        Map<String, BitSet> allowed = allowed(tables, read, days);
        List<ReplayedTable> done = new ArrayList<>();
        ExitCode exit = failures(tables, done).worse(otherVersions(tables, read, days, done));
        if (!allowed.isEmpty()) {
            DayPlan day = new DayPlan(LocalDate.EPOCH, List.of(), List.of(), Set.of(), Set.of());
            Instant started = Instant.now().truncatedTo(ChronoUnit.MICROS);
            LoadPlan plan = plans.of(day, tables, quarantine, runId, started)
                    .withMissing(allowed)
                    .replaying();
            Settled settled;
            try {
                Staged staged = ReplayJob.run(spark, plan, lines(snapshot, allowed.keySet()));
                settled = new DumpEvolution(pipeline, spark, catalogs, plans).replay(plan, tables, staged);
            } finally {
                new StagingPlace(pipeline, spark.sparkContext().hadoopConfiguration()).delete(plan.aside());
            }
            Staged staged = settled.staged();
            for (EventTable table : settled.tables()) {
                EventResult counts = staged.event(table.event().name());
                if (counts.loaded() > 0) {
                    ReplayedTable published = publish(quarantine, table, counts, snapshot, days, runId);
                    exit = published.error() == null ? exit : exit.worse(ExitCode.CONFLICT);
                    done.add(published);
                }
            }
        }
        return result(snapshot, rows, done, exit);
    }

    private ReplayedTable publish(
            LakeTable quarantine,
            EventTable table,
            EventResult counts,
            long snapshot,
            Map<String, LocalDate> days,
            String runId) {
        String target = table.table().name().text();
        Map<LocalDate, List<SourceFile>> gaining = new HashMap<>();
        counts.rows().forEach((path, rows) -> {
            LocalDate day = days.get(path);
            SourceFile file = table.ledger().day(day).stream()
                    .filter(known -> known.path().equals(path))
                    .findFirst()
                    .orElseThrow();
            gaining.computeIfAbsent(day, d -> new ArrayList<>()).add(file.withRows(rows));
        });
        Replay load = new Replay(snapshot, table.ledger().replayed().orElse(null), gaining);
        Publication publication = new Publication(table.table(), name, runId, RowRemoval.by(spark));
        boolean upserted = table.event().target().mode() == Mode.UPSERT;
        try {
            Outcome outcome = upserted
                    ? DumpFold.publish(pipeline, spark, sessions, publication, table, load, counts.staged())
                    : publication.publish(load, counts.staged());
            if (outcome instanceof Outcome.Conflict conflict) {
                return new ReplayedTable(table.event().name(), target, 0, null, conflict.reason() + "; run again");
            }
            if (upserted) {
                QuarantinedRows.deleteStaged(spark, pipeline.quarantine(), name, counts.staged());
            } else {
                deleteLoaded(quarantine, List.of(table));
            }
            boolean published = outcome instanceof Outcome.Published;
            return new ReplayedTable(
                    table.event().name(),
                    target,
                    published ? counts.loaded() : 0,
                    outcome instanceof Outcome.Published p ? (Long) p.snapshot() : null,
                    null);
        } catch (TableException e) {
            return new ReplayedTable(table.event().name(), target, 0, null, e.getMessage());
        } finally {
            if (upserted) {
                table.table().discard(counts.staged());
            }
        }
    }

    private void deleteLoaded(LakeTable quarantine, List<EventTable> tables) {
        quarantine.refresh();
        Ledger read = quarantine.ledger(name);
        Map<String, LocalDate> days = days();
        for (EventTable table : tables) {
            table.table().refresh();
            Set<String> files = held(table.table().ledger(name), read, days, Comparison::loaded);
            if (!files.isEmpty()) {
                QuarantinedRows.deleteLoaded(
                        spark, pipeline.quarantine(), name, table.table().name(), files);
            }
        }
    }

    /**
     * Files with quarantined lines that a table holds.
     *
     * @param read as they were when the lines were quarantined; an offset means another line in another version
     * @param which by how what the table holds stands to that
     */
    private static Set<String> held(
            Ledger ledger, Ledger read, Map<String, LocalDate> days, Function<Comparison, List<SourceFile>> which) {
        Set<String> files = new TreeSet<>();
        for (LocalDate day : Set.copyOf(days.values())) {
            which.apply(read.compare(day, ledger.day(day))).stream()
                    .map(SourceFile::path)
                    .filter(path -> day.equals(days.get(path)))
                    .forEach(files::add);
        }
        return files;
    }

    /** For every file the events whose tables hold it, and so lack its quarantined rows alone. */
    private static Map<String, BitSet> allowed(List<EventTable> tables, Ledger read, Map<String, LocalDate> days) {
        Map<String, BitSet> allowed = new TreeMap<>();
        for (int event = 0; event < tables.size(); event++) {
            EventTable table = tables.get(event);
            if (!table.failed()) {
                for (String file : held(table.ledger(), read, days, Comparison::loaded)) {
                    allowed.computeIfAbsent(file, f -> new BitSet()).set(event);
                }
            }
        }
        return allowed;
    }

    /** As after a run that was to replace files and came as far as the quarantine. */
    private ExitCode otherVersions(
            List<EventTable> tables, Ledger read, Map<String, LocalDate> days, List<ReplayedTable> done) {
        ExitCode exit = ExitCode.OK;
        for (EventTable table : tables) {
            Set<String> files = table.failed() ? Set.of() : held(table.ledger(), read, days, Comparison::changed);
            if (!files.isEmpty()) {
                String target = table.event().target().table().text();
                String dates = files.stream()
                        .map(days::get)
                        .distinct()
                        .sorted()
                        .map(LocalDate::toString)
                        .collect(Collectors.joining(", "));
                done.add(new ReplayedTable(
                        table.event().name(),
                        target,
                        0,
                        null,
                        "holds another version of %,d files (the first: %s) than the one whose lines are quarantined, which stay there; firn run PIPELINE.yaml --replace loads them whole (--date %s)"
                                .formatted(files.size(), files.iterator().next(), dates)));
                exit = ExitCode.FAILED;
            }
        }
        return exit;
    }

    private static ExitCode failures(List<EventTable> tables, List<ReplayedTable> done) {
        ExitCode exit = ExitCode.OK;
        for (EventTable table : tables) {
            if (table.failed()) {
                String target = table.event().target().table().text();
                done.add(new ReplayedTable(
                        table.event().name(), target, 0, null, table.failure().getMessage()));
                exit = exit.worse(Failures.exit(table.failure()));
            }
        }
        return exit;
    }

    private Dataset<Row> lines(long snapshot, Set<String> files) {
        return spark.sql("SELECT firn_file, firn_offset, line FROM "
                + pipeline.quarantine().quoted() + " VERSION AS OF " + snapshot + " WHERE " + ours()
                + " AND firn_file IN " + SqlLiterals.list(files));
    }

    private Map<String, LocalDate> days() {
        Map<String, LocalDate> days = new TreeMap<>();
        spark.sql("SELECT DISTINCT firn_file, day FROM " + pipeline.quarantine().quoted() + " WHERE " + ours())
                .collectAsList()
                .forEach(row -> days.put(row.getString(0), row.getDate(1).toLocalDate()));
        return days;
    }

    private long rows() {
        return spark.sql("SELECT 1 FROM " + pipeline.quarantine().quoted() + " WHERE " + ours())
                .count();
    }

    /** A damaged file's row has no line. */
    private String ours() {
        return "pipeline = " + SqlLiterals.text(name) + " AND line IS NOT NULL";
    }

    private ReplayResult result(Long snapshot, long rows, List<ReplayedTable> tables, ExitCode exit) {
        long loaded = tables.stream().mapToLong(ReplayedTable::loaded).sum();
        long left = rows == 0 ? 0 : rows();
        return new ReplayResult(name, pipeline.quarantine().text(), snapshot, rows, loaded, left, exit, tables);
    }
}
