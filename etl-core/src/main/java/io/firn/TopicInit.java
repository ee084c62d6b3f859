package io.firn;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

import io.firn.change.ChangeFormat;
import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Language;
import io.firn.change.FormatGuess;
import io.firn.change.KafkaRecord;
import io.firn.change.RegisteredColumns;
import io.firn.config.Overrides;
import io.firn.init.Inference;
import io.firn.init.Inference.Hints;
import io.firn.init.InferenceException;
import io.firn.init.InferredPipeline;
import io.firn.init.InferredTopic;
import io.firn.init.TableYaml;
import io.firn.init.TopicNaming;
import io.firn.init.TopicYaml;
import io.firn.registry.LatestSchema;
import io.firn.registry.RegisteredSchema;
import io.firn.registry.Registry;
import io.firn.registry.Schemas;
import io.firn.source.Debezium;
import io.firn.source.TopicRange;
import io.firn.source.Topics;
import io.firn.table.TableDefinition;
import io.firn.table.TableName;

/**
 * Writes a pipeline and its tables' definitions from a topic as it is now.
 *
 * @param brokers brokers to ask first, host:port joined by commas
 * @param settings of Kafka's clients, secrets as references
 * @param registry where the schemas of messages are, as the pipeline's file is to say it; null: messages have no ids
 * @param hints what the user knows of plain events
 */
public record TopicInit(String brokers, String topic, Map<String, String> settings, Registry registry, Hints hints) {
    private static final int RECORDS = 2000;

    /**
     * What was written down.
     *
     * @param records how many were looked at
     * @param files the text of each file, the pipeline's first
     */
    public record Drafts(String pipeline, long records, List<String> tables, Map<Path, String> files) {}

    /**
     * Reads the newest records, or where there are none what the registry has. Throws SourceUnavailable and
     * RegistryUnavailable when they do not answer, InferenceException when nothing tells what the topic holds.
     *
     * @param file where the pipeline is to stand
     * @param name the pipeline's name
     * @param table where changes go; null: a name made of the topic's
     * @param schemas where an editor finds the JSON Schema of a name, for a file
     */
    public Drafts drafts(Path file, String name, TableName table, BiFunction<Path, String, String> schemas) {
        Path folder = Locations.folder(file);
        Project project = Project.load(folder, Overrides.none());
        String catalog = table == null ? project.usualCatalog() : table.catalog();
        String namespace = table == null ? namespace() : String.join(".", table.namespace());
        TopicNaming naming = new TopicNaming(
                schemas.apply(file, "pipeline.schema.json"), name, brokers, topic, settings, catalog, namespace);
        Registry located = registry == null
                ? null
                : registry.located(path -> folder.resolve(path).toString());
        List<KafkaRecord> records = records();
        Schemas known = located == null ? null : located.open();
        Optional<ChangeFormat> format = format(records, known);
        Map<Path, String> files = new LinkedHashMap<>();
        if (format.isEmpty()) {
            InferredPipeline inferred = Inference.of(
                    records.stream()
                            .map(KafkaRecord::value)
                            .filter(value -> value != null)
                            .iterator(),
                    hints);
            files.put(file, inferred.yaml(naming));
            List<TableDefinition> tables = inferred.tables(naming);
            tables.forEach(each -> put(each, List.of("Inferred from topic " + topic + "."), folder, schemas, files));
            return drafts(name, records, tables, files);
        }
        InferredTopic inferred = records.stream().anyMatch(record -> record.value() != null)
                ? InferredTopic.of(format.get(), known, records)
                : InferredTopic.of(format.get(), registered(known).columns());
        TopicYaml yaml = new TopicYaml(inferred, naming, table == null ? table(naming) : table);
        files.put(file, yaml.pipeline());
        put(yaml.definition(), yaml.definitionNotes(), folder, schemas, files);
        return drafts(name, records, List.of(yaml.definition()), files);
    }

    private static Drafts drafts(
            String name, List<KafkaRecord> records, List<TableDefinition> tables, Map<Path, String> files) {
        return new Drafts(
                name,
                records.size(),
                tables.stream().map(table -> table.table().text()).toList(),
                files);
    }

    private static void put(
            TableDefinition table,
            List<String> notes,
            Path folder,
            BiFunction<Path, String, String> schemas,
            Map<Path, String> files) {
        Path file = LoadedTables.file(table.table(), folder, Overrides.none());
        files.put(file, TableYaml.of(table, schemas.apply(file, "table.schema.json"), notes));
    }

    private List<KafkaRecord> records() {
        Debezium source = new Debezium(brokers, topic, null, null, settings, null, null, null, null, null);
        try (Topics topics = Topics.open(source)) {
            TopicRange range = topics.ranges().get(topic);
            if (range == null) {
                throw new FirnException(
                        ExitCode.SOURCE_NOT_READY,
                        "there is no topic " + topic + " at " + brokers + " that this client may see; look at its name"
                                + " and the settings");
            }
            return topics.sample(range, RECORDS);
        }
    }

    /** Empty: plain events. */
    private Optional<ChangeFormat> format(List<KafkaRecord> records, Schemas known) {
        if (known != null && records.stream().allMatch(record -> record.value() == null)) {
            return Optional.of(registeredFormat(known));
        }
        try {
            return FormatGuess.of(records, registry, known);
        } catch (IllegalArgumentException e) {
            throw new InferenceException("Topic " + topic + " cannot be read: " + e.getMessage());
        }
    }

    private ChangeFormat registeredFormat(Schemas known) {
        Language language = RegisteredSchema.JSON.equals(value(known).kind()) ? Language.JSON : Language.AVRO;
        return new ChangeFormat(
                language,
                registry,
                null,
                registered(known, ChangeFormat.of(language, registry)).isEnvelope()
                        ? Envelope.DEBEZIUM
                        : Envelope.UNWRAPPED,
                null,
                null,
                null);
    }

    private RegisteredColumns registered(Schemas known) {
        return registered(known, registeredFormat(known));
    }

    private RegisteredColumns registered(Schemas known, ChangeFormat format) {
        return RegisteredColumns.of(
                format,
                value(known),
                known.latest(topic + "-key").map(LatestSchema::schema).orElse(null));
    }

    private RegisteredSchema value(Schemas known) {
        return known.latest(topic + "-value")
                .map(LatestSchema::schema)
                .orElseThrow(() -> new InferenceException("Topic " + topic + " holds no record with a value, and the"
                        + " registry no subject " + topic + "-value, so nothing tells what it holds. Write a record and"
                        + " run again."));
    }

    /** Topics of a connector begin with its name; others stand alone. */
    private String namespace() {
        String first = topic.replaceFirst("\\..*", "");
        return Names.snake(first).isEmpty() ? "topics" : Names.snake(first);
    }

    private TableName table(TopicNaming naming) {
        String last = Names.snake(topic.substring(topic.lastIndexOf('.') + 1));
        return TableName.parse(naming.catalog() + "." + naming.namespace() + "." + (last.isEmpty() ? "rows" : last));
    }

    /** A pipeline's name made of a topic's. */
    public static String pipelineName(String topic) {
        String name =
                topic.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^[-0-9]+|-+$", "");
        return name.isEmpty() ? "topic" : name;
    }
}
