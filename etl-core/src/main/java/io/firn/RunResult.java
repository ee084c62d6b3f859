package io.firn;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a run came to: the summary on the terminal and {@code run-result.json}. Counts close: {@code lines.read} is the
 * sum of the other five.
 *
 * @param date the day loaded, ISO; or what was replayed
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
        Map<String, Long> notListed,
        List<UnknownColumn> unknownColumns,
        List<String> problems,
        String resultFile) {

    /** Source files: all of the day, how many of them were read, and how many could not be inflated. */
    public record Files(int listed, int read, int damaged, long bytes) {}

    /**
     * Lines of the files read.
     *
     * @param filtered left out by a filter of the YAML
     * @param notListed of events that the YAML does not list
     * @param notAdded good rows that were not added: their table holds them already, failed, or the gate closed
     */
    public record Lines(long read, long loaded, long quarantined, long filtered, long notListed, long notAdded) {
        Lines plus(Lines more) {
            return new Lines(
                    read + more.read,
                    loaded + more.loaded,
                    quarantined + more.quarantined,
                    filtered + more.filtered,
                    notListed + more.notListed,
                    notAdded + more.notAdded);
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
            String error) {}

    /** The quarantine: rows this run put there. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record QuarantineResult(String table, long rows, Long snapshot) {}

    /** A JSON path that no column names, with how often it was seen and one value, cut short. */
    public record UnknownColumn(String event, String path, long lines, String type, String sample) {}
}
