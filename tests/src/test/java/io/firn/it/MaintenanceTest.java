package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/**
 * Three runs at once while plain Iceberg procedures compact, expire and remove orphans, what dead runs left among them:
 * tables equal their sources all the same.
 */
@ExtendWith({SparkExtension.class, RigExtension.class})
class MaintenanceTest {
    private static final Duration TWO_DAYS = Duration.ofDays(2);
    private static final List<String> COMPACTION = List.of("rewrite_data_files", "rewrite_position_delete_files");

    @TempDir
    private Path home;

    @Test
    void twoRounds(SparkSession spark, Rig rig) throws Exception {
        rounds(spark, rig, "upkeep", 2);
    }

    @Test
    @Tag("long")
    void fiftyRounds(SparkSession spark, Rig rig, TestReporter reporter) throws Exception {
        Map<String, Integer> done = rounds(spark, rig, "long_upkeep", Integer.getInteger("firn.rounds", 50));
        reporter.publishEntry("procedures", done.toString());
        assertThat(done.get("rewrite_data_files")).isGreaterThan(done.getOrDefault("rewrite_data_files refused", 0));
    }

    private Map<String, Integer> rounds(SparkSession spark, Rig rig, String name, int count) throws Exception {
        Map<String, Integer> done = new TreeMap<>();
        try (FollowedShop shop = FollowedShop.of(rig, name, count)) {
            shop.write(30);
            shop.poison();
            Path lake = shop.lake(home.resolve("lake"), 0, 40);
            try (Workspace one = open(lake, spark);
                    Workspace two = open(lake, spark);
                    Workspace three = open(lake, spark)) {
                assertEnded(one.drain(), "the first run");
                for (int round = 0; round < count; round++) {
                    shop.write(20);
                    if (round % 10 == 0) {
                        shop.poison();
                        assertThat(new KillMoment("publish a table: audit", 1, 0).kill(lake))
                                .as("killed with a branch and staged changes left behind")
                                .isTrue();
                    }
                    List<Path> dead = leftovers(lake, shop, "dead-" + round);
                    age(lake.resolve("lake"));
                    List<Path> young = leftovers(lake, shop, "young-" + round);

                    together(shop, List.of(one, two, three), new Random(round), done, "round " + round);

                    String description = "round %d, %s".formatted(round, done);
                    assertEnded(one.drain(), description);
                    shop.assertTaken(one, description);
                    assertThat(one.drain().lines().read()).as(description).isZero();
                    assertThat(dead).as(description).noneMatch(Files::exists);
                    assertThat(young).as(description).allMatch(Files::exists);
                    assertThat(lake.resolve("lake/state/shop/staging"))
                            .as(description)
                            .isEmptyDirectory();
                }
                assertThat(done)
                        .containsKeys("rewrite_data_files", "rewrite_position_delete_files", "expire_snapshots");
                assertRollbackIsNoticed(shop, one);
            }
        }
        return done;
    }

    private static Workspace open(Path lake, SparkSession spark) {
        return Workspace.open(lake, spark, lake.resolve("pipeline.yaml"));
    }

    private static void assertEnded(RunResult run, String description) {
        assertThat(run.problems()).as(description).isEmpty();
        assertThat(run.exit()).as(description).isEqualTo(ExitCode.OK);
    }

    /** All of them at once, and the procedures over each table one after the other. */
    private static void together(
            FollowedShop shop, List<Workspace> runs, Random random, Map<String, Integer> done, String description)
            throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<RunResult>> results = new ArrayList<>();
            for (Workspace run : runs) {
                results.add(threads.submit((Callable<RunResult>) run::drain));
            }
            maintain(shop, runs.get(0), random, done);
            for (Future<RunResult> result : results) {
                assertEnded(result.get(), description);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void maintain(FollowedShop shop, Workspace lake, Random random, Map<String, Integer> done) {
        SparkSession spark = lake.spark();
        List<String> tables = new ArrayList<>(shop.tables());
        tables.add(lake.pipeline().quarantine().text());
        Collections.shuffle(tables, random);
        for (String table : tables) {
            String named = "table => '" + table + "'";
            for (String procedure : COMPACTION) {
                call(spark, procedure, named + ", options => map('rewrite-all', 'true')", done);
            }
            call(
                    spark,
                    "expire_snapshots",
                    named + ", retain_last => 1, older_than => TIMESTAMP '" + Instant.now() + "'",
                    done);
            // It refuses to come closer than a day.
            String day = Instant.now().minus(Duration.ofHours(25)).toString();
            call(spark, "remove_orphan_files", named + ", older_than => TIMESTAMP '" + day + "'", done);
        }
    }

    /** A rival's commit may make a procedure come to nothing, which is its own business. */
    private static void call(SparkSession spark, String procedure, String arguments, Map<String, Integer> done) {
        try {
            spark.sql("CALL lake.system." + procedure + "(" + arguments + ")").collect();
            done.merge(procedure, 1, Integer::sum);
        } catch (RuntimeException e) {
            assertThat(COMPACTION).as(e.toString()).contains(procedure);
            done.merge(procedure + " refused", 1, Integer::sum);
        }
    }

    /** A file in each table's folder that no snapshot names. */
    private static List<Path> leftovers(Path lake, FollowedShop shop, String name) {
        return shop.tables().stream()
                .map(table -> table.replace("lake.shop.", ""))
                .map(table -> {
                    Path data = lake.resolve("lake/warehouse/shop/" + table + "/data");
                    try (Stream<Path> files = Files.list(data)) {
                        Path any = files.filter(file -> file.toString().endsWith(".parquet"))
                                .findFirst()
                                .orElseThrow();
                        return Files.copy(any, data.resolve(name + ".parquet"), StandardCopyOption.REPLACE_EXISTING);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    /** As if all that lies there had been written two days ago. */
    private static void age(Path folder) throws IOException {
        FileTime then = FileTime.from(Instant.now().minus(TWO_DAYS));
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                // It would open and close the catalog's files, and so give up the locks that SQLite has on them.
                if (!path.getFileName().toString().startsWith("catalog.db")) {
                    Files.setLastModifiedTime(path, then);
                }
            }
        }
    }

    private static void assertRollbackIsNoticed(FollowedShop shop, Workspace lake) {
        String table = shop.tables().get(0);
        long before = head(lake, table);
        shop.write(20);
        assertEnded(lake.drain(), "before the rollback");
        long after = head(lake, table);
        assertThat(after).isNotEqualTo(before);
        String named = "table => '" + table + "', snapshot_id => ";
        lake.spark().sql("CALL lake.system.rollback_to_snapshot(" + named + before + ")");
        shop.write(20);

        RunResult run = lake.drain();

        assertThat(run.exit()).isEqualTo(ExitCode.CONFLICT);
        assertThat(run.exit().code()).isEqualTo(5);
        assertThat(run.problems())
                .singleElement()
                .asString()
                .contains("Table " + table + " was rolled back behind pipeline shop", "run firn rollback");
        assertThat(head(lake, table)).isEqualTo(before);
        lake.spark().sql("CALL lake.system.set_current_snapshot(" + named + after + ")");
        assertEnded(lake.drain(), "after the rollback was taken back");
        shop.assertTaken(lake, "after the rollback was taken back");
    }

    private static long head(Workspace lake, String table) {
        return lake.spark()
                .sql("SELECT snapshot_id FROM " + table + ".refs WHERE name = 'main'")
                .head()
                .getLong(0);
    }
}
