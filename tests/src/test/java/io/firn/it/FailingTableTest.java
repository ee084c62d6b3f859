package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.SparkExtension;

/** One table's trouble is that table's alone: the others load, and the day is finished once the trouble is gone. */
@ExtendWith(SparkExtension.class)
class FailingTableTest {
    @TempDir
    private Path home;

    @Test
    void aColumnOfAnotherTypeFailsItsTableOnly(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            shop.sql("CREATE NAMESPACE lake.shop");
            shop.sql("CREATE TABLE lake.shop.sale (id string) USING iceberg");
            shop.file("a.jsonl", sale(1), visit(1), badSale(2), sale(3));

            RunResult failed = shop.run();

            assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(failed.lines()).isEqualTo(new RunResult.Lines(4, 1, 0, 0, 0, 3));
            assertThat(table(failed, "visit").outcome()).isEqualTo(TableOutcome.PUBLISHED);
            assertThat(table(failed, "sale").outcome()).isEqualTo(TableOutcome.FAILED);
            assertThat(table(failed, "sale").error())
                    .contains("lake.shop.sale")
                    .contains("id")
                    .contains("string")
                    .contains("long");
            assertThat(failed.problems()).containsExactly(table(failed, "sale").error());

            shop.sql("DROP TABLE lake.shop.sale");
            RunResult mended = shop.run();

            assertThat(mended.exit()).isEqualTo(ExitCode.OK);
            assertThat(table(mended, "visit").outcome()).isEqualTo(TableOutcome.NOTHING_NEW);
            assertThat(shop.sql("SELECT id FROM lake.shop.sale ORDER BY id")).containsExactly("[1]", "[3]");
            assertThat(shop.sql("SELECT id FROM lake.shop.visit")).containsExactly("[1]");
            assertThat(shop.refused()).hasSize(1);
        }
    }

    @Test
    void aRollbackByHandIsFoundAndTheOthersLoad(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            shop.file("a.jsonl", sale(1), visit(1));
            shop.run();
            Map<String, Long> first = shop.snapshots();
            shop.file("b.jsonl", sale(2), visit(2));
            shop.run();
            shop.sql("CALL lake.system.rollback_to_snapshot('shop.sale', " + first.get("sale") + ")");
            shop.file("c.jsonl", sale(3), visit(3));

            RunResult result = shop.run();

            assertThat(result.exit()).isEqualTo(ExitCode.CONFLICT);
            assertThat(table(result, "sale").outcome()).isEqualTo(TableOutcome.FAILED);
            assertThat(result.problems()).singleElement().asString().contains("lake.shop.sale");
            assertThat(shop.sql("SELECT id FROM lake.shop.sale")).containsExactly("[1]");
            assertThat(shop.sql("SELECT id FROM lake.shop.visit ORDER BY id")).containsExactly("[1]", "[2]", "[3]");
        }
    }

    private static TableResult table(RunResult result, String event) {
        return result.tables().stream()
                .filter(table -> table.event().equals(event))
                .findFirst()
                .orElseThrow();
    }
}
