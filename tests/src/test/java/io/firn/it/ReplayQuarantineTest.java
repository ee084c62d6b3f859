package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.QuarantineReplay;
import io.firn.ReplayResult;
import io.firn.ReplayResult.ReplayedTable;
import io.firn.SparkExtension;
import io.firn.TableCheck;
import io.firn.table.LakeTable;
import io.firn.table.TableName;
import io.firn.table.TableVersion;

/** Quarantined lines are loaded again after the YAML was mended: once, whatever happens between. */
@ExtendWith(SparkExtension.class)
class ReplayQuarantineTest {
    private static final String UNDATED = sale(7).replace(",\"at\":\"2026-11-20T10:00:00Z\"", "");
    private static final String MENDED = Shop.yaml().replace("type: timestamptz, required: true", "type: timestamptz");

    @TempDir
    private Path home;

    @Test
    void linesThatLoadNowMoveToTheirTable(SparkSession spark) {
        try (Workspace shop = broken(spark);
                Workspace mended = shop.mended(MENDED)) {
            ReplayResult replayed = replay(mended);

            assertThat(replayed.exit()).isEqualTo(ExitCode.OK);
            assertThat(List.of(replayed.rows(), replayed.loaded(), replayed.left()))
                    .containsExactly(3L, 1L, 2L);
            assertThat(mended.sql("SELECT id, at FROM lake.shop.sale ORDER BY id"))
                    .containsExactly("[1,2026-11-20 10:00:00.0]", "[7,null]");
            assertThat(mended.refused()).hasSize(2).noneMatch(line -> line.contains(" at: "));
            assertThat(check(mended, "sale").sound()).isTrue();
            assertThat(mended.run().lines().read()).isZero();
            assertThat(replay(mended).loaded()).isZero();
        }
    }

    @Test
    void killedBeforeTheQuarantineWasCleanedARerunOnlyDeletes(SparkSession spark) {
        try (Workspace shop = broken(spark);
                Workspace mended = shop.mended(MENDED)) {
            List<TableVersion> before = versions(mended, mended.pipeline().quarantine());
            replay(mended);
            takeBack(mended, before.get(0).snapshot());
            assertThat(mended.quarantine()).hasSize(3);
            Long loaded = mended.snapshots().get("sale");

            ReplayResult again = replay(mended);

            assertThat(again.loaded()).isZero();
            assertThat(again.left()).isEqualTo(2);
            assertThat(mended.snapshots().get("sale")).isEqualTo(loaded);
            assertThat(check(mended, "sale").sound()).isTrue();
        }
    }

    @Test
    void otherLinesQuarantinedMeanwhileDoNotDoubleWhatWasReplayed(SparkSession spark) {
        try (Workspace shop = broken(spark);
                Workspace mended = shop.mended(MENDED)) {
            List<TableVersion> before = versions(mended, mended.pipeline().quarantine());
            replay(mended);
            takeBack(mended, before.get(0).snapshot());
            mended.file("late.jsonl", sale(9), badSale(10));
            mended.run();

            replay(mended);

            assertThat(mended.sql("SELECT id FROM lake.shop.sale ORDER BY id")).containsExactly("[1]", "[7]", "[9]");
            assertThat(mended.quarantine()).hasSize(3);
            assertThat(check(mended, "sale").sound()).isTrue();
        }
    }

    @Test
    void linesOfADayThatWasHeldBackComeWithItsNextRun(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("max-quarantined: 0"))) {
            shop.file("a.jsonl", sale(1), UNDATED);
            assertThat(shop.run().exit()).isEqualTo(ExitCode.QUALITY);
            try (Workspace mended = shop.mended(MENDED)) {
                assertThat(replay(mended).loaded()).isZero();
                assertThat(mended.rows("sale")).isEmpty();

                assertThat(mended.run().lines().loaded()).isEqualTo(2);

                assertThat(mended.quarantine()).isEmpty();
            }
        }
    }

    /** The day was held back after its quarantine was published; killed there, a run leaves the same. */
    @Test
    void linesOfAnotherVersionOfTheirFileThanTheTableHoldsAreLeft(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("max-quarantined: 1"))) {
            shop.file("a.jsonl", sale(1), sale(2));
            shop.file("b.jsonl", UNDATED);
            assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);
            shop.file("a.jsonl", UNDATED.replace("7", "8"), UNDATED.replace("7", "9"), sale(3));
            assertThat(shop.replace().exit()).isEqualTo(ExitCode.QUALITY);
            assertThat(shop.quarantine()).hasSize(3);

            try (Workspace mended = shop.mended(MENDED)) {
                ReplayResult replayed = replay(mended);

                assertThat(List.of(replayed.loaded(), replayed.left())).containsExactly(1L, 2L);
                assertThat(replayed.exit()).isEqualTo(ExitCode.FAILED);
                assertThat(replayed.tables()).extracting(ReplayedTable::error).anySatisfy(error -> assertThat(error)
                        .startsWith("holds another version of 1 files (the first: ")
                        .contains("a.jsonl) than the one whose lines are quarantined, which stay there")
                        .endsWith("firn run PIPELINE.yaml --replace loads them whole (--date 2026-11-20)"));
                assertThat(sales(mended)).containsExactly("[1]", "[2]", "[7]");

                assertThat(mended.replace().exit()).isEqualTo(ExitCode.OK);
                assertThat(sales(mended)).containsExactly("[3]", "[7]", "[8]", "[9]");
                assertThat(mended.quarantine()).isEmpty();
            }
        }
    }

    private static List<String> sales(Workspace shop) {
        return shop.sql("SELECT id FROM lake.shop.sale ORDER BY id");
    }

    @Test
    void withoutAQuarantineThereIsNothingToDo(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            assertThat(replay(shop).rows()).isZero();
        }
    }

    /** A day of one good sale, one without its time, and two lines that nothing can mend. */
    private Workspace broken(SparkSession spark) {
        Workspace shop = Workspace.of(home, spark, Shop.yaml());
        shop.file("a.jsonl", sale(1), UNDATED, badSale(2), visit(1), "{");
        shop.run();
        assertThat(shop.quarantine()).hasSize(3);
        return shop;
    }

    private static ReplayResult replay(Workspace shop) {
        try (Catalogs catalogs = catalogs(shop)) {
            return new QuarantineReplay(shop.pipeline(), shop.spark(), catalogs).run();
        }
    }

    private static TableCheck check(Workspace shop, String event) {
        try (Catalogs catalogs = catalogs(shop)) {
            TableName name = shop.event(event).target().table();
            return TableCheck.of(shop.spark(), catalogs.find(name).orElseThrow());
        }
    }

    private static List<TableVersion> versions(Workspace shop, TableName table) {
        try (Catalogs catalogs = catalogs(shop)) {
            return catalogs.find(table).map(LakeTable::versions).orElseThrow();
        }
    }

    /** The quarantine as a replay finds it whose predecessor died before it deleted. */
    private static void takeBack(Workspace shop, long snapshot) {
        try (Catalogs catalogs = catalogs(shop)) {
            catalogs.find(shop.pipeline().quarantine()).orElseThrow().rollback(snapshot);
        }
    }

    private static Catalogs catalogs(Workspace shop) {
        return new Catalogs(
                shop.pipeline().project(), shop.spark().sparkContext().hadoopConfiguration());
    }
}
