package io.firn;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firn.load.TaskResult.EventResult;
import io.firn.table.Outcome;

/**
 * What a run came to: the summary on the terminal and {@code run-result.json}. Counts close: {@code lines.read} is the
 * sum of the others.
 *
 * @param date the day loaded, ISO; the day of the run for topics; or what was replayed
 * @param files null for topics
 * @param evolved what tables gained since the data had it; null: nothing
 * @param problems what a person should know or do, one sentence each
 * @param resultFile where the same lies as {@code run-result.json}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunResult(
        String pipeline,
        String date,
        String runId,
        String startedAt,
        double seconds,
        ExitCode exit,
        Files files,
        Lines lines,
        List<TableResult> tables,
        QuarantineResult quarantine,
        Raw raw,
        Map<String, Long> notListed,
        List<UnknownColumn> unknownColumns,
        List<EvolvedEvent> evolved,
        List<String> problems,
        String resultFile) {

    /** A run that added no columns of its own accord. */
    RunResult(
            String pipeline,
            String date,
            String runId,
            String startedAt,
            double seconds,
            ExitCode exit,
            Files files,
            Lines lines,
            List<TableResult> tables,
            QuarantineResult quarantine,
            Raw raw,
            Map<String, Long> notListed,
            List<UnknownColumn> unknownColumns,
            List<String> problems,
            String resultFile) {
        this(
                pipeline,
                date,
                runId,
                startedAt,
                seconds,
                exit,
                files,
                lines,
                tables,
                quarantine,
                raw,
                notListed,
                unknownColumns,
                null,
                problems,
                resultFile);
    }

    /** Source files: all of the day, how many of them were read, and how many could not be inflated. */
    public record Files(int listed, int read, int damaged, long bytes) {}

    /**
     * Lines of the files, or records of the topics, that were read.
     *
     * @param filtered left out by a filter of the YAML
     * @param notListed of events that the YAML does not list
     * @param notAdded good rows that were not added: their table holds them already, failed, or the gate closed
     * @param superseded changes that a later change of the same row, or of the whole table, made void
     * @param skipped records that change no single row, such as tombstones and heartbeats
     */
    public record Lines(
            long read,
            long loaded,
            long quarantined,
            long filtered,
            long notListed,
            long notAdded,
            long superseded,
            long skipped) {
        static final Lines NONE = new Lines(0, 0, 0, 0, 0, 0, 0, 0);

        /** Lines of files. */
        public Lines(long read, long loaded, long quarantined, long filtered, long notListed, long notAdded) {
            this(read, loaded, quarantined, filtered, notListed, notAdded, 0, 0);
        }

        Lines plus(Lines more) {
            return new Lines(
                    read + more.read,
                    loaded + more.loaded,
                    quarantined + more.quarantined,
                    filtered + more.filtered,
                    notListed + more.notListed,
                    notAdded + more.notAdded,
                    superseded + more.superseded,
                    skipped + more.skipped);
        }
    }

    /** How a table fared. */
    public enum TableOutcome {
        PUBLISHED,
        NOTHING_NEW,
        /** Another run was faster with the same. */
        ALREADY_DONE,
        /** Other runs kept loading parts of the same files. */
        OVERTAKEN,
        /** The quality gate closed. */
        HELD_BACK,
        FAILED
    }

    /** One table. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TableResult(
            String event,
            String table,
            TableOutcome outcome,
            long lines,
            long loaded,
            long quarantined,
            long filtered,
            int files,
            long bytes,
            double seconds,
            Long snapshot,
            String error,
            Changes changes) {
        TableResult(
                String event,
                String table,
                TableOutcome outcome,
                long lines,
                long loaded,
                long quarantined,
                long filtered,
                int files,
                long bytes,
                double seconds,
                Long snapshot,
                String error) {
            this(
                    event,
                    table,
                    outcome,
                    lines,
                    loaded,
                    quarantined,
                    filtered,
                    files,
                    bytes,
                    seconds,
                    snapshot,
                    error,
                    null);
        }

        static TableResult of(String event, String table, TableOutcome outcome) {
            return new TableResult(event, table, outcome, 0, 0, 0, 0, 0, 0, 0, null, null);
        }

        /** The same table after another commit. */
        TableResult plus(EventResult counts, Outcome.Published in, double more) {
            return new TableResult(
                    event,
                    table,
                    TableOutcome.PUBLISHED,
                    lines + counts.lines(),
                    loaded + counts.loaded(),
                    quarantined + counts.quarantined(),
                    filtered + counts.filtered(),
                    files + in.files(),
                    bytes + in.bytes(),
                    seconds + more,
                    in.snapshot(),
                    null,
                    changes);
        }

        TableResult with(TableOutcome other) {
            return new TableResult(
                    event,
                    table,
                    other,
                    lines,
                    loaded,
                    quarantined,
                    filtered,
                    files,
                    bytes,
                    seconds,
                    snapshot,
                    error,
                    changes);
        }

        TableResult failed(String why) {
            return new TableResult(
                    event,
                    table,
                    TableOutcome.FAILED,
                    lines,
                    loaded,
                    quarantined,
                    filtered,
                    files,
                    bytes,
                    seconds,
                    snapshot,
                    why,
                    changes);
        }
    }

    /**
     * What became of a topic's records.
     *
     * @param batches commits that took them
     * @param superseded changes that a later one made void
     * @param stale changes older than what the table held
     * @param skipped records that change no single row, by what they are
     * @param behind records that are left in the topic
     * @param merge how the last batch's merge read its table, and why; null: nothing was merged
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Changes(
            int batches, long superseded, long stale, Map<String, Long> skipped, long behind, String merge) {}

    /** The table that keeps all records as they came: rows this run put there. */
    public record Raw(String table, long rows) {}

    /** The quarantine: rows this run put there. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record QuarantineResult(String table, long rows, Long snapshot) {}

    /** A JSON path that no column names, with how often it was seen and one value, cut short. */
    public record UnknownColumn(String event, String path, long lines, String type, String sample) {}
}
