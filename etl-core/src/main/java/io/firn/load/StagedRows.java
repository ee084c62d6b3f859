package io.firn.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

import io.firn.change.KafkaRecord;
import io.firn.change.Position;
import io.firn.schema.Rejection;
import io.firn.table.FileSink;
import io.firn.table.StagedFile;

/** Changes that are staged in a folder, as {@link ChangeJob#stage} wrote them. */
public final class StagedRows {
    private static final Rejection UNSENT = new Rejection(
            null,
            "a value that the source did not send because it is large and unchanged, and the table has no row to take it"
                    + " from; set REPLICA IDENTITY FULL, or take a new snapshot of the row");

    private final SparkSession spark;
    private final ChangePlan plan;
    private final String folder;

    public StagedRows(SparkSession spark, ChangePlan plan, String folder) {
        this.spark = spark;
        this.plan = plan;
        this.folder = folder;
    }

    /**
     * Before which place in the log staged rows are void.
     *
     * @param at the text of a position
     * @param certain before which those of {@code spared} are void too; null: none of them is
     * @param spared partitions whose changes may be newer than where they were written, but for rows of snapshots
     */
    public record Floor(String at, String certain, Set<Integer> spared) {
        /** Whether a row at this position is void for certain. */
        public boolean voids(String position) {
            return spared.isEmpty() && position.compareTo(at) < 0;
        }

        private Column spares() {
            Column after = position().geq(at);
            if (spared.isEmpty()) {
                return after;
            }
            Column change = functions.col("firn_op").notEqual("r");
            Column there = functions
                    .element_at(functions.split(position(), "-"), functions.lit(Position.PLACES + 1))
                    .isin(spared.stream().map(Position::partitionText).toArray());
            Column spare = change.and(there);
            return after.or(certain == null ? spare : spare.and(position().geq(certain)));
        }
    }

    /**
     * Copies the rows that are left to another folder and counts them.
     *
     * @param floor rows before it are left out; null: none are
     * @param without the positions of rows that are left out
     * @param also rows that are added
     */
    public long copy(Floor floor, List<String> without, List<InternalRow> also, String into) {
        left(floor, without, also).write().parquet(into);
        return spark.read().schema(plan.staged()).parquet(into).count();
    }

    private Dataset<Row> left(Floor floor, List<String> without, List<InternalRow> also) {
        Dataset<Row> rows = read();
        if (!without.isEmpty()) {
            rows = rows.where(functions.not(position().isin(without.toArray())));
        }
        if (!also.isEmpty()) {
            rows = rows.union(dataset(also, plan.staged()));
        }
        if (floor != null) {
            rows = rows.where(floor.spares());
        }
        return rows;
    }

    /**
     * What became of rows that took another key and were sent without some values.
     *
     * @param positions of all of them
     * @param whole those that are whole again
     * @param lost the positions of those whose values cannot be had
     */
    public record Moved(List<String> positions, List<InternalRow> whole, List<String> lost) {}

    /**
     * Looks for those values.
     *
     * @param moved what this batch told of rows that went on under another key
     * @param table the table's rows before the batch
     * @param keys its key columns
     */
    public Moved moved(List<MovedRow> moved, Dataset<Row> table, List<String> keys) {
        List<UnsafeRow> rows =
                notStale(rows(read().where(functions.col("firn_origin").isNotNull())), table, keys);
        if (rows.isEmpty()) {
            return new Moved(List.of(), List.of(), List.of());
        }
        Dataset<Row> known = table.where(functions.not(keysOnly(keys)));
        MovedRows.Resolved resolved = new MovedRows(plan, moved).resolve(rows, new MovedRows.Table() {
            @Override
            public Map<UnsafeRow, InternalRow> rows(List<UnsafeRow> wanted) {
                return find(wanted, known, keys);
            }

            @Override
            public Map<String, InternalRow> deleted(Set<String> places) {
                return findDeleted(places, known);
            }
        });
        int position = plan.staged().fieldIndex("firn_position");
        return new Moved(
                rows.stream().map(row -> row.getUTF8String(position).toString()).toList(),
                resolved.whole(),
                resolved.lost());
    }

    /** Without those that were sent again: the table has had them, and leaves them out whatever they lack. */
    private List<UnsafeRow> notStale(List<UnsafeRow> rows, Dataset<Row> table, List<String> keys) {
        if (rows.isEmpty()) {
            return rows;
        }
        StructType staged = plan.staged();
        UnsafeProjection key = key(staged, keys);
        int position = staged.fieldIndex("firn_position");
        Column[] columns = Arrays.stream(staged.fieldNames())
                .limit(width() + 1)
                .map(StagedRows::quoted)
                .toArray(Column[]::new);
        Map<UnsafeRow, UTF8String> held = new HashMap<>();
        for (UnsafeRow row : rows(table.select(columns)
                .join(functions.broadcast(asked(rows, keys)), keys.toArray(String[]::new), "leftsemi")
                .select(columns))) {
            if (!row.isNullAt(position)) {
                held.put(key.apply(row).copy(), row.getUTF8String(position));
            }
        }
        return rows.stream()
                .filter(row -> {
                    UTF8String there = held.get(key.apply(row));
                    return there == null || there.compareTo(row.getUTF8String(position)) < 0;
                })
                .toList();
    }

    /** Whether a row is that of a remembered delete which never was there: nothing but its key is known. */
    private Column keysOnly(List<String> keys) {
        return Arrays.stream(plan.staged().fieldNames())
                .limit(width())
                .filter(name -> !keys.contains(name))
                .map(name -> quoted(name).isNull())
                .reduce(functions.col("firn_op").eqNullSafe("d"), Column::and);
    }

