package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the benchmarks of change data, merges each in a JVM of its own, and keeps what they found. */
final class ChangeResults {
    private static final List<String> LITTLE_DIRECT_MEMORY = List.of("-XX:MaxDirectMemorySize=512m");

    /** Above, copy-on-write takes minutes for each merge. */
    private static final long MOST_ROWS_TO_COPY = 20_000_000;

    private final Path work;
    private final Map<Long, List<MergeLine>> merges = new TreeMap<>();
    private final List<MergeLeak.Result> leaks = new ArrayList<>();
    private final List<TopicBenchmark.Line> topics = new ArrayList<>();

    ChangeResults(Path work) {
        this.work = work;
    }

    void merge(long rows, int rounds) throws IOException, InterruptedException {
        Path home = work.resolve("merge-" + rows);
        Side.delete(home);
        Path results = home.resolve("results.csv");
        List<String> arguments = new ArrayList<>(List.of(
                home.resolve("lake").toString(), Long.toString(rows), Integer.toString(rounds), results.toString()));
        for (MergeSide side : MergeSide.values()) {
            if (rows <= MOST_ROWS_TO_COPY || side != MergeSide.PLAIN_COPY_ON_WRITE) {
                arguments.add(side.name());
            }
        }
        new Child(home).spark(MergeBenchmark.class, arguments.toArray(String[]::new));
        merges.put(
                rows, Files.readAllLines(results).stream().map(MergeLine::parse).toList());
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
        Path page = Path.of(System.getProperty("bench.report-changes", "docs/performance-changes.md"))
                .toAbsolutePath();
        Files.writeString(page, new ChangeReport(merges, leaks, topics).text());
        System.out.println("written: " + page);
    }
}
