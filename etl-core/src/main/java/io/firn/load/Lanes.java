package io.firn.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.load.LoadPlan.EventPlan;
import io.firn.load.TaskResult.EventResult;
import io.firn.table.FileSink;
import io.firn.table.WriteTarget;
import io.firn.table.WriterBudget;

/** The lanes of a task, one for each event that has lines, within the memory that they share. */
final class Lanes {
    private static final int MAX_OPEN_FILES = 100;

    private final LoadPlan plan;
    private final List<UTF8String> files;
    private final int partition;
    private final long taskId;
    private final WriterBudget budget;
    private final AsideWriter aside;
    private final EventLane[] lanes;
    private final List<FileSink> sinks = new ArrayList<>();

    /**
     * @param files the source files that lines name by their index
     * @param conf null where the plan sets nothing aside
     */
    Lanes(LoadPlan plan, List<UTF8String> files, TaskContext task, Configuration conf) {
        this.plan = plan;
        this.files = files;
        partition = task.partitionId();
        taskId = task.taskAttemptId();
        budget = new WriterBudget(MAX_OPEN_FILES, plan.taskMemory() / 2);
        aside = plan.aside() == null
                ? null
                : new AsideWriter(plan.aside(), partition + "-" + taskId + ".lines", conf, files);
        lanes = new EventLane[plan.events().size()];
    }

    /** A sink that shares the budget and is closed by {@link #abort} at the latest. */
    FileSink open(WriteTarget target) {
        FileSink sink = target.open(partition, taskId, plan.attempt(), budget);
        sinks.add(sink);
        return sink;
    }

    /** Takes a line of an event; what is refused, now or later, goes to {@code refusals}. */
    void add(int event, byte[] bytes, int from, int to, int file, long offset, long number, Refusals refusals) {
        add(event, bytes, from, to, null, file, offset, number, refusals);
    }

    /** The same of a record's value; {@code key}, which may be null, goes with it to {@code refusals}. */
    void add(
            int event,
            byte[] bytes,
            int from,
            int to,
            byte[] key,
            int file,
            long offset,
            long number,
            Refusals refusals) {
        EventLane lane = lanes[event];
        if (lane == null) {
            EventPlan eventPlan = plan.events().get(event);
            lane = new EventLane(event, plan, files, refusals, aside, open(eventPlan.target()));
            lanes[event] = lane;
        }
        lane.add(bytes, from, to, key, file, offset, number);
    }

    void flush() {
        for (EventLane lane : lanes) {
            if (lane != null) {
                lane.flush();
            }
        }
    }

    /** Closes all files but those of {@link #open}ed sinks that are not the lanes' own. */
    Map<String, EventResult> finish() {
        Map<String, EventResult> events = new LinkedHashMap<>();
        for (int i = 0; i < lanes.length; i++) {
            if (lanes[i] != null) {
                events.put(plan.events().get(i).name(), lanes[i].finish());
            }
        }
        return events;
    }

    /** What was set aside; after {@link #flush}. */
    List<AsideFile> aside() {
        return aside == null ? List.of() : aside.finish();
    }

    void abort() {
        sinks.forEach(FileSink::abort);
        if (aside != null) {
            aside.abort();
        }
    }
}
