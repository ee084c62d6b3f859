package io.firn.load;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;

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
     * Copies the rows that are left to another folder and counts them.
     *
     * @param floor rows before it are left out; null: none are
     * @param without the positions of rows that are left out
     */
    public long copy(String floor, List<String> without, String into) {
        Dataset<Row> rows = read();
        if (floor != null) {
            rows = rows.where(position().gt(floor));
        }
        if (!without.isEmpty()) {
            rows = rows.where(functions.not(position().isin(without.toArray())));
        }
        rows.write().parquet(into);
        return spark.read().schema(plan.staged()).parquet(into).count();
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

    /** Writes the rows that are there after all changes to files of the plan's target. */
    public List<StagedFile> write(String floor) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<ChangePlan> shared = context.broadcast(plan);
        try {
            return read().where(
                            position().gt(floor).and(functions.col("firn_op").notEqual("d")))
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
