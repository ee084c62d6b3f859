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

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.SparkExtension;

/** A day with too many bad lines: the tables stay as they were, the quarantine says why. */
@ExtendWith(SparkExtension.class)
class QualityGateTest {
    private static final String WRONG_AMOUNT = " sale amount: expected decimal(10,2), found string";

    @TempDir
    private Path home;

    @Test
    void moreThanTheCountHoldsTheDayBackAndQuarantinesIt(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("max-quarantined: 1"))) {
            shop.file("a.jsonl", sale(1), badSale(2), visit(1));
            shop.file("b.jsonl", badSale(3), sale(4));

            RunResult held = shop.run();

            assertThat(held.exit()).isEqualTo(ExitCode.QUALITY);
            assertThat(held.lines()).isEqualTo(new RunResult.Lines(5, 0, 2, 0, 0, 3));
            assertThat(held.tables()).extracting(TableResult::outcome).containsOnly(TableOutcome.HELD_BACK);
            assertThat(held.problems())
                    .singleElement()
                    .asString()
                    .startsWith("2 of 5 lines were refused, more than max-quarantined 1 allows;");
            assertEmpty(shop);
            assertThat(shop.refused()).hasSize(2).allMatch(refused -> refused.contains(WRONG_AMOUNT));
        }
    }

    @Test
    void runAgainItIsTheSame(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("max-quarantined: 0"))) {
            shop.file("a.jsonl", sale(1), badSale(2), visit(1));
            shop.run();
            List<String> quarantine = shop.quarantine();

            assertThat(shop.run().exit()).isEqualTo(ExitCode.QUALITY);

            assertThat(quarantine).hasSize(1);
            assertThat(shop.quarantine()).isEqualTo(quarantine);
            assertEmpty(shop);
        }
    }

    @Test
    void mendedItLoadsAndItsQuarantineGoes(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("max-quarantined: 1"))) {
            shop.file("a.jsonl", sale(1), badSale(2), visit(1));
            shop.file("b.jsonl", badSale(3), sale(4));
            shop.run();
            shop.file("a.jsonl", sale(1), sale(2), visit(1));

            RunResult mended = shop.run();

            assertThat(mended.exit()).isEqualTo(ExitCode.OK);
            assertThat(mended.lines()).isEqualTo(new RunResult.Lines(5, 4, 1, 0, 0, 0));
            assertThat(shop.sql("SELECT id FROM lake.shop.sale ORDER BY id")).containsExactly("[1]", "[2]", "[4]");
            assertThat(shop.refused()).containsExactly("b.jsonl 0 1" + WRONG_AMOUNT);
        }
    }

    @Test
    void mendedYamlLoadsTheSameFiles(SparkSession spark) {
        String strict = Shop.yaml("max-quarantined: 0");
        String lenient = strict.replace("timestamptz, required: true", "timestamptz");
        try (Workspace shop = Workspace.of(home, spark, strict)) {
            shop.file("a.jsonl", sale(1), "{\"type\":\"sale\",\"id\":2,\"amount\":2}");
            assertThat(shop.run().exit()).isEqualTo(ExitCode.QUALITY);
            assertThat(shop.refused()).singleElement().asString().endsWith(" sale at: required, but missing");

            try (Workspace mended = shop.mended(lenient)) {
                RunResult result = mended.run();

                assertThat(result.exit()).isEqualTo(ExitCode.OK);
                assertThat(result.lines()).isEqualTo(new RunResult.Lines(2, 2, 0, 0, 0, 0));
                assertThat(mended.sql("SELECT id, amount, at FROM lake.shop.sale WHERE id = 2"))
                        .containsExactly("[2,2.00,null]");
                assertThat(mended.refused()).isEmpty();
            }
        }
    }

    @Test
    void aRatioCountsAllLines(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("max-quarantined: 0.25"))) {
            shop.file("a.jsonl", sale(1), badSale(2), "{\"type\":\"other\"}", visit(1));
            assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);

            shop.file("b.jsonl", sale(5), badSale(6), badSale(7), visit(5), visit(6), visit(7), visit(8));
            assertThat(shop.run().exit()).isEqualTo(ExitCode.QUALITY);

            assertThat(shop.sql("SELECT id FROM lake.shop.sale")).containsExactly("[1]");
            assertThat(shop.refused()).hasSize(3);
        }
    }

    private static void assertEmpty(Workspace shop) {
        assertThat(shop.rows("sale")).isEmpty();
        assertThat(shop.rows("visit")).isEmpty();
    }
}
