package io.firn.load;

import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.JsonPath;
import io.firn.schema.TypeChange;
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
 * @param aside where lines go that hold what no column takes and wider columns might; null: nowhere, such lines are loaded
 *     without it, or refused
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
        String aside,
        long taskMemory)
        implements Serializable {

    /** The same plan for other files. */
    public LoadPlan withMissing(Map<String, BitSet> other) {
        return new LoadPlan(
                eventName, eventTime, lineLimit, loadedAt, attempt, events, quarantine, other, held, aside, taskMemory);
    }

    /** The same plan for lines that were refused before: those that are again stay where they are, and stop nothing. */
    public LoadPlan replaying() {
        List<EventPlan> calmer = events.stream().map(EventPlan::withoutStops).toList();
        return new LoadPlan(
                eventName, eventTime, lineLimit, loadedAt, attempt, calmer, null, missing, held, aside, taskMemory);
    }

    /** The plan for what was set aside by this one. */
    public LoadPlan widened(List<EventPlan> wider) {
        return new LoadPlan(
                eventName, eventTime, lineLimit, loadedAt, attempt, wider, quarantine, missing, held, null, taskMemory);
    }

    /** Keys that the pipeline names though no column may. */
    public List<JsonPath> known() {
        return eventTime == null ? List.of(eventName) : List.of(eventName, eventTime);
    }

    /**
     * One event's way from bytes to files.
     *
     * @param columns what is decoded; each says what a change of its values' type makes of a line, or it is refused
     * @param alternatives for columns that take what another one does not hold, that other's name
     */
    public record EventPlan(
            String name,
            List<Column> columns,
            Map<String, String> alternatives,
            UnknownFields unknown,
            RowProgram program,
            WriteTarget target)
            implements Serializable {

        private EventPlan withoutStops() {
            List<Column> calmer = columns.stream()
                    .map(column -> column.onTypeChange() == TypeChange.FAIL
                            ? column.onTypeChange(TypeChange.QUARANTINE)
                            : column)
                    .toList();
            return new EventPlan(name, calmer, alternatives, unknown, program, target);
        }

        /** A decoder of the event's lines; rows have {@code extraSlots} more slots. */
        public LineDecoder decoder(List<JsonPath> known, int extraSlots) {
            return LineDecoder.watching(columns, alternatives, unknown, extraSlots, known);
        }
    }

    /** Where refused lines go; {@code day} in days since the epoch. */
    public record QuarantinePlan(String pipeline, int day, WriteTarget target) implements Serializable {}
}
