package io.firn;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.firn.RunResult.Lines;
import io.firn.RunResult.QuarantineResult;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.RunResult.UnknownColumn;
import io.firn.decode.UnknownReport;
import io.firn.load.Staged;

/** Adds up a run over topics; several threads may tell it things. */
final class TopicReport {
    private final LoadedPipeline pipeline;
    private final String runId;
    private final Instant started;
    private final Map<String, TableResult> tables = new TreeMap<>();
    private final Map<String, Long> notListed = new TreeMap<>();
    private final Map<String, UnknownReport> unknown = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private Lines lines = Lines.NONE;
    private long quarantined;
    private RunResult.Raw raw;
    private ExitCode exit = ExitCode.OK;

    TopicReport(LoadedPipeline pipeline, String runId, Instant started) {
        this.pipeline = pipeline;
        this.runId = runId;
        this.started = started;
    }

    synchronized void table(TableResult result, Lines counts) {
        tables.put(result.event(), result);
        lines = lines.plus(counts);
    }

    synchronized void failed(String topic, String table, RuntimeException error, TableResult before, Lines counts) {
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        PipelineRun.LOG.warn("firn run: topic {} failed", topic, error);
        problem(Failures.exit(error), message);
        TableResult failed = before == null ? TableResult.of(topic, table, TableOutcome.FAILED) : before;
        tables.put(topic, failed.failed(message));
        lines = lines.plus(counts);
    }

    /** What the messages of a batch were beside rows of tables. */
    synchronized void staged(Staged staged, Lines counts) {
        lines = lines.plus(counts);
        staged.notListed().forEach((event, count) -> notListed.merge(event, count, Long::sum));
        staged.events().forEach((event, result) -> unknown.merge(event, result.unknown(), UnknownReport::plus));
    }

    /** Records that the table of all records gained. */
    synchronized void kept(String table, long records) {
        raw = new RunResult.Raw(table, records);
    }

    synchronized void quarantined(long rows) {
        quarantined += rows;
    }

    /** Something that a person should know, and that the run ends with. */
    synchronized void problem(ExitCode worst, String text) {
        exit = exit.worse(worst);
        problems.add(text);
    }

    synchronized void warn(List<String> texts) {
        problems.addAll(texts);
    }

    synchronized RunResult result() {
        List<UnknownColumn> columns = new ArrayList<>();
        unknown.forEach((event, report) -> report.fields()
                .forEach(field -> columns.add(
                        new UnknownColumn(event, field.path(), field.count(), field.type(), field.sample()))));
        String date = LocalDate.ofInstant(started, ZoneOffset.UTC).toString();
        return new RunResult(
                pipeline.pipeline().pipeline(),
                date,
                runId,
                started.toString(),
                Duration.between(started, Instant.now()).toMillis() / 1000.0,
                exit,
                null,
                lines,
                List.copyOf(tables.values()),
                new QuarantineResult(pipeline.quarantine().text(), quarantined, null),
                raw,
                notListed,
                columns,
                List.copyOf(problems),
                RunResults.location(pipeline, date, runId));
    }
}
