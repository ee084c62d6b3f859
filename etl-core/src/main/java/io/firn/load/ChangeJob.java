package io.firn.load;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.TaskFailureListener;

import io.firn.table.FileSink;
import io.firn.table.WriterBudget;

/**
 * The Spark job of a batch of changes: each record is read and decoded once, each key's changes meet in one task and are
 * folded there.
 */
public final class ChangeJob {
    private static final int MAX_FILES = 100;
    private static final long BUDGET = 256L << 20;

    private final SparkSession spark;
    private final Broadcast<ChangePlan> plan;
    private final CollectionAccumulator<ReadReport> read;
    private final CollectionAccumulator<FoldReport> folded;

    private ChangeJob(SparkSession spark, ChangePlan plan) {
        this.spark = spark;
        this.plan = JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(plan);
        read = spark.sparkContext().collectionAccumulator("firn records read");
        folded = spark.sparkContext().collectionAccumulator("firn changes folded");
    }

    /**
     * Folds changes and stages them as Parquet files in {@code folder}, for a merge.
     *
     * @param records as Spark's Kafka reader gives them
     * @param tasks how many tasks fold
     */
    public static FoldedBatch stage(
            SparkSession spark, ChangePlan plan, Dataset<Row> records, int tasks, String folder) {
        return new ChangeJob(spark, plan).run(job -> {
            RDD<InternalRow> rows = job.folded(job.sorted(records, tasks));
            job.dataset(rows, plan.staged())
                    .write()
                    .mode(SaveMode.ErrorIfExists)
                    .option("compression", "lz4")
                    .parquet(folder);
            return FoldedBatch.of(once(job.read.value(), ReadReport::task), once(job.folded.value(), FoldReport::task));
        });
    }

    /** Writes every change to files of the plan's target. */
    public static FoldedBatch append(SparkSession spark, ChangePlan plan, Dataset<Row> records) {
        return new ChangeJob(spark, plan).run(job -> {
            Broadcast<ChangePlan> shared = job.plan;
            List<FoldReport> reports = job.decoded(records)
                    .toJavaRDD()
                    .mapPartitions(
                            rows -> List.of(written(shared.value(), rows)).iterator())
                    .collect();
            return FoldedBatch.of(once(job.read.value(), ReadReport::task), reports);
        });
    }

    private <T> T run(Function<ChangeJob, T> work) {
        try {
            return work.apply(this);
        } finally {
            plan.destroy();
        }
    }

    private RDD<InternalRow> decoded(Dataset<Row> records) {
        Broadcast<ChangePlan> shared = plan;
        CollectionAccumulator<ReadReport> reports = read;
        return records.queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(rows -> {
                    ChangeReader reader = new ChangeReader(shared.value(), rows, refused(shared.value()));
                    return (Iterator<InternalRow>) new Reported<>(reader, () -> reports.add(reader.report()));
                })
                .rdd();
    }

    /** Each key's changes in one partition, in the order of their positions. */
    private RDD<InternalRow> sorted(Dataset<Row> records, int tasks) {
        return dataset(decoded(records), plan.value().wire())
                .repartition(tasks, functions.col("firn_key"))
                .sortWithinPartitions("firn_key", "firn_position")
                .queryExecution()
                .toRdd();
    }

    private RDD<InternalRow> folded(RDD<InternalRow> sorted) {
        Broadcast<ChangePlan> shared = plan;
        CollectionAccumulator<FoldReport> reports = folded;
        return sorted.toJavaRDD()
                .mapPartitions(rows -> {
                    ChangeRows folded = new ChangeRows(shared.value(), rows, refused(shared.value()));
                    return (Iterator<InternalRow>) new Reported<>(folded, () -> reports.add(folded.report(List.of())));
                })
                .rdd();
    }

    private static FoldReport written(ChangePlan plan, Iterator<InternalRow> wire) {
        FileSink sink = sink(plan, TaskContext.get());
        ChangeRows rows = new ChangeRows(plan, wire, refused(plan));
        rows.forEachRemaining(sink::write);
        return rows.report(sink.finish());
    }

    /** A sink for the plan's target that a failing task takes back. */
    static FileSink sink(ChangePlan plan, TaskContext task) {
        FileSink sink = plan.target()
                .open(task.partitionId(), task.taskAttemptId(), plan.attempt(), new WriterBudget(MAX_FILES, BUDGET));
        task.addTaskFailureListener((TaskFailureListener) (context, error) -> sink.abort());
        return sink;
    }

    static RefusedRecords refused(ChangePlan plan) {
        return new RefusedRecords(
                plan.pipeline(), plan.loadedAt(), plan.quarantine(), plan.attempt(), TaskContext.get());
    }

    private Dataset<Row> dataset(RDD<InternalRow> rows, StructType schema) {
        return ((org.apache.spark.sql.classic.SparkSession) spark).internalCreateDataFrame(rows, schema, false);
    }

    /** A task that ran twice, since its output was lost, reported twice. */
    private static <T> Collection<T> once(List<T> reports, ToIntFunction<T> task) {
        Map<Integer, T> byTask = new TreeMap<>();
        reports.forEach(report -> byTask.put(task.applyAsInt(report), report));
        return byTask.values();
    }
}
