package io.firn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.spark.sql.SparkSession;

import io.firn.load.ChangeJob;
import io.firn.load.ChangePlan;
import io.firn.load.ChangePlan.Meeting;
import io.firn.load.FoldedBatch;
import io.firn.source.Debezium;
import io.firn.source.OffsetPlan;
import io.firn.source.TopicRange;
import io.firn.source.TopicSource;
import io.firn.source.Topics;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.Merge;
import io.firn.table.MergePlan;
import io.firn.table.MergeSessions;
import io.firn.table.OffsetRange;
import io.firn.table.SchemaPlan;
import io.firn.table.StagedChanges;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;

/**
 * What the next batch of each topic would do to its table; tables are only read. To tell which files a merge touches its
 * changes are folded as for a run.
 *
 * @param tables one for each topic, or for plain messages for each event
 */
public record TopicPreview(String pipeline, List<TablePreview> tables) {

    /**
     * One table.
     *
     * @param columns those that it lacks
     * @param changed what becomes of others: their types hold more, or they may be null
     * @param conflicts what stops a run
     * @param offsets the batch, by topic and partition
     * @param records in it, markers of transactions counted in
     * @param behind records that are left after it
     * @param merge how the table would be read and what of it the batch touches; null: nothing is merged
     * @param problem why it cannot be told, or what stops a run; null: nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record TablePreview(
            String table,
            boolean create,
            List<String> columns,
            List<String> changed,
            List<String> conflicts,
            SortedMap<String, SortedMap<Integer, OffsetRange>> offsets,
            long records,
            long behind,
            MergePlan merge,
            String problem) {}

    /** Whether a run would change anything. */
    public boolean changes() {
        return tables.stream()
                .anyMatch(t ->
                        t.create() || !t.columns().isEmpty() || !t.changed().isEmpty() || t.records() > 0);
    }

    /** Whether a run would stop at a table. */
    public boolean blocked() {
        return tables.stream()
                .anyMatch(t -> t.problem() != null || !t.conflicts().isEmpty());
    }

    /** Looks at topics and tables. Throws SourceUnavailable when brokers do not answer. */
    public static TopicPreview of(LoadedPipeline pipeline, SparkSession spark, Catalogs catalogs) {
        TopicSource source = (TopicSource) pipeline.pipeline().source();
        TopicContext context = new TopicContext(
                pipeline,
                TopicEvents.schemas(pipeline),
                spark,
                catalogs,
                new MergeSessions(spark),
                UUID.randomUUID().toString(),
                Instant.now(),
                false,
                () -> false);
        List<TablePreview> tables = new ArrayList<>();
        try (Topics topics = Topics.open(source)) {
            SortedMap<String, TopicRange> ranges = topics.ranges();
            if (source instanceof Debezium) {
                TopicEvents events = new TopicEvents(pipeline, context.schemas(), catalogs);
                for (TopicRange range : ranges.values()) {
                    of(context, () -> events.of(range, topics).map(TopicEvent::event), range.topic(), List.of(range))
                            .ifPresent(tables::add);
                }
            } else {
                for (ResolvedEvent event : pipeline.events()) {
                    of(context, () -> Optional.of(event), event.name(), List.copyOf(ranges.values()))
                            .ifPresent(tables::add);
                }
            }
        }
        return new TopicPreview(pipeline.pipeline().pipeline(), tables);
    }

    private static Optional<TablePreview> of(
            TopicContext context,
            java.util.function.Supplier<Optional<ResolvedEvent>> named,
            String name,
            List<TopicRange> ranges) {
        try {
            return named.get().map(event -> of(context, event, ranges));
        } catch (RuntimeException e) {
            return Optional.of(new TablePreview(
                    name, false, List.of(), List.of(), List.of(), new TreeMap<>(), 0, 0, null, e.getMessage()));
        }
    }

    private static TablePreview of(TopicContext context, ResolvedEvent event, List<TopicRange> ranges) {
        boolean changes = context.source() instanceof Debezium;
        LoadColumns kind = changes ? LoadColumns.CHANGE : LoadColumns.DUMP;
        var own = changes ? ChangeTable.ownColumns(event) : EventTable.ownColumns(event);
        Optional<LakeCatalog> catalog =
                context.catalogs().existing(event.target().table());
        SchemaPlan schema = catalog.isPresent()
                ? catalog.get().plan(event.target(), own, kind)
                : LakeCatalog.creation(event.target(), own, kind);
        Optional<LakeTable> table = context.catalogs().find(event.target().table());
        Optional<TopicPosition> position = table.flatMap(t -> t.position(context.name()));
        SortedMap<String, SortedMap<Integer, OffsetRange>> offsets = new TreeMap<>();
        long records = 0;
        long behind = 0;
        OffsetPlan batch = null;
        for (TopicRange range : ranges) {
            batch = OffsetPlan.next(
                    range,
                    position.map(p -> p.state().topics().get(range.topic())).orElse(null),
                    context.source().batch());
            offsets.put(range.topic(), batch.offsets().partitions());
            records += batch.records();
            behind += batch.behind();
        }
        boolean merges = changes && event.target().mode() == Mode.UPSERT && schema.inPlace() && records > 0;
        MergePlan merge =
                merges ? merge(context, event, table.orElseThrow(), position.map(TopicPosition::state), batch) : null;
        return new TablePreview(
                event.target().table().text(),
                schema.create(),
                schema.added(),
                Stream.concat(
                                schema.widened().stream(),
                                schema.relaxed().stream().map(name -> name + " may be null"))
                        .toList(),
                schema.conflicts(),
                offsets,
                records,
                behind,
                merge,
                null);
    }

    /** Null where the quarantine is not there yet, which folding may need. */
    private static MergePlan merge(
            TopicContext context, ResolvedEvent event, LakeTable table, Optional<TopicState> held, OffsetPlan batch) {
        Optional<LakeTable> quarantine =
                context.catalogs().find(context.pipeline().quarantine());
        if (quarantine.isEmpty()) {
            return null;
        }
        StagingPlace staging = new StagingPlace(
                context.pipeline(), context.spark().sparkContext().hadoopConfiguration());
        String attempt = UUID.randomUUID().toString();
        String folder = staging.folder(attempt);
        ChangePlan plan = ChangeTable.of(context, event, table)
                .plan(context, batch.topic(), new TopicQuarantine(context, quarantine.get(), batch.topic()))
                .after(held.orElse(null), batch.partitionCounts(), List.of(), attempt);
        if (plan.meeting() != Meeting.MERGE) {
            return null;
        }
        try {
            FoldedBatch folded = ChangeJob.stage(
                    context.spark(),
                    plan,
                    Topics.records(context.spark(), context.source(), List.of(batch)),
                    1,
                    folder);
            quarantine.get().discard(folded.quarantine());
            StagedChanges changes = new StagedChanges(
                    folder,
                    folded.rows(),
                    event.target().idColumns(),
                    event.tableColumns(),
                    LoadColumns.CHANGE,
                    folded.unavailable(),
                    null,
                    event.target().deletes());
            return folded.rows() == 0 ? null : new Merge(changes, context.sessions()).plan(table);
        } finally {
            staging.delete(folder);
        }
    }
}
