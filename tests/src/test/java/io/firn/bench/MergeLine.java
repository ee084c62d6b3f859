package io.firn.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

import io.firn.bench.MergeBatches.Keys;
import io.firn.bench.MergeSide.Took;

/** What a side's merges took: the one in the middle by its write. */
record MergeLine(
        long rows,
        Keys keys,
        MergeSide side,
        double seconds,
        double write,
        double audit,
        double cpu,
        long read,
        long written,
        long files) {

    static MergeLine median(long rows, Keys keys, MergeSide side, List<Took> runs) {
        Took middle = runs.stream()
                .sorted(Comparator.comparingDouble(Took::write))
                .skip((runs.size() - 1) / 2)
                .findFirst()
                .orElseThrow();
        double audit = middle.merged() == null ? 0 : middle.merged().auditSeconds();
        return new MergeLine(
                rows,
                keys,
                side,
                middle.seconds(),
                middle.write(),
                audit,
                middle.cpu(),
                middle.read(),
                middle.written(),
                middle.files());
    }

    static MergeLine parse(String line) {
        String[] parts = line.split(",");
        return new MergeLine(
                Long.parseLong(parts[0]),
                Keys.valueOf(parts[1]),
                MergeSide.valueOf(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]),
                Double.parseDouble(parts[5]),
                Double.parseDouble(parts[6]),
                Long.parseLong(parts[7]),
                Long.parseLong(parts[8]),
                Long.parseLong(parts[9]));
    }

    /** What branch, audit and publish took. */
    double around() {
        return seconds - write;
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%d,%s,%s,%.3f,%.3f,%.3f,%.3f,%d,%d,%d",
                rows,
                keys,
                side,
                seconds,
                write,
                audit,
                cpu,
                read,
                written,
                files);
    }
}
