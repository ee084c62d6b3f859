package io.firn.load;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Adds up an accumulator over running tasks too, from the executors' heartbeats. */
final class ProgressListener extends SparkListener {
    private final long accumulator;
    private final LongConsumer progress;
    private final Map<Long, Long> byTask = new HashMap<>();

    ProgressListener(long accumulator, LongConsumer progress) {
        this.accumulator = accumulator;
        this.progress = progress;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate heartbeat) {
        CollectionConverters.asJava(heartbeat.accumUpdates())
                .forEach(task -> CollectionConverters.asJava(task._4()).forEach(update -> {
                    if (update.id() == accumulator && update.update().isDefined()) {
                        byTask.put((Long) task._1(), (Long) update.update().get());
                    }
                }));
        tell();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        CollectionConverters.asJava(task.taskInfo().accumulables()).forEach(update -> {
            if (update.id() == accumulator && update.update().isDefined()) {
                byTask.put(task.taskInfo().taskId(), (Long) update.update().get());
            }
        });
        tell();
    }

    private void tell() {
        progress.accept(byTask.values().stream().mapToLong(Long::longValue).sum());
    }
}
