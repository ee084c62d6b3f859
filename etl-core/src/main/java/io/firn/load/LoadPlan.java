package io.firn.load;

import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.JsonPath;
import io.firn.table.WriteTarget;
import io.firn.transform.RowProgram;

/**
 * What every task of a load knows; sent once to each executor.
 *
 * @param eventName where a line says which event it is
 * @param eventTime where a line says when it happened; null if nowhere
 * @param lineLimit longer lines are quarantined, bytes
 * @param loadedAt the run's start, microseconds since the epoch; the same in every row
 * @param missing for a file that some tables hold already: the events whose tables do not; other files go to all
 * @param held files of which an earlier run judged all lines but those of {@code missing} events
 * @param attempt names this run; no two runs share file names
 * @param taskMemory what a task may hold in line buffers and open files, bytes
 */
public record LoadPlan(
        JsonPath eventName,
        JsonPath eventTime,
        int lineLimit,
        long loadedAt,
        String attempt,
        List<EventPlan> events,
        QuarantinePlan quarantine,
        Map<String, BitSet> missing,
        Set<String> held,
        long taskMemory)
        implements Serializable {

    /** The same plan for other files. */
    public LoadPlan withMissing(Map<String, BitSet> other) {
        return new LoadPlan(
                eventName, eventTime, lineLimit, loadedAt, attempt, events, quarantine, other, held, taskMemory);
    }

    /** Keys that the pipeline names though no column may. */
    List<JsonPath> known() {
        return eventTime == null ? List.of(eventName) : List.of(eventName, eventTime);
    }

    /** One event's way from bytes to files. */
    public record EventPlan(
            String name, List<Column> columns, UnknownFields unknown, RowProgram program, WriteTarget target)
            implements Serializable {}

    /** Where refused lines go; {@code day} in days since the epoch. */
    public record QuarantinePlan(String pipeline, int day, WriteTarget target) implements Serializable {}
}
