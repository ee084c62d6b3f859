package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Maintenance;
import io.firn.SparkExtension;
import io.firn.maintain.CompactFiles;
import io.firn.maintain.ComputeStatistics;
import io.firn.maintain.ExpireData;
import io.firn.maintain.ExpireSnapshots;
import io.firn.maintain.Maintained.Status;
import io.firn.maintain.Neighbours;
import io.firn.maintain.RemoveOrphans;
import io.firn.maintain.RewriteManifests;
import io.firn.maintain.Verb;
import io.firn.maintain.Verb.Execution;
import io.firn.rig.Connector;
import io.firn.rig.Messages;
import io.firn.rig.Oracle;
import io.firn.rig.Pgbench;
import io.firn.rig.PostgresDatabase;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.table.LakeCatalog;
import io.firn.table.TableName;

/**
 * Every kind of upkeep in a loop beside a process that follows a database: the tables equal it, readers end, and the
 * writer hardly ever tries again.
 */
@ExtendWith({SparkExtension.class, RigExtension.class})
class UpkeepBesideWriterTest {
    private static final Duration OLDEST = Duration.ofSeconds(45);
    /** Ends what never finds work; on a busy machine one round over the tables takes half a minute. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final Set<String> WORK =
            Set.of("compact DONE", "expire-snapshots DONE", "remove-orphans DONE", "compute-statistics DONE");

    @TempDir
    private Path home;

    @Test
    void forHalfAMinute(SparkSession spark, Rig rig, TestReporter reporter) throws Exception {
        beside(spark, rig, reporter, "upkeep_short", Duration.ofSeconds(30), "2s");
    }

    @Test
    @Tag("long")
    void forTwentyMinutes(SparkSession spark, Rig rig, TestReporter reporter) throws Exception {
        double lost = beside(spark, rig, reporter, "upkeep_long", Duration.ofMinutes(20), "30s");
        assertThat(lost)
                .as("the share of the writer's time that conflicts cost")
                .isLessThan(0.02);
    }

    /** Snapshots go soon, so that expiry has something to do. */
    private static String yaml(Duration duration) {
        Duration half = duration.dividedBy(2);
        Duration age = half.compareTo(OLDEST) < 0 ? half : OLDEST;
        return PgbenchTest.YAML.replace(
                "events:\n",
                "defaults: {properties: {history.expire.max-snapshot-age-ms: " + age.toMillis() + "}}\nevents:\n");
    }

