package io.firn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firn.change.ChangeFormat;
import io.firn.change.RegisteredColumns;
import io.firn.config.ConfigException;
import io.firn.registry.LatestSchema;
import io.firn.registry.RegisteredSchema;
import io.firn.registry.Schemas;
import io.firn.source.Debezium;
import io.firn.source.Topics;
import io.firn.table.TableException;

/** What the latest registered schemas of a pipeline's topics would change in their tables; changes nothing. */
public record RegistryPreview(String pipeline, List<TopicSchema> topics) {

    /**
     * One topic.
     *
     * @param table null: it cannot be told
     * @param schema the version and its id; null: the registry has none
     * @param create the table does not exist yet
     * @param changes that the next run would make
     * @param notes what stays as it is, though the source has it otherwise
     * @param incompatible columns that do not hold their values any more
     * @param conflicts what would stop a run
     * @param problem why nothing can be told; null: nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TopicSchema(
            String topic,
            String table,
            String schema,
            boolean create,
            List<String> changes,
            List<String> notes,
            List<String> incompatible,
            List<String> conflicts,
            String problem) {

        static TopicSchema problem(String topic, String schema, String why) {
            return new TopicSchema(topic, null, schema, false, List.of(), List.of(), List.of(), List.of(), why);
        }

        /** Whether the table is as the schema says. */
        public boolean inPlace() {
            return !create && changes.isEmpty() && incompatible.isEmpty() && conflicts.isEmpty() && problem == null;
        }
    }

    /** Whether a table is not as its topic's schema says. */
    public boolean changes() {
        return !topics.stream().allMatch(TopicSchema::inPlace);
    }

    /**
     * Asks brokers for the topics and the registry for their schemas. Throws SourceUnavailable and RegistryUnavailable
     * when they do not answer, FirnException for a pipeline whose source has no registry.
     */
    public static RegistryPreview of(LoadedPipeline pipeline, Catalogs catalogs) {
        if (!(pipeline.pipeline().source() instanceof Debezium changes)
                || changes.messages().registry() == null) {
            throw new FirnException(
                    ExitCode.USAGE,
                    pipeline.file() + " has no registry: --registry is for changes of databases whose source says"
                            + " format: {registry: ...}");
        }
        ChangeFormat format = changes.messages();
        Schemas schemas = format.open();
        TopicEvents events = new TopicEvents(pipeline, schemas, catalogs);
        List<TopicSchema> topics = new ArrayList<>();
        try (Topics brokers = Topics.open(changes)) {
            for (String topic : brokers.ranges().keySet()) {
                one(topic, format, schemas, events, catalogs).ifPresent(topics::add);
            }
        }
        return new RegistryPreview(pipeline.pipeline().pipeline(), topics);
    }

    /** Empty where the topic is no table's. */
    private static Optional<TopicSchema> one(
            String topic, ChangeFormat format, Schemas schemas, TopicEvents events, Catalogs catalogs) {
        Optional<LatestSchema> latest = schemas.latest(topic + "-value");
        if (latest.isEmpty()) {
            return Optional.of(TopicSchema.problem(
                    topic,
                    null,
                    "the registry has no subject " + topic + "-value; connectors that name subjects otherwise are not"
                            + " looked up"));
        }
        String schema = latest.get().text();
        RegisteredSchema key =
                schemas.latest(topic + "-key").map(LatestSchema::schema).orElse(null);
        try {
            RegisteredColumns columns =
                    RegisteredColumns.of(format, latest.get().schema(), key);
            if (columns.isOther(topic)) {
                return Optional.empty();
            }
            return Optional.of(
                    new RegisteredDiff(columns, events.of(topic, columns.columns()), catalogs).told(topic, schema));
        } catch (IllegalArgumentException | FirnException | ConfigException | TableException e) {
            return Optional.of(TopicSchema.problem(topic, schema, e.getMessage()));
        }
    }
}
