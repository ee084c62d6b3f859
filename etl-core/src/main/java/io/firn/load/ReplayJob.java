package io.firn.load;

import java.util.List;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** The Spark job that loads quarantined lines again. */
public final class ReplayJob {
    private ReplayJob() {}

    /**
     * Decodes lines and writes the good ones to files that no snapshot names yet.
     *
     * @param plan its {@code missing} tells for every file which events may gain rows
     * @param rows {@code firn_file, firn_offset, line}
     */
    public static Staged run(SparkSession spark, LoadPlan plan, Dataset<Row> rows) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<LoadPlan> shared = context.broadcast(plan);
        Broadcast<SerializableConfiguration> conf =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        try {
            List<TaskResult> results = rows.coalesce(context.defaultParallelism())
                    .toJavaRDD()
                    .mapPartitions(lines -> {
                        LoadPlan here = shared.value();
                        List<String> files = List.copyOf(here.missing().keySet());
                        return List.of(new ReplayTask(
                                                here,
                                                files,
                                                TaskContext.get(),
                                                conf.value().value())
                                        .run(lines))
                                .iterator();
                    })
                    .collect();
            return Staged.of(results);
        } finally {
            shared.destroy();
            conf.destroy();
        }
    }
}
