package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs the benchmarks of change data, each in a JVM of its own, and keeps what they found. */
final class ChangeResults {
    private static final List<String> LITTLE_DIRECT_MEMORY = List.of("-XX:MaxDirectMemorySize=512m");

    /** Plain merges keep some of what they read for good (Iceberg 1.11): four rounds, 6 GB. */
    private static final List<String> MUCH_DIRECT_MEMORY = List.of("-XX:MaxDirectMemorySize=12g");

    private final Path work;
    private final Map<Long, List<MergeLine>> merges = new TreeMap<>();
    private final List<MergeLeak.Result> leaks = new ArrayList<>();
    private final List<TopicBenchmark.Line> topics = new ArrayList<>();

    ChangeResults(Path work) {
        this.work = work;
    }

    void merge(List<Long> sizes, int rounds) throws IOException, InterruptedException {
        String rows = sizes.stream().map(String::valueOf).collect(Collectors.joining("+"));
        Path home = work.resolve("merge-" + rows);
        Side.delete(home);
        Path results = home.resolve("results.csv");
        List<String> arguments = new ArrayList<>(
                List.of(home.resolve("lake").toString(), rows, Integer.toString(rounds), results.toString()));
        Arrays.stream(MergeSide.values()).map(MergeSide::name).forEach(arguments::add);
        new Child(home).spark(MUCH_DIRECT_MEMORY, MergeBenchmark.class, arguments.toArray(String[]::new));
        Files.readAllLines(results).stream().map(MergeLine::parse).forEach(line -> merges.computeIfAbsent(
                        line.rows(), key -> new ArrayList<>())
                .add(line));
        Side.delete(home.resolve("lake"));
    }

    void leak(int count) throws IOException, InterruptedException {
        for (MergeSide side : List.of(MergeSide.FIRN_MERGE_ON_READ_V2, MergeSide.FIRN_MERGE_ON_READ_V3)) {
            Path home = work.resolve("leak-" + side);
            Side.delete(home);
            Path result = home.resolve("result.txt");
            new Child(home)
                    .spark(
                            LITTLE_DIRECT_MEMORY,
                            MergeLeak.class,
                            home.resolve("lake").toString(),
                            Integer.toString(count),
                            side.name(),
                            result.toString());
            leaks.add(MergeLeak.Result.parse(Files.readString(result)));
            Side.delete(home.resolve("lake"));
        }
    }

    void topic(long changes, Firn firn) throws IOException, InterruptedException {
        topics.addAll(new TopicBenchmark(work.resolve("topic"), firn.launcher(), changes).run());
    }

    /** What it found is printed: it compares states of one table, and no sides. */
    void upkeep(long rows, int rounds) throws IOException, InterruptedException {
        Path home = work.resolve("upkeep-" + rows);
        Side.delete(home);
        Path results = home.resolve("results.txt");
        new Child(home)
                .spark(
                        UpkeepBenchmark.class,
                        home.resolve("lake").toString(),
                        Long.toString(rows),
                        "200",
                        "500",
                        Integer.toString(rounds),
                        MergeBatches.Keys.NEWEST.name(),
                        results.toString());
        System.out.print(Files.readString(results));
        Side.delete(home.resolve("lake"));
    }

    void report() throws IOException {
        if (merges.isEmpty() && leaks.isEmpty() && topics.isEmpty()) {
            return;
        }
        Benchmark.write("performance-changes.md", new ChangeReport(merges, leaks, topics).text());
    }
}
