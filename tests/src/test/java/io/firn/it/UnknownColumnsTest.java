package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.util.Map;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.RunResult.UnknownColumn;
import io.firn.SparkExtension;

/** Keys that no column names are reported, kept or refused; events that the YAML does not list are counted. */
@ExtendWith(SparkExtension.class)
class UnknownColumnsTest {
    private static final String KNOWN = "{\"type\":\"sale\",\"id\":1,\"amount\":1.5,\"at\":\"2026-11-20T10:00:00Z\"}";
    private static final String STRANGE = "{\"type\":\"sale\",\"id\":2,\"amount\":2.5,\"at\":\"2026-11-20T10:00:00Z\","
            + "\"coupon\":\"SPRING\",\"geo\":{\"lat\":52.5,\"city\":\"Berlin\"},\"odd.key\":[1,2]}";

    @TempDir
    private Path home;

    @Test
    void reportLoadsTheLineAndTellsTheKeys(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("unknown-columns: report"))) {
            shop.file("a.jsonl", KNOWN, STRANGE, STRANGE.replace(":2,\"amount", ":3,\"amount"));

            RunResult result = shop.run();

            assertThat(result.lines().loaded()).isEqualTo(3);
            assertThat(result.unknownColumns())
                    .extracting(UnknownColumn::event, UnknownColumn::path, UnknownColumn::lines)
                    .containsExactlyInAnyOrder(
                            tuple("sale", "coupon", 2L), tuple("sale", "geo", 2L), tuple("sale", "\"odd.key\"", 2L));
            assertThat(result.unknownColumns())
                    .filteredOn(column -> column.path().equals("coupon"))
                    .singleElement()
                    .satisfies(coupon -> {
                        assertThat(coupon.type()).isEqualTo("string");
                        assertThat(coupon.sample()).isEqualTo("\"SPRING\"");
                    });
            assertThat(shop.spark().table("lake.shop.sale").columns())
                    .containsExactly("id", "amount", "at", "firn_file", "firn_offset", "firn_loaded_at");
        }
    }

    @Test
    void keepStoresThemAsOneJsonColumn(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("unknown-columns: keep"))) {
            shop.file("a.jsonl", KNOWN, STRANGE);

            assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);

            assertThat(shop.sql("SELECT id, firn_unknown IS NULL FROM lake.shop.sale ORDER BY id"))
                    .containsExactly("[1,true]", "[2,false]");
            assertThat(shop.sql("SELECT firn_unknown FROM lake.shop.sale WHERE id = 2"))
                    .containsExactly("[{\"coupon\":\"SPRING\",\"geo\":{\"lat\":52.5,\"city\":\"Berlin\"},"
                            + "\"\\\"odd.key\\\"\":[1,2]}]");
        }
    }

    @Test
    void failQuarantinesTheLine(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml("unknown-columns: fail, max-quarantined: 1.0"))) {
            shop.file("a.jsonl", KNOWN, STRANGE);

            RunResult result = shop.run();

            assertThat(result.lines()).isEqualTo(new RunResult.Lines(2, 1, 1, 0, 0, 0));
            assertThat(shop.refused())
                    .singleElement()
                    .asString()
                    .startsWith("a.jsonl " + (KNOWN.length() + 1) + " 2 sale coupon: ")
                    .doesNotContain("SPRING");
        }
    }

    @Test
    void anEventMayDecideForItself(SparkSession spark) {
        String yaml = Shop.yaml("unknown-columns: fail, max-quarantined: 1.0") + "    unknown-columns: keep\n";
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            shop.file("a.jsonl", STRANGE, STRANGE.replace("\"sale\"", "\"visit\""));

            assertThat(shop.run().lines()).isEqualTo(new RunResult.Lines(2, 1, 1, 0, 0, 0));

            assertThat(shop.sql("SELECT id, get_json_object(firn_unknown, '$.coupon') FROM lake.shop.visit"))
                    .containsExactly("[2,SPRING]");
        }
    }

    @Test
    void eventsNotListedAreCountedByName(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            shop.file("a.jsonl", KNOWN, "{\"type\":\"refund\",\"id\":1}", "{\"type\":\"refund\"}", "{\"type\":\"\"}");
            shop.file("b.jsonl", "{\"type\":\"refund\"}", "{\"type\":\"Sale\"}", "{\"type\":\"broken\"");

            RunResult result = shop.run();

            assertThat(result.notListed()).isEqualTo(Map.of("refund", 3L, "", 1L, "Sale", 1L));
            assertThat(result.lines()).isEqualTo(new RunResult.Lines(7, 1, 1, 0, 5, 0));
        }
    }
}