    private Map<String, InternalRow> findDeleted(Set<String> places, Dataset<Row> table) {
        Column place = functions.substring_index(position(), "-", Position.PLACES);
        Column[] own = Stream.concat(
                        Arrays.stream(plan.staged().fieldNames()).limit(width()).map(StagedRows::quoted),
                        Stream.of(place))
                .toArray(Column[]::new);
        Map<String, InternalRow> rows = new HashMap<>();
        // Bounds leave files out; places are few.
        String first = Collections.min(places);
        String last = Collections.max(places) + "~";
        for (UnsafeRow row : rows(table.where(functions
                        .col("firn_op")
                        .equalTo("d")
                        .and(position().between(first, last))
                        .and(place.isin(places.toArray())))
                .select(own))) {
            rows.put(row.getUTF8String(width()).toString(), row);
        }
        return rows;
    }

    private int width() {
        return plan.staged().length() - ChangePlan.METADATA.length() - ChangePlan.RECORD.length();
    }

    private Dataset<Row> asked(List<UnsafeRow> rows, List<String> keys) {
        Column[] names = keys.stream().map(StagedRows::quoted).toArray(Column[]::new);
        return dataset(List.copyOf(rows), plan.staged()).select(names).distinct();
    }

    private Map<UnsafeRow, InternalRow> find(List<UnsafeRow> wanted, Dataset<Row> table, List<String> keys) {
        StructType staged = plan.staged();
        Column[] own = Arrays.stream(staged.fieldNames())
                .limit(width())
                .map(StagedRows::quoted)
                .toArray(Column[]::new);
        Dataset<Row> found = table.select(own)
                .join(functions.broadcast(asked(wanted, keys)), keys.toArray(String[]::new), "leftsemi");
        UnsafeProjection key = key(staged, keys);
        Map<UnsafeRow, InternalRow> rows = new HashMap<>();
        for (UnsafeRow row : rows(found.select(own))) {
            rows.put(key.apply(row).copy(), row);
        }
        Map<UnsafeRow, InternalRow> answers = new HashMap<>();
        wanted.forEach(row -> {
            InternalRow hit = rows.get(key.apply(row));
            if (hit != null) {
                answers.put(row, hit);
            }
        });
        return answers;
    }

    private UnsafeProjection key(StructType staged, List<String> keys) {
        List<Expression> references = keys.stream()
                .map(staged::fieldIndex)
                .map(i -> (Expression) new BoundReference(i, staged.fields()[i].dataType(), true))
                .toList();
        return UnsafeProjection.create(CollectionConverters.asScala(references).toSeq());
    }

    private static Column quoted(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }

    private static List<UnsafeRow> rows(Dataset<Row> rows) {
        return Arrays.stream(rows.queryExecution().executedPlan().executeCollect())
                .map(row -> ((UnsafeRow) row).copy())
                .toList();
    }

    private Dataset<Row> dataset(List<? extends InternalRow> rows, StructType schema) {
        List<InternalRow> same = List.copyOf(rows);
        RDD<InternalRow> distributed = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(same, 1)
                .rdd();
        return ((org.apache.spark.sql.classic.SparkSession) spark).internalCreateDataFrame(distributed, schema, false);
    }

    /** Writes the records of these rows to the quarantine's files, since what they lack cannot be had. */
    public List<StagedFile> refuse(List<String> positions) {
        List<Row> rows = read().where(position().isin(positions.toArray()))
                .select("firn_position", "firn_record_key", "firn_value", "firn_timestamp")
                .collectAsList();
        List<KafkaRecord> records = new ArrayList<>();
        for (Row row : rows) {
            Position at = Position.parse(row.getString(0));
            records.add(new KafkaRecord(
                    plan.topic(), at.partition(), at.offset(), row.getLong(3), row.getAs(1), row.getAs(2), List.of()));
        }
        return inOneTask(records);
    }

    /** No rows: what a table is to changes that replace all of it. */
    public Dataset<Row> none() {
        return dataset(List.of(), plan.staged());
    }

    /** The positions of rows that stay and do not know all columns. */
    public List<String> partial() {
        return read()
                .where(functions
                        .col("firn_unavailable")
                        .isNotNull()
                        .and(functions.col("firn_op").notEqual("d")))
                .select(position())
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    /** Writes the rows that are left as for {@link #copy}, and there after all changes, to files of the plan's target. */
    public List<StagedFile> write(Floor floor, List<String> without, List<InternalRow> also) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<ChangePlan> shared = context.broadcast(plan);
        try {
            return left(floor, without, also)
                    .where(functions.col("firn_op").notEqual("d"))
                    .queryExecution()
                    .toRdd()
                    .toJavaRDD()
                    .mapPartitions(rows -> written(shared.value(), rows).iterator())
                    .collect();
        } finally {
            shared.destroy();
        }
    }

    private Dataset<Row> read() {
        return spark.read().schema(plan.staged()).parquet(folder);
    }

    private static Column position() {
        return functions.col("firn_position");
    }

    private List<StagedFile> inOneTask(List<KafkaRecord> records) {
        ChangePlan here = plan;
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(records, 1)
                .mapPartitions(rows -> {
                    RefusedRecords refused = ChangeJob.refused(here);
                    rows.forEachRemaining(row -> refused.add(row, UNSENT));
                    return refused.finish().iterator();
                })
                .collect();
    }

    private static List<StagedFile> written(ChangePlan plan, Iterator<InternalRow> rows) {
        FileSink sink = ChangeJob.sink(plan, TaskContext.get());
        rows.forEachRemaining(sink::write);
        return sink.finish();
    }
}
