package io.firn.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;

import io.firn.source.Bundle;
import io.firn.source.DamagedFileException;

/**
 * Loads one bundle on an executor. A file that turns out damaged half way must leave no rows: what was written is
 * deleted and the bundle runs again without it.
 */
final class LoadTask {
    private final LoadPlan plan;
    private final Configuration conf;
    private final TaskContext task;
    private final LongConsumer bytesRead;

    LoadTask(LoadPlan plan, TaskContext task, Configuration conf, LongConsumer bytesRead) {
        this.plan = plan;
        this.conf = conf;
        this.task = task;
        this.bytesRead = bytesRead;
    }

    TaskResult run(Bundle bundle) {
        Map<String, String> damaged = new HashMap<>();
        while (true) {
            try (BundleLoad load = new BundleLoad(plan, bundle, damaged, task, conf, bytesRead)) {
                return load.run();
            } catch (DamagedFileException e) {
                damaged.put(e.path(), e.getMessage());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
