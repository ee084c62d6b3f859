package io.firn.load;

import java.util.List;
import java.util.function.LongConsumer;

import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

import io.firn.source.Bundle;

/** The one Spark job of a load: a task for each bundle, each byte read once. */
public final class LoadJob {
    private LoadJob() {}

    /**
     * Runs the load; nothing is visible to readers until it is published.
     *
     * @param progress is told the bytes of input read so far, now and then
     */
    public static Staged run(SparkSession spark, LoadPlan plan, List<Bundle> bundles, LongConsumer progress) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<LoadPlan> shared = context.broadcast(plan);
        Broadcast<SerializableConfiguration> conf =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        LongAccumulator bytesRead = spark.sparkContext().longAccumulator("firn bytes read");
        ProgressListener listener = new ProgressListener(bytesRead.id(), progress);
        spark.sparkContext().addSparkListener(listener);
        try {
            List<TaskResult> results = context.parallelize(bundles, Math.max(1, bundles.size()))
                    .map(bundle -> new LoadTask(
                                    shared.value(),
                                    TaskContext.get(),
                                    conf.value().value(),
                                    bytesRead::add)
                            .run(bundle))
                    .collect();
            return Staged.of(results);
        } finally {
            spark.sparkContext().removeSparkListener(listener);
            shared.destroy();
            conf.destroy();
        }
    }
}
