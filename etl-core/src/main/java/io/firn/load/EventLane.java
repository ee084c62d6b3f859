package io.firn.load;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.load.LoadPlan.EventPlan;
import io.firn.load.TaskResult.EventResult;
import io.firn.schema.Rejection;
import io.firn.table.FileSink;
import io.firn.table.LoadColumns;
import io.firn.transform.RowRunner;

/** One event's lines within a task: gathered, decoded, transformed, written to its table's files. */
final class EventLane {
    private static final int MAX_BATCH = 4 << 20;
    private static final int MIN_BATCH = 1 << 16;

    private final int event;
    private final EventPlan plan;
    private final List<UTF8String> files;
    private final long loadedAt;
    private final Refusals refusals;
    private final AsideWriter aside;
    private final LineBuffer lines;
    private final LineDecoder decoder;
    private final DecodedRow row;
    private final int metadata;
    private final RowRunner program;
    private final FileSink sink;
    private final long[] rowsByFile;
    private long taken;
    private long filtered;
    private long refused;
    private long misfits;

    /** @param aside takes lines that wait for wider columns; null: none does */
    EventLane(int event, LoadPlan load, List<UTF8String> files, Refusals refusals, AsideWriter aside, FileSink sink) {
        this.event = event;
        plan = load.events().get(event);
        this.aside = aside;
        this.files = files;
        this.loadedAt = load.loadedAt();
        this.refusals = refusals;
        lines = new LineBuffer(batchBytes(load));
        decoder = plan.decoder(load.known(), LoadColumns.DUMP.columns().size());
        row = decoder.row();
        metadata = decoder.firstExtraSlot();
        program = plan.program().isIdentity() ? null : plan.program().start();
        this.sink = sink;
        rowsByFile = new long[files.size()];
    }

    /** So many that the lanes of all events together stay within their share of the memory. */
    private static int batchBytes(LoadPlan load) {
        long share = load.taskMemory() / 8 / load.events().size();
        return (int) Math.min(MAX_BATCH, Math.max(MIN_BATCH, share));
    }

    /** Takes a line; a full batch is written first. */
    void add(byte[] bytes, int from, int to, byte[] key, int file, long offset, long number) {
        if (!lines.hasRoom(LineBuffer.length(from, to, key))) {
            flush();
        }
        lines.add(bytes, from, to, key, file, offset, number);
        taken++;
    }

    /** Decodes and writes what was gathered. */
    void flush() {
        for (int line = 0; line < lines.count(); line++) {
            Rejection rejection = load(line);
            if (rejection != null) {
                refused++;
                refusals.add(plan.name(), lines, line, rejection);
            }
        }
        lines.clear();
    }

    private Rejection load(int line) {
        Rejection rejection = decoder.decode(lines.bytes(), lines.from(line), lines.to(line), row);
        if (rejection != null) {
            return rejection;
        }
        if (decoder.hasUnplaced()) {
            if (aside != null) {
                aside.add(event, lines, line);
                taken--;
                return null;
            }
            misfits++;
            return decoder.misfit();
        }
        int file = lines.file(line);
        row.setUTF8String(metadata, files.get(file));
        row.setLong(metadata + 1, lines.offset(line));
        row.setLong(metadata + 2, loadedAt);
        InternalRow out = row;
        if (program != null) {
            switch (program.run(row)) {
                case FILTERED -> {
                    filtered++;
                    return null;
                }
                case REJECTED -> {
                    return program.rejection();
                }
                case KEPT -> out = program.row();
            }
        }
        sink.write(out);
        rowsByFile[file]++;
        return null;
    }

    /** Closes the files; the lane is done. */
    EventResult finish() {
        Map<String, Long> rows = new HashMap<>();
        long loaded = 0;
        for (int file = 0; file < rowsByFile.length; file++) {
            if (rowsByFile[file] > 0) {
                rows.merge(files.get(file).toString(), rowsByFile[file], Long::sum);
                loaded += rowsByFile[file];
            }
        }
        return new EventResult(taken, loaded, filtered, refused, misfits, rows, sink.finish(), decoder.unknown());
    }
}
