package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.firn.bench.DumpGenerator.Compression;

/**
 * Loads generated dumps with plain Spark and with Firn, each run in a JVM of its own, in turn, checks that all tables
 * hold the same rows, and writes what it found as a page.
 *
 * <p>From the project's root: {@code mvn -Pbench -DskipTests verify}. Parameters, all as
 * {@code -D}: {@code bench.bytes} (1g), {@code bench.rounds} (3), {@code bench.heap} (6g: less than 4 GiB per core),
 * {@code bench.scenarios} (plain,types,gzip,memory; {@code plain:10g} gives one its own size), {@code bench.work} (tests/target/bench) and
 * {@code bench.pages} (docs), where what was found is written.
 * {@code merge:1m+10m+40m} merges changes into tables of so many rows, in turn, {@code leak:300} merges so many times in
 * one session of little direct memory, {@code topic:1m} drains a topic of so many changes; all three write
 * {@code docs/performance-changes.md}. {@code upkeep:10m} keeps a table of so many rows after 200 batches of changes, by Firn
 * and by Iceberg's defaults, and prints what scans then take.
 */
public final class Benchmark {
    private static final String DATE = "2026-01-15";
    private static final long SEED = 7;
    private static final double MALFORMED = 0.01;
    private static final int FILES = 8;

    private final Path work =
            Path.of(System.getProperty("bench.work", "tests/target/bench")).toAbsolutePath();
    private final int rounds = Integer.getInteger("bench.rounds", 3);
    private final Firn firn = new Firn(Path.of("firn"));
    private final List<Scenario> results = new ArrayList<>();
    private final ChangeResults changes = new ChangeResults(work);

    public static void main(String[] args) throws Exception {
        Benchmark benchmark = new Benchmark();
        for (String scenario :
                System.getProperty("bench.scenarios", "plain,types,gzip,memory").split(",")) {
            String[] parts = scenario.strip().split(":");
            String sizes = parts.length > 1 ? parts[1] : System.getProperty("bench.bytes", "1g");
            benchmark.run(
                    parts[0],
                    Arrays.stream(sizes.split("\\+")).map(Benchmark::bytes).toList());
            // Now and not at the end: what was measured is kept if a later scenario fails.
            benchmark.report();
        }
    }

    private void run(String scenario, List<Long> sizes) throws IOException, InterruptedException {
        long bytes = sizes.get(0);
        switch (scenario) {
            case "plain" ->
                compare(
                        "plain",
                        dump("plain", bytes, 20, Compression.PLAIN),
                        List.of(Baseline.READ_PER_TYPE, Baseline.PERSIST),
                        rounds);
            case "gzip" ->
                compare("gzip", dump("gzip", bytes, 20, Compression.GZIP), List.of(Baseline.PERSIST), rounds);
            case "types" -> {
                compare("10 types", dump("types10", bytes, 10, Compression.PLAIN), List.of(), rounds);
                compare("40 types", dump("types40", bytes, 40, Compression.PLAIN), List.of(), rounds);
            }
            case "memory" -> memory(bytes);
            case "merge" -> changes.merge(sizes, rounds);
            case "leak" -> changes.leak((int) bytes);
            case "topic" -> changes.topic(bytes, firn);
            case "upkeep" -> changes.upkeep(bytes, rounds);
            default ->
                throw new IllegalArgumentException("unknown scenario \"" + scenario
                        + "\"; there are plain, types, gzip, memory, merge, leak, topic and upkeep");
        }
    }

    private void compare(String name, Dump dump, List<Baseline> baselines, int times)
            throws IOException, InterruptedException {
        List<Side> sides = new ArrayList<>();
        sides.add(Side.plain(Baseline.START, dump, work.resolve("side-START")));
        for (Baseline way : baselines) {
            sides.add(Side.plain(way, dump, work.resolve("side-" + way)));
        }
        sides.add(Side.firn(firn, dump, "day", work.resolve("side-FIRN")));
        finish(name, dump, sides, times);
    }

    private void memory(long bytes) throws IOException, InterruptedException {
        Dump dump = dump("memory", bytes, 200, Compression.PLAIN);
        List<Side> sides = List.of(
                Side.plain(Baseline.START, dump, work.resolve("side-START")),
                Side.firn(firn, dump, "hour", work.resolve("side-FIRN")));
        finish("200 types by hour", dump, sides, 1);
    }

    private void finish(String name, Dump dump, List<Side> sides, int times) throws IOException, InterruptedException {
        for (int round = 1; round <= times; round++) {
            System.out.println(name + ", round " + round + " of " + times);
            for (Side side : sides) {
                side.runOnce();
            }
        }
        Scenario scenario = Scenario.of(name, dump, sides);
        System.out.println(scenario.table());
        results.add(scenario);
        Side.delete(dump.directory().getParent());
        for (Side side : sides) {
            side.deleteTables();
        }
    }

    private Dump dump(String name, long bytes, int types, Compression compression) throws IOException {
        Path root = work.resolve("dump-" + name);
        Side.delete(root);
        long start = System.nanoTime();
        Dump dump = new DumpGenerator(bytes, types, MALFORMED, FILES, compression, DATE, SEED).write(root);
        System.out.printf(
                "%s: %d MB, %d lines, %d malformed, generated in %.1f s%n",
                name, dump.bytes() / 1_000_000, dump.lines(), dump.malformed(), (System.nanoTime() - start) / 1e9);
        return dump;
    }

    private void report() throws IOException {
        changes.report();
        if (results.isEmpty()) {
            return;
        }
        write("performance.md", new Report(results, rounds).text());
    }

    /** Writes a page of what was measured. */
    static void write(String page, String text) throws IOException {
        Path file =
                Path.of(System.getProperty("bench.pages", "docs")).resolve(page).toAbsolutePath();
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        System.out.println("written: " + file);
    }

    private static long bytes(String text) {
        String number = text.toLowerCase(Locale.ROOT).replaceAll("[kmg]$", "");
        long unit =
                switch (text.toLowerCase(Locale.ROOT).charAt(text.length() - 1)) {
                    case 'k' -> 1_000;
                    case 'm' -> 1_000_000;
                    case 'g' -> 1_000_000_000;
                    default -> 1;
                };
        return Long.parseLong(number) * unit;
    }
}
