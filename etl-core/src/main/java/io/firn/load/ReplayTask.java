package io.firn.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.load.LoadPlan.EventPlan;

/** Decodes quarantined lines again; what is refused again stays where it is. */
final class ReplayTask {
    private final LoadPlan plan;
    private final EventRouter router;
    private final List<UTF8String> files = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Lanes lanes;

    /** @param files the source files of all lines */
    ReplayTask(LoadPlan plan, List<String> files, TaskContext task, Configuration conf) {
        this.plan = plan;
        router = new EventRouter(
                plan.eventName(), plan.events().stream().map(EventPlan::name).toList());
        for (String file : files) {
            indexes.put(file, this.files.size());
            this.files.add(UTF8String.fromString(file));
        }
        lanes = new Lanes(plan, this.files, task, conf);
    }

    /** @param rows {@code firn_file, firn_offset, line} */
    TaskResult run(Iterator<Row> rows) {
        boolean finished = false;
        try {
            while (rows.hasNext()) {
                take(rows.next());
            }
            lanes.flush();
            TaskResult result = new TaskResult(Map.of(), lanes.finish(), List.of(), Map.of(), 0, lanes.aside());
            finished = true;
            return result;
        } finally {
            if (!finished) {
                lanes.abort();
            }
        }
    }

    private void take(Row row) {
        String file = row.getString(0);
        byte[] line = row.getAs(2);
        int event = line.length > plan.lineLimit() ? EventRouter.NO_NAME : router.route(line, 0, line.length);
        if (event >= 0 && plan.missing().get(file).get(event)) {
            lanes.add(event, line, 0, line.length, indexes.get(file), row.getLong(1), 0, (name, lines, i, why) -> {});
        }
    }
}
