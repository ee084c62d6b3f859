package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.ErasureResult;
import io.firn.ErasureResult.Outcome;
import io.firn.ExitCode;
import io.firn.SparkExtension;

/** kill -9 at a seeded moment of an erasure, then the same erasure again: nothing of the subject is left, all else is. */
@ExtendWith(SparkExtension.class)
class ErasureKillTest {
    private static final int USERS = 20;

    @TempDir
    private Path home;

    @Test
    void aFewKills(SparkSession spark) throws Exception {
        kills(spark, 1, 2);
    }

    @Test
    @Tag("long")
    void twelveKills(SparkSession spark) throws Exception {
        kills(spark, 100, 12);
    }

    private void kills(SparkSession spark, int firstSeed, int count) throws Exception {
        try (Workspace shop = Workspace.of(home, spark, ErasureTest.YAML);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            for (int batch = 0; batch < 3; batch++) {
                String[] lines = new String[2 * USERS];
                for (int user = 0; user < USERS; user++) {
                    lines[user] = ErasureTest.line("deltas", user + 1, batch * 100L + user, true);
                    lines[USERS + user] = ErasureTest.line("deltas", user + 1, batch * 100L + user, false);
                }
                shop.file("batch" + batch + ".jsonl", lines);
                assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);
            }
            int interrupted = 0;
            for (int seed = 0; seed < count; seed++) {
                String subject = ErasureTest.user(seed + 1);
                String where = "user_id = '" + subject + "'";
                Pattern pattern = Pattern.compile(subject.substring(0, 13));
                Map<String, List<String>> rest = ErasureTest.rest(shop, pattern);
                assertThat(LakeFiles.read(home.resolve("lake/warehouse"), pattern)
                                .found())
                        .isNotEmpty();
                interrupted += kill(where, new Random(firstSeed + seed)) ? 1 : 0;

                ErasureResult again = ErasureTest.erase(home, shop, catalogs, "deltas", where);

                String description = "seed " + (firstSeed + seed);
                assertThat(again.outcome()).as(description).isEqualTo(Outcome.ERASED);
                assertThat(shop.sql("SELECT count(*) FROM lake.shop.deltas"))
                        .as(description)
                        .containsExactly("[" + (USERS - seed - 1) + "]");
                assertThat(ErasureTest.rest(shop, pattern)).as(description).isEqualTo(rest);
                assertNamesNone(shop, pattern, again, description);
                assertThat(shop.run().lines().read()).as(description).isZero();
            }
            assertThat(interrupted).as("kills that came in time").isGreaterThan(count / 2);
        }
    }

    /** What a killed expiry left on disk is not named any more, and the rerun tells of it. */
    private void assertNamesNone(Workspace shop, Pattern pattern, ErasureResult result, String description) {
        Set<String> named = new HashSet<>();
        for (String table : List.of("lake.shop.deltas", "lake.shop.firn_quarantine")) {
            for (String query : List.of(
                    "file_path FROM " + table + ".all_files",
                    "path FROM " + table + ".all_manifests",
                    "manifest_list FROM " + table + ".snapshots",
                    "file FROM " + table + ".metadata_log_entries")) {
                shop.sql("SELECT " + query)
                        .forEach(row -> named.add(row.replaceFirst(".*/", "").replace("]", "")));
            }
        }
        Path warehouse = home.resolve("lake/warehouse");
        LakeFiles read = LakeFiles.read(
                warehouse, pattern, file -> named.contains(file.getFileName().toString()));
        assertThat(read.parquet()).as(description).isPositive();
        assertThat(read.found()).as(description).isEmpty();
        if (!LakeFiles.read(warehouse, pattern).found().isEmpty()) {
            assertThat(result.pending())
                    .as(description)
                    .anyMatch(text -> text.contains("firn maintain remove-orphans"));
        }
    }

    /** True: it was killed before it ended. */
    private boolean kill(String where, Random random) throws InterruptedException {
        int stops = 1 + random.nextInt(12);
        CountDownLatch reached = new CountDownLatch(stops);
        try (Child child = new Child(line -> {
            if (line.startsWith("firn erase ")) {
                reached.countDown();
            }
        })) {
            child.open(home);
            child.erase("deltas", where);
            boolean unused = reached.await(60, TimeUnit.SECONDS);
            boolean alive = child.livesFor(random.nextInt(400));
            child.kill();
            String answer = child.answer();
            assertThat(answer).isIn(null, "done ERASED");
            return alive && answer == null;
        }
    }
}
