package io.firn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.firn.Evolution.Rows;
import io.firn.change.ChangeFormat;
import io.firn.change.KafkaRecord;
import io.firn.change.MessageColumns;
import io.firn.config.Document;
import io.firn.registry.Schemas;
import io.firn.schema.TypeChange;
import io.firn.source.Debezium;
import io.firn.source.TopicRange;
import io.firn.source.Topics;
import io.firn.table.LakeTable;
import io.firn.table.SourceColumn;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableException;
import io.firn.table.TableName;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;
import io.firn.transform.Transform;

/** Finds the events of topics: as the YAML has them, or with the columns and the key that their messages tell. */
final class TopicEvents {
    private static final Event NOTHING_SAID = new Event(null, null, null, null, null);

    private final LoadedPipeline pipeline;
    private final Schemas schemas;
    private final Catalogs catalogs;
    private final Map<String, String> topics = new HashMap<>();

    /** @param schemas those of the source's registry; null where it has none */
    TopicEvents(LoadedPipeline pipeline, Schemas schemas, Catalogs catalogs) {
        this.pipeline = pipeline;
        this.schemas = schemas;
        this.catalogs = catalogs;
    }

    /** The schemas of the source's registry; null where it has none. */
    static Schemas schemas(LoadedPipeline pipeline) {
        return pipeline.pipeline().source() instanceof Debezium debezium
                ? debezium.messages().open()
                : null;
    }

    /**
     * The event of a topic where it is read next; empty where the topic is no table's, such as that of heartbeats. Throws
     * FirnException when neither YAML nor messages tell the columns, or another topic has the same table.
     */
    Optional<TopicEvent> of(TopicRange range, Topics brokers) {
        Event said = pipeline.pipeline().events().getOrDefault(range.topic(), NOTHING_SAID);
        if (!said.columns().isEmpty()) {
            return pipeline.events().stream()
                    .filter(event -> event.name().equals(range.topic()))
                    .findFirst()
                    .map(this::alone)
                    .map(this::named);
        }
        ChangeFormat format = ((Debezium) pipeline.pipeline().source()).messages();
        List<KafkaRecord> newest = brokers.newest(range);
        if (!newest.isEmpty() && newest.stream().allMatch(record -> MessageColumns.isOther(format, schemas, record))) {
            return Optional.empty();
        }
        TableName name = table(pipeline, range.topic());
        Optional<LakeTable> table = name == null ? Optional.empty() : catalogs.find(name);
        Optional<TopicState> held = table.flatMap(this::held);
        List<SourceColumn> left = held.map(TopicState::columns).orElse(null);
        // What is read first is what the table begins with; schemas that follow are met in their order.
        List<KafkaRecord> oldest = held.isPresent() ? List.of() : brokers.oldest(range);
        MessageColumns told = told(format, range.topic(), oldest, newest, left != null);
        Evolution evolution = evolution(range.topic(), said, name, true);
        Rows rows = evolution.begin(told, left, table.map(LakeTable::ownColumns).orElse(List.of()));
        List<String> key = told == null ? table.orElseThrow().idColumns() : told.key();
        ResolvedEvent event = resolved(range.topic(), told(range.topic(), said, key, rows));
        if (told != null) {
            refuseOtherKey(format, event, told.key(), newest);
        }
        return Optional.of(new TopicEvent(alone(event), evolution, rows, told == null ? null : told.schema()));
    }

    /** The same event with other columns, which a schema of this name tells. */
    TopicEvent with(TopicEvent event, Rows rows, String schema) {
        Event said = pipeline.pipeline().events().getOrDefault(event.event().name(), NOTHING_SAID);
        Event next = told(event.event().name(), said, event.event().target().idColumns(), rows);
        return new TopicEvent(resolved(event.event().name(), next), event.evolution(), rows, schema);
    }

    private TopicEvent named(ResolvedEvent event) {
        Event said = pipeline.pipeline().events().get(event.name());
        Evolution evolution = evolution(event.name(), said, event.target().table(), false);
        Optional<TopicState> held = catalogs.find(event.target().table()).flatMap(this::held);
        Rows rows =
                evolution.named(event.columns(), held.map(TopicState::columns).orElse(null));
        return with(new TopicEvent(event, evolution, rows, null), rows, null);
    }

    private Evolution evolution(String topic, Event said, TableName table, boolean told) {
        Defaults defaults = pipeline.pipeline().defaults();
        TypeChange usual = said.onTypeChange() != null ? said.onTypeChange() : defaults.onTypeChange();
        return new Evolution(
                new EvolutionTexts(topic, table, pipeline.file().toString()),
                told,
                usual == null ? TypeChange.FAIL : usual,
                said.unknownColumns() == null ? defaults.unknownColumns() : said.unknownColumns(),
                table == null
                        ? null
                        : pipeline.tables().unreported().find(table).orElse(null),
                columns -> Transform.survivors(columns, said.transforms()));
    }

