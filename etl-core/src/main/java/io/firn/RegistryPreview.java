package io.firn;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firn.change.ChangeFormat;
import io.firn.registry.Schemas;
import io.firn.source.Debezium;
import io.firn.source.TopicRange;
import io.firn.source.Topics;

/** What the latest registered schemas of a pipeline's topics would change in their tables; changes nothing. */
public record RegistryPreview(String pipeline, List<TopicSchema> topics) {

    /**
     * One topic.
     *
     * @param table null: it cannot be told
     * @param schema the version and its id; null: the registry has none
     * @param create the table does not exist yet
     * @param changes that the next run would make
     * @param notes what people should know: columns that the source has no more, or whose values go elsewhere
     * @param conflicts what would stop a run, each with what to write
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
            List<String> conflicts,
            String problem) {

        static TopicSchema problem(String topic, String schema, String why) {
            return new TopicSchema(topic, null, schema, false, List.of(), List.of(), List.of(), why);
        }

        /** Whether the table is as the schema says. */
        public boolean inPlace() {
            return !create && changes.isEmpty() && notes.isEmpty() && conflicts.isEmpty() && problem == null;
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
            for (TopicRange range : brokers.ranges().values()) {
                new RegisteredStep(format, schemas, events, catalogs)
                        .of(range, brokers)
                        .ifPresent(topics::add);
            }
        }
        return new RegistryPreview(pipeline.pipeline().pipeline(), topics);
    }
}
