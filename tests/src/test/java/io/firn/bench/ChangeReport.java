package io.firn.bench;

import static io.firn.bench.MergeSide.FIRN_MERGE_ON_READ_V2;
import static io.firn.bench.MergeSide.FIRN_MERGE_ON_READ_V3;
import static io.firn.bench.MergeSide.PLAIN_COPY_ON_WRITE;
import static io.firn.bench.MergeSide.PLAIN_MERGE_ON_READ_V2;
import static io.firn.bench.MergeSide.PLAIN_MERGE_ON_READ_V3;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import io.firn.bench.MergeBatches.Keys;

/** The page docs/performance-changes.md. */
record ChangeReport(Map<Long, List<MergeLine>> merges, List<MergeLeak.Result> leaks, List<TopicBenchmark.Line> topics) {
    private static final long SMALL = 1_000_000;
    private static final long MEDIUM = 10_000_000;
    private static final long LARGE = 40_000_000;

    String text() {
        StringBuilder out = new StringBuilder(
                """
                # Performance of change data

                Written by the benchmark, `mvn -Pbench -DskipTests verify -Dbench.scenarios=%s`;
                parameters stand at the head of `io.firn.bench.Benchmark`. Figures move from machine to machine, ratios hold.

                ## Verdict
                | Wanted | Measured |
                |---|---|
                """
                        .formatted(System.getProperty("bench.scenarios")));
        verdicts(out);
        if (!merges.isEmpty()) {
            mergeTable(out);
        }
        if (!leaks.isEmpty()) {
            out.append("\n## Many merges in one session\n");
            leaks.forEach(leak -> out.append("- ").append(leak.text()).append('\n'));
        }
        if (!topics.isEmpty()) {
            topicTable(out);
        }
        return out.toString();
    }

    private void verdicts(StringBuilder out) {
        for (Keys keys : Keys.COMPARED) {
            String wanted = keys == Keys.RECENT ? "1.4" : "2.5";
            ratio(out, MEDIUM, keys, PLAIN_MERGE_ON_READ_V2, FIRN_MERGE_ON_READ_V2, "at least " + wanted);
            ratio(out, MEDIUM, keys, PLAIN_MERGE_ON_READ_V3, FIRN_MERGE_ON_READ_V3, "at least " + wanted);
            ratio(out, MEDIUM, keys, PLAIN_COPY_ON_WRITE, FIRN_MERGE_ON_READ_V2, "at least 8");
            ratio(out, SMALL, keys, FIRN_MERGE_ON_READ_V2, PLAIN_MERGE_ON_READ_V2, "at most 1.2");
            ratio(out, SMALL, keys, FIRN_MERGE_ON_READ_V3, PLAIN_MERGE_ON_READ_V3, "at most 1.2");
        }
        for (Keys keys : Keys.COMPARED) {
            for (MergeSide side : MergeSide.values()) {
                growth(out, keys, side, SMALL, MEDIUM, null);
                growth(out, keys, side, MEDIUM, LARGE, keys == Keys.RECENT ? "at most 1.3" : "at most 2.3");
            }
        }
        merges.forEach((rows, lines) -> lines.stream()
                .filter(line -> line.side().firn)
                .mapToDouble(MergeLine::around)
                .max()
                .ifPresent(most -> verdict(
                        out,
                        String.format(
                                Locale.ROOT,
                                "%,d rows: branch, audit and publish, at most 2 s (the most of all)",
                                rows),
                        most)));
        leaks.forEach(leak -> verdict(
                out,
                leak.side() + ": merge " + leak.merges() + " against merge " + MergeLeak.EARLY + ", at most 1.2",
                leak.growth()));
        topics.forEach(line -> verdict(
                out,
                String.format(
                        Locale.ROOT,
                        "topic, batches of %,d: changes per second and core%s",
                        line.batch(),
                        line.batch() == 200_000 ? ", at least 5,000" : ""),
                line.perSecondAndCore()));
    }

