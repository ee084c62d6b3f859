package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.Erasure.Refs;
import io.firn.ErasureResult;
import io.firn.ErasureResult.Outcome;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.SparkExtension;
import io.firn.maintain.Verb.Execution;

/** What an erasure refuses, with nothing changed. */
@ExtendWith(SparkExtension.class)
class ErasureRefusedTest {
    @TempDir
    private Path home;

    @Test
    void conditionsThatAreNone(SparkSession spark) {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            Map<String, String> refused = Map.of(
                    "true", "--where: it looks at no column of the table, so it means every row or none",
                    "1 = 1", "--where: it looks at no column of the table, so it means every row or none",
                    "id > 0 OR id IS NULL",
                            "--where: it means every row of the table; to empty a table, drop it or run DELETE",
                    "user_id = 'secret-77'", "--where: [UNRESOLVED_COLUMN.WITH_SUGGESTION]",
                    "id = = 'secret-77'", "--where: [PARSE_SYNTAX_ERROR] Syntax error at or near '='",
                    "id = 7 AND rand() > 0.5", "--where: it calls rand, which is nondeterministic",
                    "at < now()", "--where: it calls now, which changes from run to run",
                    "id IN (SELECT id FROM lake.shop.visit)", "--where: it holds a subquery",
                    "page", "--where: [UNRESOLVED_COLUMN",
                    "id", "--where: it gives BIGINT; a filter needs a condition, true or false");
            Map<String, Long> before = shop.snapshots();

            refused.forEach(
                    (where, why) -> assertThatThrownBy(() -> ErasureTest.erase(home, shop, catalogs, "sale", where))
                            .as(where)
                            .isInstanceOfSatisfying(FirnException.class, e -> assertThat(e.exit())
                                    .isEqualTo(ExitCode.USAGE))
                            .hasMessageStartingWith(why)
                            .hasMessageNotContaining("secret"));

            assertThat(shop.snapshots()).isEqualTo(before);
        }
    }

    @Test
    void tagsAndBranchesThatShowTheRows(SparkSession spark) {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            shop.spark().sql("ALTER TABLE lake.shop.visit CREATE TAG harmless");
            shop.spark().sql("ALTER TABLE lake.shop.sale CREATE TAG month");
            shop.spark().sql("ALTER TABLE lake.shop.sale CREATE BRANCH audit");
            shop.spark().sql("DELETE FROM lake.shop.sale WHERE id = 2");
            shop.spark().sql("ALTER TABLE lake.shop.sale CREATE TAG remembers");
            Map<String, Long> before = shop.snapshots();

            assertThatThrownBy(() -> ErasureTest.erase(home, shop, catalogs, "sale", "id = 2"))
                    .isInstanceOfSatisfying(
                            FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.FAILED))
                    .hasMessage(
                            "tags or branches still show such rows, or remember their files: audit of lake.shop.sale,"
                                    + " month of lake.shop.sale, remembers of lake.shop.sale. Nothing was erased; drop them, or"
                                    + " give --drop-refs");
            assertThat(shop.snapshots()).isEqualTo(before);

            ErasureResult planned =
                    ErasureTest.erase(home, shop, catalogs, "sale", "id = 2", Refs.DROP, Execution.DRY_RUN);
            assertThat(planned.outcome()).isEqualTo(Outcome.PLANNED);
            assertThat(shop.snapshots()).isEqualTo(before);

            ErasureResult done = ErasureTest.erase(home, shop, catalogs, "sale", "id = 2", Refs.DROP, Execution.DO);
            assertThat(done.outcome()).isEqualTo(Outcome.ERASED);
            assertThat(shop.sql("SELECT name FROM lake.shop.sale.refs")).containsExactly("[main]");
            assertThat(shop.sql("SELECT name FROM lake.shop.visit.refs ORDER BY 1"))
                    .containsExactly("[d2026_11_20]", "[harmless]", "[main]");
            assertThat(shop.sql("SELECT id FROM lake.shop.sale ORDER BY 1")).containsExactly("[1]", "[3]");
        }
    }

    @Test
    void aRunThatIsPublishing(SparkSession spark) {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            String branch = "firn_0123456789ab_" + Long.toHexString(System.currentTimeMillis()) + "01234567";
            shop.spark().sql("ALTER TABLE lake.shop.sale CREATE BRANCH " + branch);

            assertThatThrownBy(() -> ErasureTest.erase(home, shop, catalogs, "sale", "id = 2"))
                    .isInstanceOf(FirnException.class)
                    .hasMessageStartingWith("a run is publishing to lake.shop.sale (branch " + branch + ")");

            assertThat(shop.sql("SELECT count(*) FROM lake.shop.sale")).containsExactly("[3]");
        }
    }

    @Test
    void aPipelineWhoseFileIsGone(SparkSession spark) throws Exception {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            Files.move(home.resolve("pipeline.yaml"), home.resolve("pipeline.txt"));

            assertThatThrownBy(() -> ErasureTest.erase(home, shop, catalogs, "sale", "id = 2"))
                    .isInstanceOfSatisfying(
                            FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.FAILED))
                    .hasMessageStartingWith("table lake.shop.sale was loaded by shop, whose YAML is not here")
                    .hasMessageEndingWith("Nothing was erased; name the file with --pipeline");

            assertThat(shop.sql("SELECT count(*) FROM lake.shop.sale")).containsExactly("[3]");
        }
    }

    /** Spark would say which value it was. */
    @Test
    void aConditionThatFailsOnAValue(SparkSession spark) {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            Map<String, Long> before = shop.snapshots();

            assertThatThrownBy(() -> ErasureTest.erase(home, shop, catalogs, "visit", "int(page) = 7"))
                    .isInstanceOfSatisfying(
                            FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE))
                    .hasMessage("--where: Spark cannot tell it of every row: [CAST_INVALID_INPUT]; mend it, as with"
                            + " try_cast");

            assertThat(shop.snapshots()).isEqualTo(before);
        }
    }

    private Workspace loaded(SparkSession spark) {
        Workspace shop = Workspace.of(home, spark, Shop.yaml());
        shop.file("a.jsonl", Shop.sale(1), Shop.sale(2), Shop.visit(1), Shop.badSale(2));
        shop.file("b.jsonl", Shop.sale(3));
        assertThat(shop.run().problems()).isEmpty();
        return shop;
    }
}
