package io.firn.load;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.load.TaskResult.EventResult;
import io.firn.load.TaskResult.FileCounts;

/** Loads the lines that one task put aside; what no column takes now is reported or refused. */
final class AsideTask {
    private final AsideFile aside;
    private final List<UTF8String> files;
    private final Lanes lanes;
    private final Quarantine quarantine;

    /** @param plan without a quarantine: refused lines stay where they are */
    AsideTask(LoadPlan plan, AsideFile aside, TaskContext task) {
        this.aside = aside;
        files = aside.files().stream().map(UTF8String::fromString).toList();
        lanes = new Lanes(plan, files, task, null);
        quarantine = plan.quarantine() == null
                ? null
                : new Quarantine(
                        plan.quarantine(),
                        files,
                        plan.loadedAt(),
                        lanes.open(plan.quarantine().target()));
    }

    TaskResult run(Configuration conf) throws IOException {
        boolean finished = false;
        try (AsideLines lines = new AsideLines(aside, conf)) {
            Refusals refusals = quarantine == null ? (event, buffer, line, why) -> {} : quarantine;
            while (lines.next()) {
                lanes.add(
                        lines.event(),
                        lines.bytes(),
                        0,
                        lines.length(),
                        lines.fileIndex(),
                        lines.offset(),
                        lines.number(),
                        refusals);
            }
            lanes.flush();
            TaskResult result = result();
            finished = true;
            return result;
        } finally {
            if (!finished) {
                lanes.abort();
            }
        }
    }

    private TaskResult result() {
        Map<String, FileCounts> counts = new HashMap<>();
        Map<String, EventResult> events = lanes.finish();
        if (quarantine == null) {
            return new TaskResult(counts, events, List.of(), Map.of(), 0, List.of());
        }
        for (int i = 0; i < files.size(); i++) {
            counts.put(aside.files().get(i), new FileCounts(0, quarantine.rows(i), null));
        }
        return new TaskResult(counts, events, quarantine.finish(), Map.of(), 0, List.of());
    }
}
