package io.firn.load;

import java.util.Arrays;
import java.util.List;

import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.load.LoadPlan.QuarantinePlan;
import io.firn.schema.Rejection;
import io.firn.table.FileSink;
import io.firn.table.StagedFile;

/** The quarantine's rows within a task: every refused line, whole, with where it stood and why it was refused. */
final class Quarantine implements Refusals {
    private final QuarantinePlan plan;
    private final List<UTF8String> files;
    private final FileSink sink;
    private final UTF8String pipeline;
    private final long loadedAt;
    private final long[] rowsByFile;

    Quarantine(QuarantinePlan plan, List<UTF8String> files, long loadedAt, FileSink sink) {
        this.plan = plan;
        this.files = files;
        this.loadedAt = loadedAt;
        this.sink = sink;
        pipeline = UTF8String.fromString(plan.pipeline());
        rowsByFile = new long[files.size()];
    }

    @Override
    public void add(String event, LineBuffer lines, int line, Rejection why) {
        add(
                event,
                lines.file(line),
                lines.offset(line),
                lines.number(line),
                Arrays.copyOfRange(lines.bytes(), lines.from(line), lines.to(line)),
                why);
    }

    /** Adds a row; {@code event} null when the line does not say, {@code number} 0 when it is not known. */
    void add(String event, int file, long offset, long number, byte[] line, Rejection why) {
        sink.write(new GenericInternalRow(new Object[] {
            pipeline,
            plan.day(),
            UTF8String.fromString(event),
            number == 0 ? null : number,
            UTF8String.fromString(why.column()),
            UTF8String.fromString(why.reason()),
            line,
            null,
            files.get(file),
            offset,
            loadedAt
        }));
        rowsByFile[file]++;
    }

    long rows(int file) {
        return rowsByFile[file];
    }

    List<StagedFile> finish() {
        return sink.finish();
    }
}