    private void ratio(StringBuilder out, long rows, Keys keys, MergeSide slow, MergeSide fast, String wanted) {
        both(rows, keys, slow, rows, fast, MergeLine::write)
                .ifPresent(ratio -> verdict(
                        out,
                        String.format(
                                Locale.ROOT,
                                "%,d rows, %s keys: write of %s against %s, %s",
                                rows,
                                keys,
                                slow,
                                fast,
                                wanted),
                        ratio));
    }

    private void growth(StringBuilder out, Keys keys, MergeSide side, long from, long to, String wanted) {
        both(to, keys, side, from, side, MergeLine::write)
                .ifPresent(ratio -> verdict(
                        out,
                        String.format(
                                Locale.ROOT,
                                "%s keys: write of %s grows from %,d to %,d rows%s",
                                keys,
                                side,
                                from,
                                to,
                                side.firn && wanted != null ? ", " + wanted : ""),
                        ratio));
    }

    private Optional<Double> both(
            long rows, Keys keys, MergeSide side, long otherRows, MergeSide other, ToDoubleFunction<MergeLine> figure) {
        Optional<MergeLine> one = line(rows, keys, side);
        Optional<MergeLine> two = line(otherRows, keys, other);
        return one.isPresent() && two.isPresent()
                ? Optional.of(figure.applyAsDouble(one.get()) / figure.applyAsDouble(two.get()))
                : Optional.empty();
    }

    private Optional<MergeLine> line(long rows, Keys keys, MergeSide side) {
        return merges.getOrDefault(rows, List.of()).stream()
                .filter(line -> line.keys() == keys && line.side() == side)
                .findFirst();
    }

    private static void verdict(StringBuilder out, String wanted, double measured) {
        String figure = measured < 100 ? "%.2f" : "%,.0f";
        out.append(String.format(Locale.ROOT, "| %s | " + figure + " |%n", wanted, measured));
    }

    private void mergeTable(StringBuilder out) {
        out.append(
                """

                ## MERGE
                Batches of 20,000 changes (70 % updates, 20 % inserts, 10 % deletes), staged once for all sides, merged in
                turn; medians of the rounds, a first one not counted. RECENT: 95 % of the keys in the newest 2 %. PLAIN is
                the MERGE that users write: a view over the staged files, ON the key, nothing else. Write is the MERGE
                alone, for FIRN with the choice of the filter; seconds hold branch, audit and publish too. Read and written
                are bytes through the process's system calls, shuffles included.

                | Rows | Keys | Side | Seconds | Write | Audit | CPU seconds | Read MB | Written MB | Files |
                |---|---|---|---|---|---|---|---|---|---|
                """);
        merges.forEach((rows, lines) -> lines.forEach(line -> out.append(String.format(
                Locale.ROOT,
                "| %,d | %s | %s | %.2f | %.2f | %.2f | %.2f | %d | %d | %d |%n",
                rows,
                line.keys(),
                line.side(),
                line.seconds(),
                line.write(),
                line.audit(),
                line.cpu(),
                line.read() / 1_000_000,
                line.written() / 1_000_000,
                line.files()))));
    }

    private void topicTable(StringBuilder out) {
        out.append(
                """

                ## From a topic to published snapshots
                `firn run` as users start it, messages as Debezium's connector for PostgreSQL writes them with the schemas
                off, two partitions, a table that begins with as many rows as there are changes; the broker runs on the same
                two cores. Seconds are the whole process's; a run that finds nothing new is taken off for the first rate. The
                table's rows, keys and values are held against the generator's.

                | Changes of a batch | Changes | Seconds | CPU seconds | Per second and core, start taken off | Per second and core, whole process | Per CPU second | Peak heap MB |
                |---|---|---|---|---|---|---|---|
                """);
        topics.forEach(line -> out.append(line.text()).append('\n'));
    }
}
