package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** kill -9 at a seeded moment, then a rerun: the tables are those of an undisturbed load, row by row. */
@ExtendWith(SparkExtension.class)
class KillTest {
    @TempDir
    private Path home;

    @Test
    void aFewKills(SparkSession spark) throws Exception {
        kills(spark, 1, 3);
    }

    @Test
    @Tag("long")
    void fortyKills(SparkSession spark) throws Exception {
        kills(spark, 100, 40);
    }

    private void kills(SparkSession spark, long firstSeed, int count) throws Exception {
        DayOfTrouble day = new DayOfTrouble(home, firstSeed);
        Map<String, List<String>> expected = day.undisturbed(spark);
        assertThat(expected.get("quarantine")).isNotEmpty();
        int interrupted = 0;
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            Path lake = day.lake("killed-" + seed);
            String moment = kill(lake, new Random(seed));
            interrupted += moment.startsWith("ended") ? 0 : 1;
            String description = "seed %d, killed %s".formatted(seed, moment);
            try (Workspace workspace = day.open(lake, spark)) {
                RunResult rerun = workspace.run();
                assertThat(rerun.problems()).as(description).isEmpty();
                assertThat(rerun.exit()).as(description).isEqualTo(ExitCode.OK);
                assertThat(workspace.content()).as(description).isEqualTo(expected);
                Map<String, Long> snapshots = workspace.snapshots();
                assertThat(workspace.run().files().read()).as(description).isZero();
                assertThat(workspace.snapshots()).as(description).isEqualTo(snapshots);
            }
        }
        assertThat(interrupted).as("kills that came in time").isGreaterThan(count / 2);
    }

    /** Starts a load and kills it: two thirds at a publication's stop, the others at any time. Tells when. */
    private static String kill(Path lake, Random random) throws InterruptedException {
        int atStop = random.nextInt(3) > 0 ? 1 + random.nextInt(20) : 0;
        CountDownLatch stop = new CountDownLatch(Math.max(1, atStop));
        AtomicReference<String> last = new AtomicReference<>("nothing");
        try (Child child = new Child(line -> {
            if (line.startsWith("firn publish ")) {
                last.set(line.substring("firn publish ".length()));
                stop.countDown();
            }
        })) {
            child.open(lake);
            child.go();
            String moment;
            if (atStop > 0) {
                boolean reached = stop.await(60, TimeUnit.SECONDS);
                moment = (reached ? "at stop " : "ended before stop ") + atStop;
                child.livesFor(random.nextInt(30));
            } else {
                long millis = random.nextInt(6000);
                moment = "after " + millis + " ms";
                child.livesFor(millis);
            }
            child.kill();
            String answer = child.answer();
            return (answer == null ? "" : "ended, ") + moment + ", after " + last.get();
        }
    }
}
