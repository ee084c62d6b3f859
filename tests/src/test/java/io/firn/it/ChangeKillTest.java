package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

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
 * kill -9 of runs over changes, several in a row, at every stop of their way and at any moment, for tables of every kind:
 * run again, they equal their sources, and at no snapshot did a key name two rows.
 */
@ExtendWith({SparkExtension.class, RigExtension.class})
class ChangeKillTest {
    private static final String AFTER_QUARANTINE = "stage a table: staged";
    private static final int STOPS_OF_A_LAKE = 3;
    /** Only a rerun comes there. */
    private static final String QUARANTINE_AGAIN = "publish the quarantine: remove replaced rows";

    @TempDir
    private Path home;

    @Test
    void aFewKills(SparkSession spark, Rig rig) throws InterruptedException {
        kills(spark, rig, "kills", 4);
    }

    @Test
    @Tag("long")
    void hundredKills(SparkSession spark, Rig rig, TestReporter reporter) throws InterruptedException {
        Map<String, Integer> killed = kills(spark, rig, "many_kills", Integer.getInteger("firn.kills", 100));
        reporter.publishEntry("kills by stop", killed.toString());
        assertThat(killed)
                .as("stops at which a run was killed")
                .hasSizeGreaterThan(12)
                .containsKey(QUARANTINE_AGAIN);
    }

    /** Returns how often a run was killed at each stop. */
    private Map<String, Integer> kills(SparkSession spark, Rig rig, String name, int count)
            throws InterruptedException {
        try (FollowedShop shop = FollowedShop.of(rig, name, count)) {
            for (int part = 0; part < 3; part++) {
                shop.write(40);
                shop.poison();
            }
            Undisturbed undisturbed = undisturbed(shop, spark);
            List<String> stops = new ArrayList<>(undisturbed.stops.keySet());
            Collections.shuffle(stops, new Random(count));
            Map<String, Integer> killed = new TreeMap<>();
            int kills = 0;
            for (int seed = 0; kills < count; seed++) {
                Random random = new Random(seed);
                Path lake = shop.lake(home.resolve("killed-" + seed), seed, 60 + random.nextInt(120));
                List<KillMoment> moments = moments(seed, random, undisturbed, stops);
                for (KillMoment moment : moments) {
                    if (!moment.kill(lake)) {
                        break;
                    }
                    killed.merge(String.valueOf(moment.stop()), 1, Integer::sum);
                    kills++;
                }
                assertRerunMends(shop, lake, spark, "seed " + seed + ", killed at " + moments);
            }
            return killed;
        }
    }

    /** When runs over one lake are killed, one after the other: at a few stops, each seed at others, and at any time. */
    private static List<KillMoment> moments(int seed, Random random, Undisturbed undisturbed, List<String> stops) {
        List<KillMoment> moments = new ArrayList<>();
        for (int i = 0; i < STOPS_OF_A_LAKE; i++) {
            String stop = stops.get((seed * STOPS_OF_A_LAKE + i) % stops.size());
            int times = Math.max(1, undisturbed.stops.get(stop) / (STOPS_OF_A_LAKE + 1));
            moments.add(new KillMoment(stop, 1 + random.nextInt(times), random.nextInt(30)));
            if (stop.equals(AFTER_QUARANTINE)) {
                moments.add(new KillMoment(QUARANTINE_AGAIN, 1, random.nextInt(30)));
            }
        }
        moments.add(new KillMoment(null, 0, random.nextInt(undisturbed.millis / 2)));
        return moments;
    }

    private static void assertRerunMends(FollowedShop shop, Path lake, SparkSession spark, String description) {
        try (Workspace workspace = Workspace.open(lake, spark, lake.resolve("pipeline.yaml"))) {
            RunResult rerun = workspace.drain();
            assertThat(rerun.problems()).as(description).isEmpty();
            assertThat(rerun.exit()).as(description).isEqualTo(ExitCode.OK);
            shop.assertTaken(workspace, description);
            assertThat(workspace.drain().lines().read()).as(description).isZero();
        }
    }

    /** Where a run comes along, how often, and how long it takes. */
    private record Undisturbed(Map<String, Integer> stops, int millis) {}

    private Undisturbed undisturbed(FollowedShop shop, SparkSession spark) {
        Map<String, Integer> stops = new TreeMap<>();
        Path lake = shop.lake(home.resolve("undisturbed"), 0, 120);
        long start;
        String answer;
        try (Child child = new Child(line -> {
            String stop = KillMoment.stop(line);
            if (stop != null) {
                stops.merge(stop, 1, Integer::sum);
            }
        })) {
            child.open(lake);
            start = System.nanoTime();
            child.drain();
            answer = child.answer();
        }
        int millis = (int) ((System.nanoTime() - start) / 1_000_000);
        assertThat(answer).startsWith("done OK").endsWith("[]");
        assertRerunMends(shop, lake, spark, "undisturbed");
        assertThat(stops).containsKeys("publish a table: audit", "publish the quarantine: publish", AFTER_QUARANTINE);
        return new Undisturbed(stops, millis);
    }
}
