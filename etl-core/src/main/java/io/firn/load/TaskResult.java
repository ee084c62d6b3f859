package io.firn.load;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.firn.decode.UnknownReport;
import io.firn.table.StagedFile;

/**
 * What one bundle came to; adds up to a {@link Staged}.
 *
 * @param files by source file
 * @param events by event name, for events that had lines
 * @param notListed lines by event name that the pipeline does not list
 * @param skipped lines of events whose tables do not want their file
 * @param aside lines that wait for wider columns; no event counts them
 */
public record TaskResult(
        Map<String, FileCounts> files,
        Map<String, EventResult> events,
        List<StagedFile> quarantine,
        Map<String, Long> notListed,
        long skipped,
        List<AsideFile> aside)
        implements Serializable {

    /**
     * Lines of a source file; blank ones are no lines.
     *
     * @param quarantined rows of the quarantine, whatever the event
     * @param damage why the file could not be read to its end; null when it was
     */
    public record FileCounts(long lines, long quarantined, String damage) implements Serializable {
        /** A file without lines. */
        public static final FileCounts NONE = new FileCounts(0, 0, null);

        FileCounts plus(FileCounts other) {
            return new FileCounts(lines + other.lines, quarantined + other.quarantined, damage);
        }
    }

    /**
     * Lines of an event, the rows that each source file gave its table, and the files written.
     *
     * @param misfits lines among the quarantined that would not be, had a column been known in time
     */
    public record EventResult(
            long lines,
            long loaded,
            long filtered,
            long quarantined,
            long misfits,
            Map<String, Long> rows,
            List<StagedFile> staged,
            UnknownReport unknown)
            implements Serializable {
        /** No line. */
        public static final EventResult NONE = new EventResult(0, 0, 0, 0, 0, Map.of(), List.of(), UnknownReport.EMPTY);

        EventResult plus(EventResult other) {
            Map<String, Long> allRows = new HashMap<>(rows);
            other.rows.forEach((path, more) -> allRows.merge(path, more, Long::sum));
            List<StagedFile> allStaged = new ArrayList<>(staged);
            allStaged.addAll(other.staged);
            return new EventResult(
                    lines + other.lines,
                    loaded + other.loaded,
                    filtered + other.filtered,
                    quarantined + other.quarantined,
                    misfits + other.misfits,
                    allRows,
                    allStaged,
                    unknown.plus(other.unknown));
        }
    }
}
