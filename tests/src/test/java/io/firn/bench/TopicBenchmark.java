package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.firn.rig.Rig;

/**
 * From a topic that was filled before to published snapshots, by {@code firn run} as users start it: a table of as many
 * rows as there are changes, batches of several sizes.
 */
final class TopicBenchmark {
    private static final int CORES = 2;
    private static final List<Integer> BATCHES = List.of(20_000, 200_000, 1_000_000);
    private static final String QUERY =
            "SELECT count(*) AS n, sum(id) AS ids, sum(qty) AS quantities FROM lake.bench.orders";

    private final Path work;
    private final Path launcher;
    private final long changes;

    /** What a size of batches cost; start is a run that found nothing new. */
    record Line(int batch, long changes, Cost run, Cost start) {
        /** Per second of the clock and core, the process's start left out. */
        double perSecondAndCore() {
            return changes / (run.seconds() - start.seconds()) / CORES;
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "| %,d | %,d | %.1f | %.1f | %,.0f | %,.0f | %,.0f | %d |",
                    batch,
                    changes,
                    run.seconds(),
                    run.cpuSeconds(),
                    perSecondAndCore(),
                    changes / run.seconds() / CORES,
                    changes / run.cpuSeconds(),
                    run.peakHeap() / 1_000_000);
        }
    }

    TopicBenchmark(Path work, Path launcher, long changes) {
        this.work = work;
        this.launcher = launcher.toAbsolutePath();
        this.changes = changes;
    }

    List<Line> run() throws IOException, InterruptedException {
        Side.delete(work);
        OrderTopic topic = new OrderTopic(Rig.shared().kafka());
        topic.snapshot(changes);
        Map<Integer, Cost> starts = new TreeMap<>();
        for (int batch : BATCHES) {
            Files.createDirectories(home(batch));
            Files.writeString(home(batch).resolve("orders.yaml"), yaml(batch));
            drain(batch, "snapshot");
            starts.put(batch, drain(batch, "nothing new"));
        }
        topic.changes(changes);
        List<Line> lines = new ArrayList<>();
        for (int batch : BATCHES) {
            lines.add(new Line(batch, changes, drain(batch, "changes"), starts.get(batch)));
            check(batch, topic.expected());
        }
        return lines;
    }

    private Path home(int batch) {
        return work.resolve("batch-" + batch);
    }

    private Cost drain(int batch, String what) throws IOException, InterruptedException {
        Cost cost = new Child(home(batch)).firn(launcher, "run", "orders.yaml");
        System.out.printf(
                "topic, batches of %,d, %s: %.1f s, %.1f CPU s%n", batch, what, cost.seconds(), cost.cpuSeconds());
        return cost;
    }

    private void check(int batch, String expected) throws IOException, InterruptedException {
        Cost unused = new Child(home(batch)).firn(launcher, "sql", "--output", "json", QUERY);
        String output = Files.readString(home(batch).resolve("output.log"));
        if (!output.contains(expected)) {
            throw new IllegalStateException("the table is to hold " + expected + ", not " + output);
        }
    }

    private static String yaml(int batch) {
        return """
                pipeline: bench
                source:
                  type: debezium
                  brokers: %s
                  topic: %s
                  format: {schemas: none}
                  records-per-batch: %d
                defaults: {namespace: bench}
                events:
                  %s:
                    columns:
                      - {name: id, type: long, required: true}
                      - {name: customer, type: string}
                      - {name: amount, type: "decimal(12,2)", format: base64}
                      - {name: qty, type: int}
                      - {name: note, type: string}
                      - {name: updated_at, type: timestamptz}
                    target: {table: lake.bench.orders, id-columns: [id]}
                """
                .formatted(Rig.shared().kafka().bootstrap(), OrderTopic.NAME, batch, OrderTopic.NAME);
    }
}
