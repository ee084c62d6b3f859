package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.ErasureResult;
import io.firn.ErasureResult.Outcome;
import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** Runs go on merging while a subject is erased: neither loses anything to the other. */
@ExtendWith(SparkExtension.class)
class ErasureBesideRunsTest {
    private static final int USERS = 50;
    private static final int RUNS = 4;

    @TempDir
    private Path home;

    @Test
    void bothComeToTheirEnd(SparkSession spark) throws Exception {
        try (Workspace shop = Workspace.of(home, spark, ErasureTest.YAML);
                Workspace runs = Workspace.of(home, spark, ErasureTest.YAML);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            load(shop, 0, 1);
            ExecutorService thread = Executors.newSingleThreadExecutor();
            try {
                Future<?> writing = thread.submit(() -> {
                    for (int run = 1; run <= RUNS; run++) {
                        load(runs, run, 2);
                    }
                });
                ErasureResult result =
                        ErasureTest.erase(home, shop, catalogs, "deltas", "user_id = '" + ErasureTest.user(1) + "'");
                writing.get();
                assertThat(result.outcome()).isEqualTo(Outcome.ERASED);
            } finally {
                thread.shutdownNow();
            }

            assertThat(shop.sql("SELECT count(*), min(version), max(version) FROM lake.shop.deltas"))
                    .containsExactly("[%d,%d,%d]".formatted(USERS - 1, RUNS * 100 + 2, RUNS * 100 + USERS));
            Path staged = Files.createDirectories(home.resolve("lake/state/shop/staging/of-a-dead-run"));
            Files.writeString(staged.resolve("rows.parquet"), "");
            ErasureResult again =
                    ErasureTest.erase(home, shop, catalogs, "deltas", "user_id = '" + ErasureTest.user(1) + "'");
            assertThat(again.pending())
                    .anyMatch(left -> left.startsWith("staging data of runs of pipeline shop at ")
                            && left.contains("lake/state/shop/staging: it goes when those runs end"));
            assertThat(LakeFiles.read(home.resolve("lake/warehouse"), Pattern.compile("subject-00001"))
                            .found())
                    .isEmpty();
        }
    }

    private static void load(Workspace shop, int run, int from) {
        String[] lines = new String[USERS - from + 1];
        for (int user = from; user <= USERS; user++) {
            lines[user - from] = ErasureTest.line("deltas", user, run * 100L + user, true);
        }
        shop.file("run" + run + ".jsonl", lines);
        RunResult result = shop.run();
        assertThat(result.problems()).isEmpty();
        assertThat(result.exit()).isEqualTo(ExitCode.OK);
    }
}
