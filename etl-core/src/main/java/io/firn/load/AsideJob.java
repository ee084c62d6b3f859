package io.firn.load;

import java.util.List;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** The Spark job that loads what an earlier job of the run put aside, now that there are columns for it. */
public final class AsideJob {
    private AsideJob() {}

    /**
     * Runs the load; its counts are those of the lines set aside alone, which were counted as lines of their files before.
     *
     * @param plan with the wider columns; without a quarantine refused lines stay where they are
     */
    public static Staged run(SparkSession spark, LoadPlan plan, List<AsideFile> files) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<LoadPlan> shared = context.broadcast(plan);
        Broadcast<SerializableConfiguration> conf =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        try {
            List<TaskResult> results = context.parallelize(files, Math.max(1, files.size()))
                    .map(file -> new AsideTask(shared.value(), file, TaskContext.get())
                            .run(conf.value().value()))
                    .collect();
            return Staged.of(results);
        } finally {
            shared.destroy();
            conf.destroy();
        }
    }
}
