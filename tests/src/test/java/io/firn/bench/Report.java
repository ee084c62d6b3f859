package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.apache.iceberg.IcebergBuild;

import io.firn.bench.Scenario.Held;

/** The page docs/performance.md. */
record Report(List<Scenario> scenarios, int rounds) {

    String text() throws IOException {
        StringBuilder out = new StringBuilder(
                """
                # Performance

                Written by the benchmark, `mvn -Pbench -DskipTests verify -Dbench.bytes=%s -Dbench.rounds=%d
                -Dbench.scenarios=%s`; parameters stand at the head of `io.firn.bench.Benchmark`. Figures move from machine to machine, ratios hold.

                ## Verdict
                | Wanted | Measured |
                |---|---|
                """
                        .formatted(
                                System.getProperty("bench.bytes", "1g"),
                                rounds,
                                System.getProperty("bench.scenarios", "plain,types,gzip,memory")));
        verdicts(out);
        for (Scenario scenario : scenarios) {
            out.append(String.format(
                    Locale.ROOT,
                    "%n## %s%n%d event types, %d MB of JSON in %d lines, %d of them malformed.%n%n%s",
                    scenario.name(),
                    scenario.dump().types().size(),
                    scenario.dump().bytes() / 1_000_000,
                    scenario.dump().lines(),
                    scenario.dump().malformed(),
                    scenario.table()));
        }
        return out.append(setting()).toString();
    }

    private void verdicts(StringBuilder out) {
        scenario("plain").ifPresent(plain -> {
            ratios(out, "at least 5 times READ_PER_TYPE per CPU second", plain, "READ_PER_TYPE");
            ratios(out, "at least 5 times PERSIST per CPU second", plain, "PERSIST");
            Held firn = plain.held().get("FIRN");
            Held first = plain.held().get("READ_PER_TYPE");
            line(out, "data files at most 1.1 times READ_PER_TYPE's bytes", (double) firn.bytes() / first.bytes());
        });
        scenario("gzip").ifPresent(gzip -> ratios(out, "gzip: at least 3.5 times PERSIST", gzip, "PERSIST"));
        Optional<Scenario> ten = scenario("10 types");
        Optional<Scenario> forty = scenario("40 types");
        if (ten.isPresent() && forty.isPresent()) {
            String wanted = "40 types cost at most 1.15 times what 10 types cost";
            Scenario few = ten.get();
            Scenario many = forty.get();
            line(out, wanted + ", whole process", few.speedWithStart("FIRN") / many.speedWithStart("FIRN"));
            line(out, wanted + ", START taken off", few.speed("FIRN") / many.speed("FIRN"));
        }
        scenario("200 types by hour").ifPresent(memory -> {
            double heap = memory.costs().get("FIRN").liveHeap() / 1e9;
            line(
                    out,
                    "200 types by hour: live heap in GB, with "
                            + Child.settings().get(0),
                    heap);
        });
        boolean same = scenarios.stream().allMatch(s -> s.differences().isEmpty());
        out.append("| all sides hold the rows the generator wrote, value by value | ")
                .append(same ? "yes" : "**no**, see below")
                .append(" |\n");
    }

    /** Both, since taking START off flatters the faster side. */
    private static void ratios(StringBuilder out, String wanted, Scenario scenario, String side) {
        double whole = scenario.speedWithStart("FIRN") / scenario.speedWithStart(side);
        line(out, wanted + ", whole process", whole);
        line(out, wanted + ", START taken off", scenario.speed("FIRN") / scenario.speed(side));
    }

    private static void line(StringBuilder out, String wanted, double measured) {
        out.append(String.format(Locale.ROOT, "| %s | %.2f |%n", wanted, measured));
    }

    private Optional<Scenario> scenario(String name) {
        return scenarios.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    private String setting() throws IOException {
        return String.format(
                Locale.ROOT,
                """

                ## How it was measured
                - Machine: %s, %d processors, %d GB of memory; %s %s; Spark %s, Iceberg %s.
                - Every run is a process of its own with `%s -XX:+UseParallelGC -XX:MetaspaceSize=256m` and Spark's module flags, on two cores; rounds:
                  %d, the sides in turn; the run in the middle by CPU seconds counts, memory is the most of all runs. Seconds and CPU
                  seconds are the whole process's, from the JVM's start to its end; START is a session that loads nothing.
                  FIRN is faster by: CPU seconds with START taken off; the verdict gives both ratios.
                - READ_PER_TYPE: per type `spark.read.schema(declared).json(dump).filter(event = type)`, columns picked by
                  path, `writeTo(table).partitionedBy(days(event_time)).create()`.
                - PERSIST: `spark.read.text(dump)`, `get_json_object` for the event name, `persist(MEMORY_AND_DISK)`, per
                  type a filter, `from_json` with the declared schema, the same write.
                - Both: Iceberg's default table properties (zstd, hash distribution), UTC, 4 shuffle partitions, all else
                  as Spark ships it.
                - FIRN: `./firn run bench.yaml --date ...` as users start it, with its launcher's flags (not its archive of Spark's
                  classes, which EMR lacks) and its own defaults (zstd level 1, dictionaries up to 64 KiB, pages of 128 KiB),
                  tables partitioned by day. Firn writes local files without the `chmod` process and the `.crc` file that
                  Hadoop adds to each; plain Spark keeps Hadoop's way.
                - All: Iceberg's JdbcCatalog on SQLite, local disk, the dump in the page cache alike for all.
                - Same rows: per table the count against the generator's, and the sum of xxhash64 of every column over the
                  rows of well-formed lines. Malformed lines are marked by their id. Plain Spark makes rows of them, since
                  PERMISSIVE keeps what it parsed before the fault, reads a text in a number's place as null, and does not
                  see a second document on the line. FIRN made no row of them and its quarantine holds exactly
                  as many rows as there are malformed lines; both are checked.
                """,
                processor(),
                Runtime.getRuntime().availableProcessors(),
                memoryGigabytes(),
                System.getProperty("java.vm.name"),
                System.getProperty("java.version"),
                org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                IcebergBuild.version(),
                String.join(" ", Child.settings()),
                rounds);
    }

    private static String processor() throws IOException {
        return fact("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch"));
    }

    private static long memoryGigabytes() throws IOException {
        return fact("/proc/meminfo", "MemTotal")
                .map(kilobytes -> Long.parseLong(kilobytes.replaceAll("\\D", "")) / 1_000_000)
                .orElse(0L);
    }

    private static Optional<String> fact(String file, String key) throws IOException {
        Path facts = Path.of(file);
        if (!Files.exists(facts)) {
            return Optional.empty();
        }
        return Files.readAllLines(facts).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
