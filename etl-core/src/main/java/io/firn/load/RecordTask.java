package io.firn.load;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.change.KafkaRecord;
import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.load.LoadPlan.EventPlan;
import io.firn.load.TaskResult.FileCounts;
import io.firn.schema.Rejection;

/** Loads a task's plain messages: each goes to the lane of its event, or to the quarantine, or is counted. */
final class RecordTask {
    private static final String NO_VALUE = "(no value)";

    private final LoadPlan plan;
    private final List<String> partitions;
    private final EventRouter router;
    private final Lanes lanes;
    private final RefusedRecords refused;
    private final LineDecoder anyLine = LineDecoder.of(List.of(), UnknownFields.REPORT, 0);
    private final DecodedRow noRow = anyLine.row();
    private final Map<String, Integer> indexes = new HashMap<>();
    private final Map<String, Long> notListed = new HashMap<>();
    private final long[] lines;
    private final long[] quarantined;
    private long skipped;

    RecordTask(LoadPlan plan, List<String> partitions, TaskContext task) {
        this.plan = plan;
        this.partitions = partitions;
        router = new EventRouter(
                plan.eventName(), plan.events().stream().map(EventPlan::name).toList());
        partitions.forEach(partition -> indexes.put(partition, indexes.size()));
        lanes = new Lanes(plan, partitions.stream().map(UTF8String::fromString).toList(), task, null);
        refused = new RefusedRecords(
                plan.quarantine().pipeline(), plan.loadedAt(), plan.quarantine().target(), plan.attempt(), task);
        lines = new long[partitions.size()];
        quarantined = new long[partitions.size()];
    }

    /** @param rows as Spark's Kafka reader gives them */
    TaskResult run(Iterator<InternalRow> rows) {
        boolean finished = false;
        try {
            while (rows.hasNext()) {
                take(ChangeReader.record(rows.next()));
            }
            lanes.flush();
            Map<String, FileCounts> counts = new HashMap<>();
            for (int i = 0; i < lines.length; i++) {
                if (lines[i] > 0) {
                    counts.put(partitions.get(i), new FileCounts(lines[i], quarantined[i], null));
                }
            }
            TaskResult result = new TaskResult(counts, lanes.finish(), refused.finish(), notListed, skipped, List.of());
            finished = true;
            return result;
        } finally {
            if (!finished) {
                lanes.abort();
            }
        }
    }

    private void take(KafkaRecord record) {
        int partition = indexes.get(RefusedRecords.file(record.topic(), record.partition()));
        lines[partition]++;
        byte[] value = record.value();
        if (value == null) {
            notListed.merge(NO_VALUE, 1L, Long::sum);
            return;
        }
        BitSet missing = plan.missing().get(partitions.get(partition));
        int event = value.length > plan.lineLimit() ? EventRouter.NO_NAME : router.route(value, 0, value.length);
        if (event >= 0) {
            if (missing != null && !missing.get(event)) {
                skipped++;
                return;
            }
            // Lines have a number where records have a time; each is what the quarantine needs to know.
            lanes.add(
                    event,
                    value,
                    0,
                    value.length,
                    record.key(),
                    partition,
                    record.offset(),
                    record.timestamp(),
                    this::refuse);
        } else if (missing != null) {
            skipped++;
        } else {
            unrouted(record, partition, event);
        }
    }

    private void unrouted(KafkaRecord record, int partition, int why) {
        byte[] value = record.value();
        Rejection rejection = value.length > plan.lineLimit()
                ? new Rejection(null, "message of " + value.length + " bytes, more than " + plan.lineLimit())
                : anyLine.decode(value, 0, value.length, noRow);
        if (rejection == null && why == EventRouter.NOT_LISTED) {
            notListed.merge(router.name(), 1L, Long::sum);
            return;
        }
        refused.add(
                record,
                why == EventRouter.NOT_LISTED ? router.name() : null,
                rejection == null ? new Rejection(null, router.whyNoName()) : rejection);
        quarantined[partition]++;
    }

    private void refuse(String event, LineBuffer buffer, int line, Rejection why) {
        int partition = buffer.file(line);
        String file = partitions.get(partition);
        int slash = file.lastIndexOf('/');
        KafkaRecord record = new KafkaRecord(
                file.substring(0, slash),
                Integer.parseInt(file.substring(slash + 1)),
                buffer.offset(line),
                buffer.number(line),
                buffer.key(line),
                Arrays.copyOfRange(buffer.bytes(), buffer.from(line), buffer.to(line)),
                List.of());
        refused.add(record, event, why);
        quarantined[partition]++;
    }
}
