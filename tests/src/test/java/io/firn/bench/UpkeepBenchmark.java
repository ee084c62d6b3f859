package io.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.bench.MergeBatches.Keys;
import io.firn.maintain.CompactFiles;
import io.firn.maintain.Compacted;
import io.firn.maintain.ExpireSnapshots;
import io.firn.maintain.RewriteManifests;
import io.firn.maintain.Verb;
import io.firn.maintain.Verb.Execution;
import io.firn.table.LakeTable;
import io.firn.table.StagedChanges;

/**
 * A table after many small batches of changes: what a scan of it takes, kept by Firn, kept by Iceberg's procedures with
 * their defaults, not kept, and written at once. Arguments: a folder to work in, rows, batches, changes of a batch, rounds,
 * RECENT, NEWEST or UNIFORM, and a file for what was found.
 */
final class UpkeepBenchmark {
    private static final String TABLE = "lake.bench.orders";
    private static final String SCAN =
            "SELECT count(*), sum(crc32(note)), sum(amount), sum(customer), max(updated_at) FROM ";

    private final Path results;

    private UpkeepBenchmark(Path results) {
        this.results = results;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Path work = Path.of(args[0]);
        long rows = Long.parseLong(args[1]);
        int batches = Integer.parseInt(args[2]);
        int changes = Integer.parseInt(args[3]);
        int rounds = Integer.parseInt(args[4]);
        Keys keys = Keys.valueOf(args[5]);
        UpkeepBenchmark benchmark = new UpkeepBenchmark(Path.of(args[6]));
        benchmark.run(work, rows, batches, changes, rounds, keys);
    }

    private void run(Path work, long rows, int batches, int changes, int rounds, Keys keys)
            throws IOException, InterruptedException {
        MergeSession session = MergeSession.open(work);
        SparkSession spark = session.spark();
        LakeTable table = session.tables().write("orders", rows);
        MergeBatches made = new MergeBatches(spark, work, rows);
        for (int batch = 0; batch < batches; batch++) {
            StagedChanges staged = made.stage(keys, changes);
            MergeSide.FIRN_MERGE_ON_READ_V2.run(spark, session.sessions(), session.tables(), table, staged);
        }
        tell(
                "%,d rows, %d batches of %,d changes, keys %s%n",
                rows, batches, changes, keys.name().toLowerCase(Locale.ROOT));
        table.refresh();
        long unkept = table.snapshot();
        Map<String, String> states = new LinkedHashMap<>();
        states.put("not kept", at(unkept));
        states.put("Iceberg's defaults", iceberg(spark, table));
        spark.sql("CALL lake.system.rollback_to_snapshot('bench.orders', " + unkept + ")");
        // The table comes to rest.
        Thread.sleep(60_000);
        states.put("Firn", firn(spark, table));
        spark.sql("CREATE TABLE lake.bench.once USING iceberg AS SELECT /*+ REPARTITION_BY_RANGE("
                + Math.max(2, rows / 2_000_000) + ", id) */ * FROM " + TABLE);
        states.put("written at once", "lake.bench.once");
        scan(spark, states, rounds);
    }

    private static String at(long snapshot) {
        return TABLE + " VERSION AS OF " + snapshot;
    }

    private String iceberg(SparkSession spark, LakeTable table) {
        ProcessMeter before = ProcessMeter.now();
        Row done =
                spark.sql("CALL lake.system.rewrite_data_files('bench.orders')").head();
        spark.sql("CALL lake.system.expire_snapshots('bench.orders')").collect();
        tell(
                "Iceberg's defaults: %d files, %,d bytes rewritten, %.1f s%n",
                done.getInt(0),
                done.getLong(2),
                ProcessMeter.now().minus(before).seconds());
        table.refresh();
        return at(table.snapshot());
    }

    private String firn(SparkSession spark, LakeTable table) {
        ProcessMeter before = ProcessMeter.now();
        Compacted compacted = CompactFiles.all().run(spark, table, Execution.DO);
        for (Verb verb : List.of(new RewriteManifests(), new ExpireSnapshots())) {
            verb.run(spark, table, Execution.DO);
        }
        tell(
                "Firn: %d files, %,d bytes rewritten, %.1f s%n",
                compacted.rewritten().files(),
                compacted.rewritten().bytes(),
                ProcessMeter.now().minus(before).seconds());
        compacted.details().forEach(line -> tell("  %s%n", line));
        table.refresh();
        return at(table.snapshot());
    }

    /** In turn, so that what else the machine does meets all alike; the first round warms up. */
    private void scan(SparkSession spark, Map<String, String> states, int rounds) {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        String rows = null;
        for (int round = 0; round <= rounds; round++) {
            for (Map.Entry<String, String> state : states.entrySet()) {
                ProcessMeter before = ProcessMeter.now();
                String found = spark.sql(SCAN + state.getValue()).head().toString();
                double took = ProcessMeter.now().minus(before).seconds();
                if (rows != null && !rows.equals(found)) {
                    throw new IllegalStateException(state.getKey() + " holds other rows: " + found + ", not " + rows);
                }
                rows = found;
                if (round > 0) {
                    seconds.computeIfAbsent(state.getKey(), unused -> new ArrayList<>())
                            .add(took);
                }
            }
        }
        double once = median(seconds.get("written at once"));
        seconds.forEach((state, all) ->
                tell("scan, %s: %.2f s, %.2f of written at once%n", state, median(all), median(all) / once));
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /** Kept at once: what was found stays if a later step fails. */
    private void tell(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        System.out.print(text);
        try {
            Files.writeString(results, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
