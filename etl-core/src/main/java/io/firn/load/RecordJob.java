package io.firn.load;

import java.util.List;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The Spark job that loads plain messages: each record is read and decoded once, straight into its event's table. */
public final class RecordJob {
    private RecordJob() {}

    /**
     * Runs the load; nothing is visible to readers until it is published.
     *
     * @param plan its {@code missing} tells for partitions that some tables hold already which events are looked at
     * @param records as Spark's Kafka reader gives them
     * @param partitions of all records, {@code topic/number}
     */
    public static Staged run(SparkSession spark, LoadPlan plan, Dataset<Row> records, List<String> partitions) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<LoadPlan> shared = context.broadcast(plan);
        try {
            List<TaskResult> results = records.queryExecution()
                    .toRdd()
                    .toJavaRDD()
                    .mapPartitions(
                            rows -> List.of(new RecordTask(shared.value(), partitions, TaskContext.get()).run(rows))
                                    .iterator())
                    .collect();
            return Staged.of(results);
        } finally {
            shared.destroy();
        }
    }
}
