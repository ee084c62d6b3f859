package io.firn.init;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

import io.firn.init.PipelineYaml.Head;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.JsonPath;
import io.firn.table.PartitionField;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableName;

/**
 * What a sample says about a dump.
 *
 * @param eventName where lines say which event they are
 * @param eventTime where they say when it happened; null if nowhere
 * @param firstDay the day of the first line's time, or null
 * @param events the events, the most frequent first
 * @param lines the lines read, blank ones apart
 * @param malformed the lines among them that are no strict JSON object
 * @param nameless the lines among them without an event name
 */
public record InferredPipeline(
        JsonPath eventName,
        JsonPath eventTime,
        LocalDate firstDay,
        List<InferredEvent> events,
        long lines,
        long malformed,
        long nameless) {
    public InferredPipeline {
        events = List.copyOf(events);
    }

    /**
     * An event seen in a sample.
     *
     * @param leftOut the paths at which nothing but nulls and empty objects was seen
     */
    public record InferredEvent(String name, long lines, List<Column> columns, List<String> leftOut) {
        public InferredEvent {
            columns = List.copyOf(columns);
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * What a sample cannot say.
     *
     * @param schema where editors find the JSON Schema, relative to the file
     * @param sample what the user gave as the sample, for the file's first comment
     * @param pipeline the pipeline's name
     * @param path the source's path as the file says it; see {@link DatedPath}
     * @param day what a path without a date holds, or null
     * @param namespace where the tables go, {@code lake.<namespace>.<event>}
     */
    public record Naming(String schema, String sample, String pipeline, String path, LocalDate day, String namespace) {}

    /** The pipeline file, as a person would have written it; every line of the sample loads with it as it is. */
    public String yaml(Naming naming) {
        return new PipelineYaml(this, Head.of(naming)).text();
    }

    /** The same for records of a topic, whose tables {@link #tables} defines. */
    public String yaml(TopicNaming naming) {
        return new PipelineYaml(this, head(naming)).text();
    }

    /** The definitions of the events' tables, in their order. */
    public List<TableDefinition> tables(TopicNaming naming) {
        PipelineYaml names = new PipelineYaml(this, head(naming));
        return events.stream()
                .map(event -> TopicYaml.definition(
                        TableName.parse(names.table(event)),
                        event.columns(),
                        List.of(),
                        Mode.APPEND,
                        time(event)
                                .map(time -> List.of(PartitionField.parse("day(" + time.name() + ")")))
                                .orElse(null)))
                .toList();
    }

    private static Head head(TopicNaming naming) {
        return new Head(
                naming.schema(),
                "topic " + naming.topic(),
                "record",
                naming.pipeline(),
                naming.catalog(),
                naming.source("kafka"),
                naming.namespace(),
                true);
    }

    /** The column that holds the event's time, if one does. */
    Optional<Column> time(InferredEvent event) {
        return event.columns().stream()
                .filter(column -> column.location().equals(eventTime))
                .filter(column -> column.type() == Scalar.TIMESTAMPTZ
                        || column.type() == Scalar.TIMESTAMP
                        || column.type() == Scalar.DATE)
                .findFirst();
    }
}
