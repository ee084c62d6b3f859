package io.firn.decode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.firn.schema.Column;
import io.firn.schema.JsonPath;
import io.firn.schema.TypeChange;

/**
 * How fast lines are decoded, alone: {@code java io.firn.decode.DecodeBenchmark [rounds]}. Prints megabytes per second
 * of one core: the median of the rounds.
 */
final class DecodeBenchmark {
    private static final int MEGABYTES = 64;

    private DecodeBenchmark() {}

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        byte[] generated = repeat(GeneratedEvents.lines(2000));
        byte[] real = repeat(Samples.events());
        List<Column> wide = GeneratedEvents.columns();
        report("generated, 24 columns", rounds, generated, () -> decode(generated, reporting(wide)));
        report("the same, new keys set aside", rounds, generated, () -> decode(generated, evolving(wide)));
        report(
                "real, 26 columns, many overlapping",
                rounds,
                real,
                () -> decode(real, reporting(Samples.eventColumns())));
        report("real, 2 columns", rounds, real, () -> decode(real, reporting(Samples.fewColumns())));
        report("probe only", rounds, generated, () -> probe(generated));
        report("lines only", rounds, generated, () -> read(generated));
    }

    private interface Run {
        long once() throws IOException;
    }

    private static void report(String what, int rounds, byte[] data, Run run) throws IOException {
        List<Double> speeds = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            long lines = run.once();
            speeds.add(data.length / 1e6 / ((System.nanoTime() - start) / 1e9));
            if (lines == 0) {
                throw new IllegalStateException("nothing was decoded");
            }
        }
        System.out.printf(
                "%-40s %s MB/s%n",
                what,
                Math.round(speeds.stream().sorted().skip(rounds / 2).findFirst().orElseThrow()));
    }

    private static LineDecoder reporting(List<Column> columns) {
        return LineDecoder.of(columns, UnknownFields.REPORT, 0);
    }

    private static LineDecoder evolving(List<Column> columns) {
        List<Column> watched = columns.stream()
                .map(column -> column.onTypeChange(TypeChange.NEW_COLUMN))
                .toList();
        return LineDecoder.watching(watched, Map.of(), UnknownFields.EVOLVE, 0, List.of());
    }

    private static long decode(byte[] data, LineDecoder decoder) throws IOException {
        DecodedRow row = decoder.row();
        LineReader lines = LineReader.of(new ByteArrayInputStream(data), 1 << 26);
        long decoded = 0;
        while (lines.next()) {
            if (decoder.decode(lines.bytes(), lines.from(), lines.to(), row) != null) {
                throw new IllegalStateException(decoder.decode(lines.bytes(), lines.from(), lines.to(), row)
                        .toString());
            }
            decoded++;
        }
        return decoded;
    }

    private static long probe(byte[] data) throws IOException {
        FieldProbe probe = new FieldProbe(JsonPath.parse("type"));
        LineReader lines = LineReader.of(new ByteArrayInputStream(data), 1 << 26);
        long found = 0;
        while (lines.next()) {
            found += probe.probe(lines.bytes(), lines.from(), lines.to()) == FieldProbe.Outcome.FOUND ? 1 : 0;
        }
        return found;
    }

    private static long read(byte[] data) throws IOException {
        LineReader lines = LineReader.of(new ByteArrayInputStream(data), 1 << 26);
        long read = 0;
        while (lines.next()) {
            read++;
        }
        return read;
    }

    private static byte[] repeat(List<byte[]> lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < MEGABYTES << 20) {
            for (byte[] line : lines) {
                out.writeBytes(line);
                out.write('\n');
            }
        }
        return Arrays.copyOf(out.toByteArray(), out.size());
    }
}
