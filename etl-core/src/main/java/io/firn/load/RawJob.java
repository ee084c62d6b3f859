package io.firn.load;

import java.util.Iterator;
import java.util.List;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskFailureListener;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.FileSink;
import io.firn.table.StagedFile;
import io.firn.table.WriteTarget;
import io.firn.table.WriterBudget;

/** The Spark job that keeps records as they came. */
public final class RawJob {
    /** In the order in which rows have them; the load columns follow. */
    public static final List<Column> COLUMNS = List.of(
            column("topic", Scalar.STRING, "the record's topic"),
            column("written_at", Scalar.TIMESTAMPTZ, "the record's own time"),
            column("record_key", Scalar.BINARY, "its key, as it came"),
            column("value", Scalar.BINARY, "its value, as it came"),
            column("headers", ColumnType.parse("list<struct<name: string, value: binary>>"), "its headers"));

    private static final int MAX_FILES = 100;
    private static final long BUDGET = 256L << 20;

    private RawJob() {}

    /** What the job wrote: files that no snapshot names yet, and how many records they hold. */
    public record Kept(long records, List<StagedFile> files) {}

    /**
     * Writes records to files of a table with {@link #COLUMNS} and the load columns of dumps.
     *
     * @param records as Spark's Kafka reader gives them
     * @param attempt names this try; no two tries share file names
     * @param loadedAt the run's start, microseconds since the epoch
     */
    public static Kept run(
            SparkSession spark, WriteTarget target, Dataset<Row> records, String attempt, long loadedAt) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<WriteTarget> shared = context.broadcast(target);
        try {
            List<StagedFile> files = records.queryExecution()
                    .toRdd()
                    .toJavaRDD()
                    .mapPartitions(rows ->
                            write(shared.value(), rows, attempt, loadedAt).iterator())
                    .collect();
            return new Kept(files.stream().mapToLong(StagedFile::rows).sum(), files);
        } finally {
            shared.destroy();
        }
    }

    private static List<StagedFile> write(
            WriteTarget target, Iterator<InternalRow> rows, String attempt, long loadedAt) {
        TaskContext task = TaskContext.get();
        FileSink sink =
                target.open(task.partitionId(), task.taskAttemptId(), attempt, new WriterBudget(MAX_FILES, BUDGET));
        task.addTaskFailureListener((TaskFailureListener) (failed, error) -> sink.abort());
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            String topic = row.getUTF8String(2).toString();
            sink.write(new GenericInternalRow(new Object[] {
                row.getUTF8String(2),
                row.getLong(5),
                row.isNullAt(0) ? null : row.getBinary(0),
                row.isNullAt(1) ? null : row.getBinary(1),
                row.isNullAt(7) ? null : row.getArray(7),
                UTF8String.fromString(RefusedRecords.file(topic, row.getInt(3))),
                row.getLong(4),
                loadedAt
            }));
        }
        return sink.finish();
    }

    private static Column column(String name, ColumnType type, String comment) {
        return new Column(name, type, null, null, false, comment);
    }
}
