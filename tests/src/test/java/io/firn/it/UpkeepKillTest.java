package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Maintenance;
import io.firn.Maintenance.Action;
import io.firn.SparkExtension;
import io.firn.maintain.Maintained.Status;

/**
 * kill -9 at a seeded moment of every kind of upkeep, then the same again: tables hold their rows at every time, and once
 * orphans are old enough to be removed, nothing lies there that no table names.
 */
@ExtendWith(SparkExtension.class)
class UpkeepKillTest {
    private static final int MOST_TRIES = 10;

    @TempDir
    private Path folder;

    @Test
    void aKillOfEachVerb(SparkSession spark, TestReporter reporter) throws Exception {
        reporter.publishEntry("kills", kills(spark, 1, UpkeptLake.VERBS).toString());
    }

    @Test
    @Tag("long")
    void fortyKills(SparkSession spark, TestReporter reporter) throws Exception {
        List<String> verbs = new ArrayList<>(Collections.nCopies(4, "compact"));
        for (int round = 0; round < 6; round++) {
            verbs.addAll(UpkeptLake.VERBS);
        }
        Map<String, Integer> kills = kills(spark, 100, verbs);
        reporter.publishEntry("kills", kills.toString());
        assertThat(kills.values()).hasSize(6).allMatch(count -> count >= 5);
        assertThat(kills.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
    }

    /** How many of each verb were killed amid their work. */
    private Map<String, Integer> kills(SparkSession spark, long firstSeed, List<String> verbs) throws Exception {
        Map<String, Integer> killed = new TreeMap<>();
        try (UpkeepKiller killer = new UpkeepKiller()) {
            UpkeptLake lake = new UpkeptLake(folder, spark);
            List<String> rows;
            Map<String, String> positions;
            try (Workspace shop = lake.open()) {
                rows = UpkeptLake.rows(shop);
                positions = UpkeptLake.positions(shop);
            }
            assertThat(UpkeptLake.retained(rows)).hasSizeLessThan(rows.size());
            for (int i = 0; i < verbs.size(); i++) {
                Random random = new Random(new SplittableRandom(firstSeed + i).nextLong());
                String verb = verbs.get(i);
                String moment = null;
                for (int tries = 0; moment == null; tries++) {
                    assertThat(tries)
                            .as("kills of " + verb + " that came too late")
                            .isLessThan(MOST_TRIES);
                    lake.restore();
                    List<String> tables = new ArrayList<>(UpkeptLake.TABLES);
                    Collections.shuffle(tables, random);
                    moment = killer.kill(lake.home(), verb, tables, random);
                }
                String description = "seed %d, %s killed at %s".formatted(firstSeed + i, verb, moment);
                try (Workspace shop = lake.open()) {
                    assertRecovers(lake, shop, verb, rows, description);
                    assertThat(UpkeptLake.positions(shop)).as(description).isEqualTo(positions);
                    assertThat(shop.run().lines().read()).as(description).isZero();
                }
                killed.merge(verb, 1, Integer::sum);
            }
        }
        return killed;
    }

    private static void assertRecovers(
            UpkeptLake lake, Workspace shop, String verb, List<String> before, String description) throws Exception {
        List<String> after = verb.equals("expire-data") ? UpkeptLake.retained(before) : before;
        List<String> rows = UpkeptLake.rows(shop);
        assertThat(rows).as(description).isIn(before, after);
        assertThat(UpkeptLake.rowsWithoutSpark(shop)).as(description).isEqualTo(rows);
        assertThat(UpkeptLake.named(shop)).as(description).isNotEmpty().allMatch(Files::exists);

        assertEnds(UpkeptLake.maintain(shop, verb, UpkeptLake.TABLES), description);

        assertThat(UpkeptLake.rowsWithoutSpark(shop)).as(description).isEqualTo(after);

        lake.age();
        assertEnds(UpkeptLake.maintain(shop, "remove-orphans", UpkeptLake.TABLES), description);

        assertThat(lake.files()).as(description).isEqualTo(UpkeptLake.named(shop));
        assertThat(lake.staged()).as(description).isEmpty();
        assertThat(UpkeptLake.rows(shop)).as(description).isEqualTo(after);
        assertThat(shop.table("lake.shop.visits").removedRows())
                .as(description)
                .isEqualTo(before.size() - after.size());
    }

    private static void assertEnds(Maintenance upkeep, String description) {
        for (Maintenance.Table table : upkeep.tables()) {
            for (Action action : table.actions()) {
                assertThat(action.failure()).as(description).isNull();
                assertThat(action.result().status())
                        .as("%s, then %s of %s: %s", description, action.verb(), table.table(), action.result())
                        .isIn(Status.DONE, Status.NOTHING_TO_DO);
            }
        }
    }
}
