package io.firn.load;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.decode.LineReader;
import io.firn.decode.UnknownFields;
import io.firn.load.LoadPlan.EventPlan;
import io.firn.load.TaskResult.EventResult;
import io.firn.load.TaskResult.FileCounts;
import io.firn.schema.Rejection;
import io.firn.source.Bundle;
import io.firn.source.Bundle.Slice;
import io.firn.source.JsonDump;

/** One pass over a bundle: each line goes to the lane of its event, or to the quarantine, or is counted as not listed. */
final class BundleLoad implements AutoCloseable {
    private static final int OVERLONG = -3;
    private static final int MAX_NOT_LISTED = 1000;
    private static final String OTHER = "(other)";

    private final LoadPlan plan;
    private final Bundle bundle;
    private final Map<String, String> damaged;
    private final Configuration conf;
    private final LongConsumer bytesRead;
    private final EventRouter router;
    private final Lanes lanes;
    private final List<UTF8String> files = new ArrayList<>();
    private final Quarantine quarantine;
    private final LineDecoder anyLine = LineDecoder.of(List.of(), UnknownFields.REPORT, 0);
    private final DecodedRow noRow = anyLine.row();
    private final Map<String, Long> notListed = new HashMap<>();
    private long skipped;
    private boolean finished;

    BundleLoad(
            LoadPlan plan,
            Bundle bundle,
            Map<String, String> damaged,
            TaskContext task,
            Configuration conf,
            LongConsumer bytesRead) {
        this.plan = plan;
        this.bundle = bundle;
        this.damaged = damaged;
        this.conf = conf;
        this.bytesRead = bytesRead;
        router = new EventRouter(
                plan.eventName(), plan.events().stream().map(EventPlan::name).toList());
        bundle.slices()
                .forEach(slice -> files.add(UTF8String.fromString(slice.file().path())));
        lanes = new Lanes(plan, files, task, conf);
        quarantine = new Quarantine(
                plan.quarantine(),
                files,
                plan.loadedAt(),
                lanes.open(plan.quarantine().target()));
    }

    TaskResult run() throws IOException {
        long[] lines = new long[files.size()];
        for (int i = 0; i < lines.length; i++) {
            Slice slice = bundle.slices().get(i);
            String damage = damaged.get(slice.file().path());
            if (damage == null) {
                lines[i] = read(slice, i);
            } else if (slice.start() == 0) {
                quarantine.add(null, i, 0, 0, null, new Rejection(null, damage));
            }
        }
        lanes.flush();
        TaskResult result = result(lines);
        finished = true;
        return result;
    }

    private long read(Slice slice, int file) throws IOException {
        BitSet missing = plan.missing().get(slice.file().path());
        boolean held = plan.held().contains(slice.file().path());
        long count = 0;
        try (InputStream in = JsonDump.open(slice, conf, bytesRead)) {
            LineReader lines = slice.isWhole()
                    ? LineReader.of(in, plan.lineLimit())
                    : LineReader.split(in, slice.start(), slice.end(), plan.lineLimit());
            while (lines.next()) {
                count++;
                int event = lines.isOverlong() ? OVERLONG : router.route(lines.bytes(), lines.from(), lines.to());
                if (event >= 0) {
                    take(event, lines, file, missing);
                } else if (held && event != EventRouter.NOT_LISTED) {
                    skipped++;
                } else if (event == OVERLONG) {
                    tooLong(lines, file);
                } else {
                    unrouted(event, lines, file, held);
                }
            }
        }
        return count;
    }

    private void take(int event, LineReader lines, int file, BitSet missing) {
        if (missing != null && !missing.get(event)) {
            skipped++;
            return;
        }
        lanes.add(event, lines.bytes(), lines.from(), lines.to(), file, lines.offset(), lines.lineNumber(), quarantine);
    }

    private void unrouted(int why, LineReader lines, int file, boolean held) {
        Rejection rejection = anyLine.decode(lines.bytes(), lines.from(), lines.to(), noRow);
        if (rejection == null && why == EventRouter.NOT_LISTED) {
            String name = router.name();
            notListed.merge(
                    notListed.size() < MAX_NOT_LISTED || notListed.containsKey(name) ? name : OTHER, 1L, Long::sum);
            return;
        }
        if (held) {
            skipped++;
            return;
        }
        if (rejection == null) {
            rejection = new Rejection(null, router.whyNoName());
        }
        byte[] line = Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to());
        quarantine.add(
                why == EventRouter.NOT_LISTED ? router.name() : null,
                file,
                lines.offset(),
                lines.lineNumber(),
                line,
                rejection);
    }

    private void tooLong(LineReader lines, int file) {
        Rejection why = new Rejection(
                null,
                "line of " + lines.length() + " bytes is longer than max-line-bytes " + plan.lineLimit()
                        + "; only its beginning is kept here");
        byte[] head = Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to());
        quarantine.add(null, file, lines.offset(), lines.lineNumber(), head, why);
    }

    private TaskResult result(long[] lines) {
        Map<String, FileCounts> counts = new LinkedHashMap<>();
        for (int i = 0; i < lines.length; i++) {
            String path = bundle.slices().get(i).file().path();
            FileCounts slice = new FileCounts(lines[i], quarantine.rows(i), damaged.get(path));
            counts.merge(path, slice, FileCounts::plus);
        }
        Map<String, EventResult> events = lanes.finish();
        return new TaskResult(counts, events, quarantine.finish(), notListed, skipped, lanes.aside());
    }

    @Override
    public void close() {
        if (!finished) {
            lanes.abort();
        }
    }
}
