package io.firn;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firn.change.ChangeFormat;
import io.firn.change.KafkaRecord;
import io.firn.change.MessageColumns;
import io.firn.config.Document;
import io.firn.registry.Schemas;
import io.firn.source.Debezium;
import io.firn.source.TopicRange;
import io.firn.source.Topics;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableName;

/** Finds the events of topics: as the YAML has them, or with the columns and the key that their newest messages tell. */
final class TopicEvents {
    private static final Event NOTHING_SAID = new Event(null, null, null, null, null);

    private final LoadedPipeline pipeline;
    private final Schemas schemas;
    private final Map<String, String> topics = new HashMap<>();

    /** @param schemas those of the source's registry; null where it has none */
    TopicEvents(LoadedPipeline pipeline, Schemas schemas) {
        this.pipeline = pipeline;
        this.schemas = schemas;
    }

    /** The schemas of the source's registry; null where it has none. */
    static Schemas schemas(LoadedPipeline pipeline) {
        return pipeline.pipeline().source() instanceof Debezium debezium
                ? debezium.messages().open()
                : null;
    }

    /**
     * The event of a topic; empty where the topic is no table's, such as that of heartbeats. Throws FirnException when
     * neither YAML nor messages tell the columns, or another topic has the same table.
     */
    Optional<ResolvedEvent> of(TopicRange range, Topics brokers) {
        Event said = pipeline.pipeline().events().getOrDefault(range.topic(), NOTHING_SAID);
        if (!said.columns().isEmpty()) {
            return pipeline.events().stream()
                    .filter(event -> event.name().equals(range.topic()))
                    .findFirst()
                    .map(this::alone);
        }
        ChangeFormat format = ((Debezium) pipeline.pipeline().source()).messages();
        List<KafkaRecord> newest = brokers.newest(range);
        if (!newest.isEmpty() && newest.stream().allMatch(record -> MessageColumns.isOther(format, schemas, record))) {
            return Optional.empty();
        }
        MessageColumns told = told(format, range.topic(), newest);
        return Optional.of(alone(resolved(range.topic(), told(range.topic(), said, told))));
    }

    /**
     * The event of a topic whose rows have these columns and this key, unless the YAML says them. Throws FirnException or
     * ConfigException where they do not go with what the YAML says of the topic's table.
     */
    ResolvedEvent of(String topic, MessageColumns told) {
        Event said = pipeline.pipeline().events().getOrDefault(topic, NOTHING_SAID);
        return pipeline.events().stream()
                .filter(event -> event.name().equals(topic) && !said.columns().isEmpty())
                .findFirst()
                .orElseGet(() -> resolved(topic, told(topic, said, told)));
    }

    private ResolvedEvent alone(ResolvedEvent event) {
        String table = event.target().table().text();
        String other = topics.putIfAbsent(table, event.name());
        if (other != null) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "topic " + event.name() + ": its table " + table + " is already that of topic " + other
                            + "; name another under events." + event.name() + ".target.table");
        }
        return event;
    }

    /** Messages with a key before those without, such as truncates, which do not tell it. */
    private MessageColumns told(ChangeFormat format, String topic, List<KafkaRecord> newest) {
        String why = "no message with a row was found among the newest";
        MessageColumns keyless = null;
        for (int i = newest.size() - 1; i >= 0; i--) {
            KafkaRecord record = newest.get(i);
            if (record.value() == null || (record.key() == null && keyless != null)) {
                continue;
            }
            try {
                MessageColumns told = MessageColumns.of(format, schemas, record.key(), record.value());
                if (!told.key().isEmpty()) {
                    return told;
                }
                keyless = told;
            } catch (IllegalArgumentException e) {
                why = e.getMessage();
            }
        }
        if (keyless != null) {
            return keyless;
        }
        throw new FirnException(
                ExitCode.FAILED,
                "topic " + topic + ": its columns cannot be told from its messages: " + why
                        + ". Name the columns under events." + topic + " in the YAML");
    }

    private Event told(String topic, Event said, MessageColumns told) {
        TableDefinition target = said.target();
        if (isDeclared(topic, said)) {
            return new Event(told.columns(), said.transforms(), target, said.unknownColumns(), said.onTypeChange());
        }
        List<String> keys = target.idColumns() == null ? told.key() : target.idColumns();
        if (keys.isEmpty() && mode(target) == Mode.UPSERT) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "topic " + topic
                            + ": its messages have no key, so changes cannot find their rows. Give the source's"
                            + " table a primary key, or set message.key.columns in the connector, or choose mode append");
        }
        return new Event(
                told.columns(), said.transforms(), target.keyed(keys), said.unknownColumns(), said.onTypeChange());
    }

    /** What a definition under ddl/ says of the table's keys, no message does. */
    private boolean isDeclared(String topic, Event said) {
        Resolution resolution = new Resolution(
                pipeline.pipeline(),
                pipeline.project().catalogs(),
                null,
                pipeline.document().unreported().scope());
        TableName table = resolution.table(
                topic, said.target(), pipeline.document().unreported().scope());
        return table != null && pipeline.tables().unreported().find(table).isPresent();
    }

    private Mode mode(TableDefinition target) {
        Mode usual = pipeline.pipeline().defaults().mode();
        return target.mode() != null ? target.mode() : usual != null ? usual : Mode.UPSERT;
    }

    private ResolvedEvent resolved(String topic, Event event) {
        Pipeline written = pipeline.pipeline();
        Map<String, Event> events = new LinkedHashMap<>(Map.of(topic, event));
        Pipeline single =
                new Pipeline(written.pipeline(), written.catalog(), written.source(), written.defaults(), events);
        // What is wrong with one topic's event is no other's trouble.
        Document<Pipeline> document = pipeline.document().unreported();
        DeclaredTables tables = pipeline.tables().unreported();
        List<ResolvedEvent> resolved =
                new Resolution(single, pipeline.project().catalogs(), tables, document.scope()).events();
        tables.throwIfAny();
        document.throwIfAny();
        return resolved.get(0);
    }
}
