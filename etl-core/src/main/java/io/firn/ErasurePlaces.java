package io.firn;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

import io.firn.ErasureResult.Role;
import io.firn.change.Position;
import io.firn.change.RecordJson;
import io.firn.maintain.Matching;
import io.firn.maintain.RowErasure;
import io.firn.registry.Schemas;
import io.firn.source.Debezium;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.SqlLiterals;
import io.firn.table.TableName;

/** Where a subject's rows of a table may lie, and by which condition each place tells them: raw tables, quarantines, the table. */
final class ErasurePlaces {
    private final SparkSession spark;
    private final Catalogs catalogs;
    private final LakeTable table;
    private final Duration patience;
    private final ErasurePredicate what;
    private final FeedingPipelines pipelines;

    ErasurePlaces(
            SparkSession spark,
            Catalogs catalogs,
            Erasure.Request request,
            ErasurePredicate what,
            FeedingPipelines pipelines) {
        this.spark = spark;
        this.catalogs = catalogs;
        this.table = request.table();
        this.patience = request.patience();
        this.what = what;
        this.pipelines = pipelines;
    }

    /** A table and the rows that are meant in it. */
    record Place(Role role, LakeTable table, RowErasure erasure) {}

    /** The table last: as long as it has the rows, what belongs to them is found elsewhere. */
    List<Place> all() {
        Place own = place(Role.TABLE, table, new Matching(what.rows(), what.sql()));
        List<Place> places = new ArrayList<>();
        raws().forEach((name, feeds) -> catalogs.find(name).ifPresent(raw -> places.add(raw(raw, feeds, own))));
        Map<TableName, List<LoadedPipeline>> quarantines = new LinkedHashMap<>();
        pipelines.feeding().forEach(pipeline -> quarantines
                .computeIfAbsent(pipeline.quarantine(), name -> new ArrayList<>())
                .add(pipeline));
        quarantines.forEach((name, feeds) -> {
            if (!name.equals(table.name())) {
                catalogs.find(name).ifPresent(quarantine -> places.add(quarantine(quarantine, feeds)));
            }
        });
        places.add(own);
        return places;
    }

    private Place place(Role role, LakeTable at, Matching rows) {
        return new Place(role, at, new RowErasure(spark, at, rows, patience));
    }

    private Map<TableName, List<LoadedPipeline>> raws() {
        Map<TableName, List<LoadedPipeline>> raws = new LinkedHashMap<>();
        for (LoadedPipeline pipeline : pipelines.feeding()) {
            TableName raw = rawOf(pipeline);
            if (raw != null && !raw.equals(table.name())) {
                raws.computeIfAbsent(raw, name -> new ArrayList<>()).add(pipeline);
            }
        }
        return raws;
    }

    private static TableName rawOf(LoadedPipeline pipeline) {
        return pipeline.pipeline().source() instanceof Debezium changes ? changes.raw() : null;
    }

    private Place quarantine(LakeTable quarantine, List<LoadedPipeline> feeds) {
        Column refused = lit(false);
        List<String> names = new ArrayList<>();
        List<Row> stored = stored(quarantine, col("pipeline"), col("event"));
        for (LoadedPipeline pipeline : feeds) {
            String name = pipeline.pipeline().pipeline();
            names.add(name);
            Column events = lit(false);
            Stream<String> known =
                    stored.stream().filter(row -> name.equals(row.getString(0))).map(row -> row.getString(1));
            for (String event : topics(List.of(pipeline), List.of(pipeline), known)) {
                Column holds = verdict(
                        pipeline,
                        event,
                        col("line"),
                        col("record_key"),
                        col("column_name").isNull());
                events = events.or(
                        col("event").equalTo(event).or(col("event").isNull()).and(holds.equalTo(SubjectLines.YES)));
            }
            refused = refused.or(col("pipeline")
                    .equalTo(name)
                    .and(col("line").isNotNull().or(col("record_key").isNotNull()))
                    .and(events));
        }
        return place(Role.QUARANTINE, quarantine, new Matching(refused, "pipeline IN " + SqlLiterals.list(names)));
    }

