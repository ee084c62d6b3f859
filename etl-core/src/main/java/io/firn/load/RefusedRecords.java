package io.firn.load;

import java.util.List;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.util.TaskFailureListener;

import io.firn.change.KafkaRecord;
import io.firn.schema.Rejection;
import io.firn.table.FileSink;
import io.firn.table.StagedFile;
import io.firn.table.WriteTarget;
import io.firn.table.WriterBudget;

/** The quarantine's rows of a task that reads records: each whole, with its place in Kafka and why it was refused. */
final class RefusedRecords {
    private static final long BUDGET = 32L << 20;
    private static final long DAY_MILLIS = 86_400_000;

    private final UTF8String pipeline;
    private final long loadedAt;
    private final WriteTarget target;
    private final String attempt;
    private final TaskContext task;
    private FileSink sink;
    private long count;

    RefusedRecords(String pipeline, long loadedAt, WriteTarget target, String attempt, TaskContext task) {
        this.pipeline = UTF8String.fromString(pipeline);
        this.loadedAt = loadedAt;
        this.target = target;
        this.attempt = attempt;
        this.task = task;
    }

    /** Where a record lies, as the quarantine's {@code firn_file} says it. */
    static String file(String topic, int partition) {
        return topic + "/" + partition;
    }

    /** A record whose event is its topic. */
    void add(KafkaRecord record, Rejection why) {
        add(record, record.topic(), why);
    }

    /** @param event null when the record does not say */
    void add(KafkaRecord record, String event, Rejection why) {
        if (sink == null) {
            sink = target.open(
                    task.partitionId(), task.taskAttemptId(), attempt, new WriterBudget(Integer.MAX_VALUE, BUDGET));
            FileSink opened = sink;
            task.addTaskFailureListener((TaskFailureListener) (context, error) -> opened.abort());
        }
        sink.write(new GenericInternalRow(new Object[] {
            pipeline,
            (int) Math.floorDiv(record.timestamp(), DAY_MILLIS),
            UTF8String.fromString(event),
            null,
            UTF8String.fromString(why.column()),
            UTF8String.fromString(why.reason()),
            record.value(),
            record.key(),
            UTF8String.fromString(file(record.topic(), record.partition())),
            record.offset(),
            loadedAt
        }));
        count++;
    }

    long count() {
        return count;
    }

    List<StagedFile> finish() {
        return sink == null ? List.of() : sink.finish();
    }
}
