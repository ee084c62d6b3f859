package io.firn;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.firn.RunResult.Files;
import io.firn.RunResult.Lines;
import io.firn.RunResult.QuarantineResult;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.RunResult.UnknownColumn;
import io.firn.decode.UnknownReport;
import io.firn.load.Staged;
import io.firn.load.TaskResult.EventResult;
import io.firn.table.Outcome;
import io.firn.table.SourceFile;
import io.firn.table.StagedFile;

/** Adds up a run, over its rounds, to what it tells people and programs. */
final class RunReport {
    private final LoadedPipeline pipeline;
    private final String date;
    private final String runId;
    private final Instant started;
    private final int listed;
    private final Map<String, TableResult> tables = new LinkedHashMap<>();
    private final Map<String, Long> notListed = new TreeMap<>();
    private final Map<String, UnknownReport> unknown = new LinkedHashMap<>();
    private final List<EvolvedEvent> evolved = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Lines lines = new Lines(0, 0, 0, 0, 0, 0);
    private Files files = new Files(0, 0, 0, 0);
    private QuarantineResult quarantine;
    private ExitCode exit = ExitCode.OK;

    RunReport(LoadedPipeline pipeline, String date, String runId, Instant started, List<SourceFile> listed) {
        this.pipeline = pipeline;
        this.date = date;
        this.runId = runId;
        this.started = started;
        this.listed = listed.size();
        files = new Files(listed.size(), 0, 0, 0);
    }

    /** Where the tables stand before a round. */
    void opened(List<EventTable> opened) {
        for (EventTable table : opened) {
            if (table.failed()) {
                failed(table, table.failure(), EventResult.NONE, 0);
            } else {
                tables.putIfAbsent(table.event().name(), result(table, TableOutcome.NOTHING_NEW, EventResult.NONE));
            }
        }
    }

    void staged(DayPlan day, Staged staged) {
        List<SourceFile> read = day.toRead();
        Map<String, String> damaged = staged.damaged();
        long bytes = read.stream().mapToLong(SourceFile::size).sum();
        files = new Files(listed, read.size(), damaged.size(), files.bytes() + bytes);
        damaged.forEach((path, why) -> problem(ExitCode.FAILED, path + ": " + why));
        staged.notListed().forEach((event, count) -> notListed.merge(event, count, Long::sum));
        staged.events().forEach((event, result) -> unknown.merge(event, result.unknown(), (before, now) -> now));
        long filtered = staged.events().values().stream()
                .mapToLong(EventResult::filtered)
                .sum();
        long good =
                staged.events().values().stream().mapToLong(EventResult::loaded).sum();
        long strange =
                staged.notListed().values().stream().mapToLong(Long::longValue).sum();
        lines = lines.plus(
                new Lines(staged.lines(), 0, staged.refusedLines(), filtered, strange, staged.skipped() + good));
    }

    void evolved(List<EvolvedEvent> events) {
        evolved.addAll(events);
        for (EvolvedEvent event : events) {
            if (!event.leftOut().isEmpty()) {
                problem(
                        ExitCode.OK,
                        "table " + event.table() + ": some of what the data holds found no column: "
                                + String.join("; ", event.leftOut()));
            }
        }
    }

    void quarantined(Staged staged, Outcome outcome) {
        long before = quarantine == null ? 0 : quarantine.rows();
        boolean published = outcome instanceof Outcome.Published;
        quarantine = new QuarantineResult(
                pipeline.quarantine().text(),
                before + (published ? staged.quarantined() : 0),
                outcome instanceof Outcome.Published p ? (Long) p.snapshot() : null);
    }

    void published(Staged staged, List<Publishing.Result> results) {
        for (Publishing.Result result : results) {
            EventResult counts = staged.event(result.table().event().name());
            if (result.error() != null) {
                failed(result.table(), result.error(), counts, result.seconds());
                continue;
            }
            if (result.outcome() == TableOutcome.PUBLISHED) {
                lines = lines.plus(new Lines(0, counts.loaded(), 0, 0, 0, -counts.loaded()));
            }
            TableResult table = result(result.table(), result.outcome(), counts);
            tables.put(table.event(), after(table, result.seconds(), result.snapshot(), null));
        }
    }

    /** The gate closed: nothing of what was staged is added. */
    void heldBack(Staged staged, List<EventTable> opened, DayPlan day) {
        for (int i = 0; i < opened.size(); i++) {
            EventTable table = opened.get(i);
            if (!day.wanted().get(i).isEmpty()) {
                EventResult counts = staged.event(table.event().name());
                tables.put(table.event().name(), result(table, TableOutcome.HELD_BACK, counts));
            }
        }
        problem(
                ExitCode.QUALITY,
                "%,d of %,d lines were refused, more than max-quarantined %s allows; the tables are as they were. Look at"
                                .formatted(
                                        staged.refusedLines(),
                                        staged.lines(),
                                        pipeline.pipeline().defaults().maxQuarantined())
                        + " " + pipeline.quarantine() + ", mend the YAML or the source, and run again");
    }

    void problem(ExitCode worst, String text) {
        exit = exit.worse(worst);
        problems.add(text);
    }

    RunResult result() {
        List<UnknownColumn> columns = new ArrayList<>();
        unknown.forEach((event, report) -> report.fields()
                .forEach(field -> columns.add(
                        new UnknownColumn(event, field.path(), field.count(), field.type(), field.sample()))));
        return new RunResult(
                pipeline.pipeline().pipeline(),
                date,
                runId,
                started.toString(),
                Duration.between(started, Instant.now()).toMillis() / 1000.0,
                exit,
                files,
                lines,
                List.copyOf(tables.values()),
                quarantine,
                null,
                notListed,
                columns,
                evolved.isEmpty() ? null : evolved,
                problems,
                RunResults.location(pipeline, date, runId));
    }

    private void failed(EventTable table, RuntimeException error, EventResult counts, double seconds) {
        String name = table.event().target().table().text();
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        problem(Failures.exit(error), message);
        PipelineRun.LOG.warn("firn run: table {} failed", name, error);
        TableResult failed = after(result(table, TableOutcome.FAILED, counts), seconds, null, message);
        tables.merge(
                table.event().name(),
                failed,
                (before, now) -> before.outcome() == TableOutcome.PUBLISHED ? before : now);
    }

    private static TableResult result(EventTable table, TableOutcome outcome, EventResult counts) {
        boolean published = outcome == TableOutcome.PUBLISHED;
        Stream<StagedFile> written = published ? counts.staged().stream() : Stream.empty();
        return new TableResult(
                table.event().name(),
                table.event().target().table().text(),
                outcome,
                counts.lines(),
                published ? counts.loaded() : 0,
                counts.quarantined(),
                counts.filtered(),
                published ? counts.staged().size() : 0,
                written.mapToLong(StagedFile::bytes).sum(),
                0,
                null,
                null);
    }

    private static TableResult after(TableResult table, double seconds, Long snapshot, String error) {
        return new TableResult(
                table.event(),
                table.table(),
                table.outcome(),
                table.lines(),
                table.loaded(),
                table.quarantined(),
                table.filtered(),
                table.files(),
                table.bytes(),
                seconds,
                snapshot,
                error);
    }
}
