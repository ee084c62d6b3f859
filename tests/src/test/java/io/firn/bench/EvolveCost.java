package io.firn.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.sun.management.OperatingSystemMXBean;
import org.apache.spark.sql.SparkSession;

import io.firn.Catalogs;
import io.firn.LoadedPipeline;
import io.firn.Pipeline;
import io.firn.PipelineRun;
import io.firn.RunListener;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.config.Overrides;
import io.firn.table.LakeCatalog;

/**
 * What {@code unknown-columns: evolve} with {@code on-type-change: new-column} costs where the dump has nothing new:
 * {@code java io.firn.bench.EvolveCost FOLDER [megabytes] [rounds]}. Both ways in turn in one session, the first round left
 * out; prints the median of the CPU seconds of the process.
 */
final class EvolveCost {
    private static final String DAY = "2026-11-20";
    private static final Map<String, String> WAYS = Map.of(
            "report", "unknown-columns: report", "evolve", "unknown-columns: evolve, on-type-change: new-column");

    private EvolveCost() {}

    public static void main(String[] args) throws IOException {
        Path home = Path.of(args[0]).toAbsolutePath();
        long bytes = (args.length > 1 ? Long.parseLong(args[1]) : 500) << 20;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 9;
        Dump dump =
                new DumpGenerator(bytes, 20, 0, 4, DumpGenerator.Compression.PLAIN, DAY, 7).write(home.resolve("raw"));
        SparkSession shared = SparkExtension.session();
        Map<String, List<Double>> seconds = new TreeMap<>();
        for (int round = 0; round <= rounds; round++) {
            List<String> ways = new ArrayList<>(new TreeMap<>(WAYS).keySet());
            if (round % 2 == 1) {
                Collections.reverse(ways);
            }
            for (String way : ways) {
                double cost = load(shared, dump, home.resolve(way + "-" + round), WAYS.get(way));
                if (round > 0) {
                    seconds.computeIfAbsent(way, w -> new ArrayList<>()).add(cost);
                }
            }
        }
        double report = median(seconds.get("report"));
        double evolve = median(seconds.get("evolve"));
        System.out.printf("report %.2f, evolve %.2f CPU s, ratio %.3f%n", report, evolve, evolve / report);
        shared.stop();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static double load(SparkSession shared, Dump dump, Path home, String way) throws IOException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("firn.yaml"), "catalogs:\n  lake: {warehouse: lake/warehouse}\n");
        String text = new PipelineFile(dump.directory().getParent() + "/{date}/", dump.types(), "day").text();
        // The field that the generator adds to every line is listed, so that there is nothing new.
        String whole = text.replace("    columns:\n", "    columns:\n      - {name: v, type: int}\n");
        Path file = Files.writeString(home.resolve("bench.yaml"), whole.replace("unknown-columns: report", way));
        LoadedPipeline pipeline = Pipeline.load(file, Overrides.none());
        SparkSession spark = shared.newSession();
        pipeline.project().catalogs().forEach((name, catalog) -> {
            LakeCatalog.prepare(catalog);
            catalog.sparkConf(name).forEach((key, value) -> {
                if (key.startsWith("spark.sql.catalog.")) {
                    spark.conf().set(key, value);
                }
            });
        });
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (Catalogs catalogs =
                new Catalogs(pipeline.project(), spark.sparkContext().hadoopConfiguration())) {
            PipelineRun run = new PipelineRun(pipeline, spark, catalogs, RunListener.SILENT);
            long before = system.getProcessCpuTime();
            RunResult result = run.run(LocalDate.parse(DAY), false);
            double cost = (system.getProcessCpuTime() - before) / 1e9;
            if (result.lines().loaded() != dump.lines()
                    || !result.unknownColumns().isEmpty()
                    || result.evolved() != null) {
                throw new IllegalStateException(
                        "not a load of " + dump.lines() + " lines without new fields: " + result);
            }
            return cost;
        }
    }
}
