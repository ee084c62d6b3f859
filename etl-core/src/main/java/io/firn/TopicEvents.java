package io.firn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.firn.change.KafkaRecord;
import io.firn.change.MessageColumns;
import io.firn.schema.Column;
import io.firn.source.TopicRange;
import io.firn.source.Topics;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;

/** Finds the event of a topic: as the YAML has it, or with the columns and the key that its newest message tells. */
final class TopicEvents {
    private static final Event NOTHING_SAID = new Event(null, null, null, null);

    private final LoadedPipeline pipeline;

    TopicEvents(LoadedPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Throws FirnException when neither YAML nor messages tell the columns. */
    ResolvedEvent of(TopicRange range, Topics topics) {
        Event said = pipeline.pipeline().events().getOrDefault(range.topic(), NOTHING_SAID);
        if (!said.columns().isEmpty()) {
            return pipeline.events().stream()
                    .filter(event -> event.name().equals(range.topic()))
                    .findFirst()
                    .orElseThrow();
        }
        MessageColumns told = told(range.topic(), topics.newest(range));
        return resolved(range.topic(), told(said, told));
    }

    private MessageColumns told(String topic, List<KafkaRecord> newest) {
        String why = "no message with a row was found among the newest";
        for (int i = newest.size() - 1; i >= 0; i--) {
            KafkaRecord record = newest.get(i);
            if (record.value() != null) {
                try {
                    return MessageColumns.of(record.key(), record.value());
                } catch (IllegalArgumentException e) {
                    why = e.getMessage();
                }
            }
        }
        throw new FirnException(
                ExitCode.FAILED,
                "topic " + topic + ": its columns cannot be told from its messages: " + why
                        + ". Name the columns under events." + topic + " in the YAML");
    }

    private Event told(Event said, MessageColumns told) {
        TableDefinition target = said.target();
        List<String> keys = target.idColumns() == null ? told.key() : target.idColumns();
        List<Column> columns = told.columns();
        TableDefinition keyed = new TableDefinition(
                target.table(),
                target.location(),
                target.partitionBy(),
                target.sortBy(),
                keys,
                target.properties(),
                target.mode(),
                target.writeMode(),
                target.formatVersion(),
                target.timestampColumn(),
                target.deletes(),
                target.rememberDeletes());
        return new Event(columns, said.transforms(), keyed, said.unknownColumns());
    }

    private ResolvedEvent resolved(String topic, Event event) {
        Pipeline written = pipeline.pipeline();
        Map<String, Event> events = new LinkedHashMap<>(Map.of(topic, event));
        Pipeline single =
                new Pipeline(written.pipeline(), written.catalog(), written.source(), written.defaults(), events);
        List<ResolvedEvent> resolved = new Resolution(
                        single,
                        pipeline.project().catalogs(),
                        pipeline.document().scope())
                .events();
        pipeline.document().throwIfAny();
        ResolvedEvent only = resolved.get(0);
        if (only.target().mode() == Mode.UPSERT && only.target().idColumns().isEmpty()) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "topic " + topic
                            + ": its messages have no key, so changes cannot find their rows. Give the source's"
                            + " table a primary key, or set message.key.columns in the connector, or choose mode append");
        }
        return only;
    }
}