    private double beside(
            SparkSession spark, Rig rig, TestReporter reporter, String name, Duration duration, String every)
            throws Exception {
        PostgresDatabase database = rig.postgres().database(name);
        Pgbench pgbench = new Pgbench(database, 1);
        pgbench.init();
        // A table that holds nothing has no topic yet.
        pgbench.run(1, 10, 0);
        WriterLog log = new WriterLog();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Connector connector = rig.connector(database, Pgbench.TABLES.toArray(String[]::new))
                        .messages(Messages.PLAIN)
                        .start();
                Workspace lake = Workspace.of(
                        home, spark, yaml(duration).formatted(rig.kafka().bootstrap(), connector.prefix()))) {
            connector.catchUp();
            Instant begun;
            Map<String, Integer> done;
            Readers readers;
            try (Following firn = new Following(home, "bench", every, log::heard)) {
                firn.awaitRuns(1);
                begun = Instant.now();
                AtomicBoolean over = new AtomicBoolean();
                Future<Long> writing = threads.submit(() -> write(pgbench, over));
                Future<Readers> reading = threads.submit(() -> read(lake.spark(), over));
                try {
                    done = maintain(lake, begun.plus(duration));
                } finally {
                    over.set(true);
                }
                readers = reading.get();
                assertThat(writing.get()).isPositive();
                connector.catchUp();
                firn.awaitRuns(2);
                assertThat(firn.end()).as(firn.log()).isZero();
            }
            double seconds = Duration.between(begun, Instant.now()).toMillis() / 1000.0;
            double lost = log.lost() / seconds;
            reporter.publishEntry(Map.of(
                    "upkeep",
                    done.toString(),
                    "writer",
                    "%.0f s, %d publishes, %d tries lost, %.2f s of them (%.2f %%)"
                            .formatted(seconds, log.published, log.again, log.lost(), 100 * lost),
                    "readers",
                    readers.toString()));
            Pgbench.TABLES.forEach(
                    table -> Oracle.assertEqual(database, table, lake.spark().table("lake.bench." + table)));
            assertThat(done.keySet()).containsAll(WORK);
            assertThat(done.keySet()).noneMatch(key -> key.endsWith("failed") || key.endsWith("REFUSED"));
            assertThat(readers.finished()).isPositive();
            assertThat(accounts(lake)).isDirectoryNotContaining("glob:**/left-*");
            return lost;
        } finally {
            threads.shutdownNow();
        }
    }

    private static long write(Pgbench pgbench, AtomicBoolean over) {
        long seed = 1;
        while (!over.get()) {
            pgbench.run(2, 50, seed++);
        }
        return seed;
    }

    /** All verbs over all tables, over and over, until {@code end} and until each has found work. */
    private static Map<String, Integer> maintain(Workspace lake, Instant end) {
        Map<String, Integer> done = new TreeMap<>();
        List<TableName> tables = Pgbench.TABLES.stream()
                .map(table -> TableName.parse("lake.bench." + table))
                .toList();
        Function<LakeCatalog, List<Verb>> verbs = catalog -> List.of(
                new ExpireData(),
                CompactFiles.all(),
                new RewriteManifests(),
                new ExpireSnapshots(),
                RemoveOrphans.of(Neighbours.of(catalog)),
                new ComputeStatistics());
        while (Instant.now().isBefore(end)
                || (!done.keySet().containsAll(WORK) && Instant.now().isBefore(end.plus(PATIENCE)))) {
            plant(lake);
            Maintenance upkeep = lake.maintain(tables, verbs, Execution.DO);
            for (Maintenance.Table table : upkeep.tables()) {
                for (Maintenance.Action action : table.actions()) {
                    String how = action.failure() != null
                            ? "failed"
                            : action.result().status().name();
                    done.merge(action.verb() + " " + how, 1, Integer::sum);
                    if (how.equals("failed") || how.equals(Status.REFUSED.name())) {
                        assertThat(action.failure())
                                .as("%s of %s", action.verb(), table.table())
                                .isNull();
                    }
                }
            }
        }
        return done;
    }

    /** A file that a run left four days ago. */
    private static void plant(Workspace lake) {
        Path data = accounts(lake);
        Path orphan = data.resolve("left-" + UUID.randomUUID() + ".parquet");
        try {
            Files.createDirectories(data);
            Files.write(orphan, new byte[] {1});
            Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(4))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path accounts(Workspace lake) {
        return Path.of(lake.table("lake.bench.pgbench_accounts").location(), "data");
    }

    /** Scans that ended, each a while after it began. */
    private record Readers(long finished, long rows) {}

    /** Reads states of the table slowly, as dashboards do: rows are asked for a while after the state was chosen. */
    private static Readers read(SparkSession spark, AtomicBoolean over) {
        long rows = 0;
        long finished = 0;
        while (!over.get()) {
            List<String> open = new ArrayList<>();
            for (String table : Pgbench.TABLES) {
                List<Row> head = spark.sql("SELECT snapshot_id FROM lake.bench." + table + ".refs WHERE name = 'main'")
                        .collectAsList();
                head.forEach(snapshot -> open.add("SELECT count(*), count(DISTINCT filler) FROM lake.bench." + table
                        + " VERSION AS OF " + snapshot.getLong(0)));
            }
            for (String query : open) {
                rows += spark.sql(query).head().getLong(0);
                finished++;
            }
        }
        return new Readers(finished, rows);
    }

    /** What the writer tells of its tries. */
    private static final class WriterLog {
        private static final Pattern LINE = Pattern.compile(".*firn publish (\\S+): (branch|once more|published).*");
        private final Map<String, Instant> begun = new HashMap<>();
        private Duration lost = Duration.ZERO;
        private int again;
        private int published;

        synchronized void heard(String line) {
            Matcher match = LINE.matcher(line);
            if (!match.matches()) {
                return;
            }
            Instant now = Instant.now();
            switch (match.group(2)) {
                case "branch" -> begun.put(match.group(1), now);
                case "once more" -> {
                    again++;
                    lost = lost.plus(Duration.between(begun.getOrDefault(match.group(1), now), now));
                }
                default -> published++;
            }
        }

        synchronized double lost() {
            return lost.toMillis() / 1000.0;
        }
    }
}
