package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.firn.bench.MergeBatches.Keys;

/** Runs the benchmarks of merges, each in a JVM of its own, and writes what they found as a page. */
final class MergeResults {
    private static final List<String> LITTLE_DIRECT_MEMORY = List.of("-XX:MaxDirectMemorySize=512m");

    private final Path work;
    private final Map<Long, List<MergeLine>> byRows = new TreeMap<>();
    private final List<String> leaks = new ArrayList<>();

    MergeResults(Path work) {
        this.work = work;
    }

    void run(long rows, int rounds) throws IOException, InterruptedException {
        Path home = work.resolve("merge-" + rows);
        Side.delete(home);
        Path results = home.resolve("results.csv");
        new Child(home)
                .spark(
                        MergeBenchmark.class,
                        home.resolve("lake").toString(),
                        Long.toString(rows),
                        Integer.toString(rounds),
                        results.toString());
        byRows.put(
                rows, Files.readAllLines(results).stream().map(MergeLine::parse).toList());
        Side.delete(home.resolve("lake"));
    }

    void leak(int merges) throws IOException, InterruptedException {
        for (MergeSide side : List.of(MergeSide.FIRN_MERGE_ON_READ_V2, MergeSide.FIRN_MERGE_ON_READ_V3)) {
            Path home = work.resolve("leak-" + side);
            Side.delete(home);
            Path result = home.resolve("result.txt");
            new Child(home)
                    .spark(
                            LITTLE_DIRECT_MEMORY,
                            MergeLeak.class,
                            home.resolve("lake").toString(),
                            Integer.toString(merges),
                            side.name(),
                            result.toString());
            leaks.add(Files.readString(result));
            Side.delete(home.resolve("lake"));
        }
    }

    void report() throws IOException {
        if (byRows.isEmpty() && leaks.isEmpty()) {
            return;
        }
        Path page = Path.of(System.getProperty("bench.report-merge", "docs/performance-merge.md"))
                .toAbsolutePath();
        Files.writeString(page, text());
        System.out.println("written: " + page);
    }

    private String text() {
        StringBuilder out = new StringBuilder(
                """
                # Performance of merges

                Written by the benchmark, `mvn -Pbench -DskipTests verify -Dbench.scenarios=merge:1m,merge:10m`; parameters
                stand at the head of `io.firn.bench.Benchmark`. Batches of 20,000 changes (70 % updates, 20 % inserts, 10 %
                deletes), staged once for all sides, merged in turn; medians of the rounds. RECENT: 95 % of the keys in the
                newest 2 %. PLAIN is the MERGE that users write: a view over the staged files, ON the key, nothing else.
                Write is the MERGE alone, for FIRN with the choice of the filter; seconds hold branch, audit and publish
                too. Read and written are bytes through the process's system calls, shuffles included.

                | Rows | Keys | Side | Seconds | Write | Audit | CPU seconds | Read MB | Written MB | Files | Write against FIRN v2 |
                |---|---|---|---|---|---|---|---|---|---|---|
                """);
        byRows.forEach((rows, lines) -> lines.forEach(line -> {
            double firn = line(rows, line.keys(), MergeSide.FIRN_MERGE_ON_READ_V2)
                    .map(MergeLine::write)
                    .orElse(Double.NaN);
            out.append(String.format(
                    Locale.ROOT,
                    "| %,d | %s | %s | %.2f | %.2f | %.2f | %.2f | %d | %d | %d | %.2f |%n",
                    rows,
                    line.keys(),
                    line.side(),
                    line.seconds(),
                    line.write(),
                    line.audit(),
                    line.cpu(),
                    line.read() / 1_000_000,
                    line.written() / 1_000_000,
                    line.files(),
                    line.write() / firn));
        }));
        growth(out);
        leaks.forEach(leak -> out.append('\n').append(leak).append('\n'));
        return out.toString();
    }

    private void growth(StringBuilder out) {
        List<Long> sizes = List.copyOf(byRows.keySet());
        for (int i = 1; i < sizes.size(); i++) {
            for (Keys keys : Keys.values()) {
                for (MergeSide side : MergeSide.values()) {
                    Optional<MergeLine> small = line(sizes.get(i - 1), keys, side);
                    Optional<MergeLine> large = line(sizes.get(i), keys, side);
                    if (small.isPresent() && large.isPresent()) {
                        out.append(String.format(
                                Locale.ROOT,
                                "%n%s, %s: write grows %.2f times from %,d to %,d rows.%n",
                                side,
                                keys,
                                large.get().write() / small.get().write(),
                                sizes.get(i - 1),
                                sizes.get(i)));
                    }
                }
            }
        }
    }

    private Optional<MergeLine> line(long rows, Keys keys, MergeSide side) {
        return byRows.getOrDefault(rows, List.of()).stream()
                .filter(line -> line.keys() == keys && line.side() == side)
                .findFirst();
    }
}
