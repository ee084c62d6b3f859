package io.firn.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.ZstdOutputStream;

/**
 * Generates a day of mixed events; the same parameters give the same bytes.
 *
 * @param bytes of JSON in all
 * @param types event types, the n-th having 1/n of the first one's lines
 * @param malformed the share of lines that are cut, hold a text for a number, or a second document
 * @param files the bytes are spread over
 */
record DumpGenerator(
        long bytes, int types, double malformed, int files, Compression compression, String date, long seed) {
    private static final int AFTER_NAME = 100;

    enum Compression {
        PLAIN(""),
        GZIP(".gz"),
        ZSTD(".zst");

        private final String suffix;

        Compression(String suffix) {
            this.suffix = suffix;
        }

        OutputStream open(Path file) throws IOException {
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
            return switch (this) {
                case PLAIN -> out;
                case GZIP ->
                    new GZIPOutputStream(out, 1 << 16) {
                        {
                            def.setLevel(Deflater.DEFAULT_COMPRESSION);
                        }
                    };
                case ZSTD -> new BufferedOutputStream(new ZstdOutputStream(out), 1 << 16);
            };
        }
    }

    /** Writes {@code <root>/<date>/part-<n>.json...}. */
    Dump write(Path root) throws IOException {
        Path directory = Files.createDirectories(root.resolve(date));
        List<EventType> all = EventType.all(types, date);
        double[] upTo = cumulated();
        SplittableRandom random = new SplittableRandom(seed);
        long[] rows = new long[types];
        long bad = 0;
        long total = 0;
        LineBuffer line = new LineBuffer();
        for (int file = 0; file < files; file++) {
            long end = bytes * (file + 1) / files;
            Path path = directory.resolve(String.format("part-%05d.json%s", file, compression.suffix));
            try (OutputStream out = compression.open(path)) {
                while (total < end) {
                    int type = pick(upTo, random.nextDouble());
                    line.cut(0);
                    int userId = all.get(type).write(line, random);
                    if (random.nextDouble() < malformed) {
                        spoil(line, userId, random);
                        bad++;
                    } else {
                        rows[type]++;
                    }
                    line.put('\n');
                    out.write(line.bytes(), 0, line.length());
                    total += line.length();
                }
            }
        }
        Map<String, Long> expected = new LinkedHashMap<>();
        for (int i = 0; i < types; i++) {
            expected.put(all.get(i).name(), rows[i]);
        }
        return new Dump(directory, date, all, total, expected, bad);
    }

    private static void spoil(LineBuffer line, int userId, SplittableRandom random) {
        System.arraycopy(Value.ascii("bad-"), 0, line.bytes(), EventType.ID_STARTS, 4);
        switch (random.nextInt(4)) {
            case 0 -> { // a text where a number belongs
                line.bytes()[userId] = '"';
                line.bytes()[userId + 6] = '"';
            }
            case 1 -> line.put(Value.ascii("{}"));
            default -> line.cut(random.nextInt(AFTER_NAME, line.length() - 1));
        }
    }

    private double[] cumulated() {
        double[] upTo = new double[types];
        double sum = 0;
        for (int i = 0; i < types; i++) {
            sum += 1.0 / (i + 1);
            upTo[i] = sum;
        }
        for (int i = 0; i < types; i++) {
            upTo[i] /= sum;
        }
        return upTo;
    }

    private static int pick(double[] upTo, double at) {
        int type = 0;
        while (type < upTo.length - 1 && upTo[type] <= at) {
            type++;
        }
        return type;
    }
}