    /** By the condition where records can be read; all of a row whose record was found so, or that the table has. */
    private Place raw(LakeTable raw, List<LoadedPipeline> feeds, Place own) {
        List<LoadedPipeline> sharing = Stream.concat(feeds.stream(), pipelines.others().stream())
                .filter(pipeline -> raw.name().equals(rawOf(pipeline)))
                .toList();
        List<String> topics =
                topics(feeds, sharing, stored(raw, col("topic")).stream().map(row -> row.getString(0)));
        String narrowed = topics.isEmpty() ? null : "topic IN " + SqlLiterals.list(topics);
        Column holds = lit(false);
        Column unread = lit(false);
        for (String topic : topics) {
            List<LoadedPipeline> named =
                    feeds.stream().filter(feed -> events(feed).contains(topic)).toList();
            Column ours = col("topic").equalTo(topic);
            for (LoadedPipeline feed : named.isEmpty() ? feeds : named) {
                Column verdict = verdict(feed, topic, col("value"), col("record_key"), lit(false));
                holds = holds.or(ours.and(verdict.equalTo(SubjectLines.YES)));
                unread = unread.or(ours.and(verdict.equalTo(SubjectLines.UNREAD)));
            }
        }
        Column place = functions.concat(col(LoadColumns.FILE), lit("@"), col(LoadColumns.OFFSET));
        Column seeds =
                holds.or(unread.and(known(loaded(own, topics)).apply(lit(""), place.cast(DataTypes.BinaryType))));
        Set<String> keys = new HashSet<>();
        RowErasure seeding = new RowErasure(spark, raw, new Matching(seeds, narrowed), patience);
        for (Row row : seeding.stored(col("topic"), col("record_key"))) {
            if (!row.isNullAt(1)) {
                keys.add(SubjectRecords.name(row.getString(0), row.getAs(1)));
            }
        }
        Column all = seeds.or(known(keys).apply(col("topic"), col("record_key")));
        return place(Role.RAW, raw, new Matching(all, narrowed));
    }

    /** The records that rows of the table came from. */
    private Set<String> loaded(Place own, List<String> topics) {
        Set<String> records = new HashSet<>();
        if (!table.columns().contains(LoadColumns.POSITION)) {
            return records;
        }
        for (Row row : own.erasure().stored(col(LoadColumns.POSITION))) {
            if (!row.isNullAt(0)) {
                Position position = Position.parse(row.getString(0));
                for (String topic : topics) {
                    String at = topic + "/" + position.partition() + "@" + position.offset();
                    records.add(SubjectRecords.name("", at.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                }
            }
        }
        return records;
    }

    private static org.apache.spark.sql.expressions.UserDefinedFunction known(Set<String> names) {
        return functions.udf(new SubjectRecords(names), DataTypes.BooleanType);
    }

    private Column verdict(LoadedPipeline pipeline, String event, Column line, Column key, Column whole) {
        RecordJson json = null;
        if (pipeline.pipeline().source() instanceof Debezium changes) {
            Schemas schemas = TopicEvents.schemas(pipeline);
            if (schemas != null) {
                schemas.require();
            }
            json = new RecordJson(changes.messages(), schemas);
        }
        Optional<ResolvedEvent> resolved = pipeline.events().stream()
                .filter(one -> one.name().equals(event) && !one.columns().isEmpty())
                .findFirst();
        SubjectLines lines = SubjectLines.of(spark, table, what, resolved, json);
        return functions.udf(lines, DataTypes.IntegerType).apply(line, key, whole);
    }

    /** What of a place is stored at all. */
    private List<Row> stored(LakeTable at, Column... columns) {
        return new RowErasure(spark, at, new Matching(lit(true), null), patience).stored(columns);
    }

    /**
     * The events, or topics, whose lines or records may hold rows of the table: those that go into it, and the topics
     * that are there but that nothing tells to be another table's, as after a reset.
     *
     * @param sharing the pipelines whose records lie in the same place
     * @param there the names of what lies there; those of dumps are known by the YAML alone
     */
    private List<String> topics(List<LoadedPipeline> feeds, List<LoadedPipeline> sharing, Stream<String> there) {
        Set<String> known =
                feeds.stream().flatMap(feed -> events(feed).stream()).collect(Collectors.toSet());
        boolean ofTopics = feeds.get(0).pipeline().source() instanceof Debezium;
        Stream<String> more = there.filter(topic -> ofTopics && topic != null && !known.contains(topic))
                .distinct()
                .filter(topic -> !isOthers(topic, sharing));
        return Stream.concat(known.stream(), more).sorted().toList();
    }

    /** Whether a topic is another table's: those that read it, or else any that would, put it into one that is there. */
    private boolean isOthers(String topic, List<LoadedPipeline> sharing) {
        List<LoadedPipeline> readers = sharing.stream()
                .filter(pipeline -> ((Debezium) pipeline.pipeline().source()).reads(topic))
                .toList();
        Set<TableName> tables = new HashSet<>();
        (readers.isEmpty() ? sharing : readers).forEach(pipeline -> tables.add(TopicEvents.table(pipeline, topic)));
        tables.remove(null);
        return !tables.contains(table.name())
                && tables.stream().anyMatch(name -> catalogs.find(name).isPresent());
    }

    /** The names of the events, or topics, that go into the table. */
    private SortedSet<String> events(LoadedPipeline pipeline) {
        SortedSet<String> names = new TreeSet<>();
        pipeline.events().stream()
                .filter(event -> event.target().table().equals(table.name()))
                .forEach(event -> names.add(event.name()));
        if (pipeline.pipeline().source() instanceof Debezium) {
            names.addAll(table.topicsRead().getOrDefault(pipeline.pipeline().pipeline(), new TreeSet<>()));
        }
        return names;
    }
}