    /** Nothing too where a position cannot be had, which is told when the topic is drained. */
    private Optional<TopicState> held(LakeTable table) {
        try {
            return table.position(pipeline.pipeline().pipeline()).map(TopicPosition::state);
        } catch (TableException e) {
            return Optional.empty();
        }
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
                .orElseGet(() -> resolved(
                        topic,
                        told(
                                topic,
                                said,
                                told.key(),
                                new Rows(told.columns(), Set.of(), Set.of(), Set.of(), Map.of(), List.of()))));
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

    /**
     * Messages with a key before those without, such as truncates, which do not tell it.
     *
     * @param known whether the table tells what no message does: then null, as where retention took them all
     */
    private MessageColumns told(
            ChangeFormat format, String topic, List<KafkaRecord> oldest, List<KafkaRecord> newest, boolean known) {
        List<KafkaRecord> records = new ArrayList<>(newest);
        Collections.reverse(records);
        records.addAll(0, oldest);
        String why = "no message with a row was found among the newest";
        MessageColumns keyless = null;
        for (KafkaRecord record : records) {
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
        if (known) {
            return null;
        }
        if (keyless != null) {
            return keyless;
        }
        throw new FirnException(
                ExitCode.FAILED,
                "topic " + topic + ": its columns cannot be told from its messages: " + why
                        + ". Name the columns under events." + topic + " in the YAML");
    }

    private Event told(String topic, Event said, List<String> key, Rows rows) {
        TableDefinition target = said.target();
        if (!isDeclared(topic)) {
            List<String> keys = target.idColumns() == null ? key : target.idColumns();
            if (keys.isEmpty() && mode(target) == Mode.UPSERT) {
                throw new FirnException(
                        ExitCode.USAGE,
                        "topic " + topic
                                + ": its messages have no key, so changes cannot find their rows. Give the source's"
                                + " table a primary key, or set message.key.columns in the connector, or choose mode append");
            }
            target = target.keyed(keys);
        }
        return new Event(rows.columns(), said.transforms(), target, said.unknownColumns(), said.onTypeChange());
    }

    /**
     * Refuses a table whose key is not what the connector counts to the key: it tells of changes of its own key only.
     * Older messages may have another, which the connector had then.
     */
    private void refuseOtherKey(ChangeFormat format, ResolvedEvent event, List<String> told, List<KafkaRecord> newest) {
        Set<String> wanted = event.tableColumns().stream()
                .filter(column -> event.target().idColumns().contains(column.name()))
                .map(column -> column.location().keys().get(0))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (wanted.isEmpty() || told.isEmpty() || MessageColumns.isKey(told, wanted)) {
            return;
        }
        List<String> now = null;
        for (KafkaRecord record : newest) {
            List<String> key = MessageColumns.key(format, schemas, record);
            if (MessageColumns.isKey(key, wanted)) {
                return;
            }
            now = key.isEmpty() ? now : key;
        }
        if (now != null) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "topic " + event.name() + ": the key of its messages is (" + String.join(", ", now)
                            + "), and that of table " + event.target().table().text() + " is ("
                            + String.join(", ", wanted)
                            + "). Connectors tell of changes of their own key only, so old rows would stay, or rows"
                            + " would overwrite each other. Write id-columns: [" + String.join(", ", now)
                            + "], or set message.key.columns in the connector and take a new snapshot");
        }
    }

    /** What a definition under ddl/ says of the table's keys, no message does. */
    private boolean isDeclared(String topic) {
        TableName table = table(pipeline, topic);
        return table != null && pipeline.tables().unreported().find(table).isPresent();
    }

    /** The table that the YAML gives a topic, whether or not it is read; null where it cannot be told. */
    static TableName table(LoadedPipeline pipeline, String topic) {
        Event said = pipeline.pipeline().events().getOrDefault(topic, NOTHING_SAID);
        Resolution resolution = new Resolution(
                pipeline.pipeline(),
                pipeline.project().catalogs(),
                null,
                pipeline.document().unreported().scope());
        return resolution.table(
                topic, said.target(), pipeline.document().unreported().scope());
    }

    private Mode mode(TableDefinition target) {
        Mode usual = pipeline.pipeline().defaults().mode();
        return target.mode() != null ? target.mode() : usual != null ? usual : Mode.UPSERT;
    }

    private ResolvedEvent resolved(String topic, Event event) {
        Pipeline written = pipeline.pipeline();
        Map<String, Event> events = new LinkedHashMap<>(Map.of(topic, event));
        Pipeline single = new Pipeline(
                written.pipeline(),
                written.catalog(),
                written.source(),
                written.schedule(),
                written.defaults(),
                events);
        // What is wrong with one topic's event is no other's trouble.
        Document<Pipeline> document = pipeline.document().unreported();
        DeclaredTables tables = pipeline.tables().unreported();
        List<ResolvedEvent> resolved =
                new Resolution(single, pipeline.project().catalogs(), tables, document.scope()).toldEvents();
        tables.throwIfAny();
        document.throwIfAny();
        return resolved.get(0);
    }
}
