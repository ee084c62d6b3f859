package io.firn.it;

import static io.firn.it.EvolvingDumpTest.sale;
import static io.firn.it.EvolvingDumpTest.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.Catalogs;
import io.firn.EvolvedEvent.NewColumn;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.QuarantineReplay;
import io.firn.ReplayResult;
import io.firn.RunResult;
import io.firn.RunResult.Lines;
import io.firn.SparkExtension;

/** Values of a dump that come to have another type than their column's: each policy, for listed and evolved columns. */
@ExtendWith(SparkExtension.class)
class ChangedTypesDumpTest {
    private static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            defaults: {max-quarantined: 1.0, unknown-columns: UNKNOWN, on-type-change: POLICY}
            events:
              sale:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: at, type: timestamptz}
                  - {name: price, type: double}
                  - {name: tags, type: "list<long>"}
                  - {name: place, type: "struct<lat: double>"}
                  - {name: user, type: string, path: actor.name}
                  - {name: count, type: int}
            """;

    @TempDir
    private Path home;

    private static String yaml(String unknown, String policy) {
        return YAML.replace("UNKNOWN", unknown).replace("POLICY", policy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evolve", "report"})
    void newColumnTakesWhatTheOldOneDoesNotHold(String unknown, SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml(unknown, "new-column"))) {
            shop.file(
                    "a.jsonl",
                    sale(
                            1,
                            "\"price\":1.5,\"tags\":[1],\"place\":{\"lat\":1},\"actor\":{\"name\":\"ann\"},\"count\":1"),
                    sale(2, "\"price\":\"2.50\",\"tags\":[1,\"two\"],\"place\":\"here\",\"actor\":\"bob\""),
                    sale(3, "\"tags\":[\"x\",{\"y\":1}],\"place\":[1,2],\"count\":3000000000"),
                    sale(4, "\"place\":{\"lat\":\"north\"},\"user\":1").replace("2026-11-20T10:00:00Z", "yesterday"));

            RunResult result = shop.run();

            assertThat(result.lines()).isEqualTo(new Lines(4, 4, 0, 0, 0, 0));
            assertThat(schema(shop))
                    .contains(
                            "price_string string",
                            "tags_string string",
                            "place_string string",
                            "user_string string",
                            "count_long bigint",
                            "at_string string");
            if (unknown.equals("evolve")) {
                assertThat(RebuiltLines.check(shop, "sale")).isEqualTo(4);
            }
            assertThat(shop.sql("SELECT id, price, price_string, tags, tags_string, user, user_string, count_long"
                            + " FROM lake.shop.sale ORDER BY id"))
                    .containsExactly(
                            "[1,1.5,null,ArraySeq(1),null,ann,null,null]",
                            "[2,null,2.50,null,[1,\"two\"],null,bob,null]",
                            "[3,null,null,null,[\"x\",{\"y\":1}],null,null,3000000000]",
                            "[4,null,null,null,null,null,null,null]");
            assertThat(result.evolved().get(0).columns())
                    .extracting(NewColumn::name, NewColumn::insteadOf, NewColumn::path, NewColumn::yaml)
                    .contains(
                            tuple("user_string", "user", "actor", null), tuple("price_string", "price", "price", null));
            assertThat(shop.sql("SELECT id, price, tags, user, count FROM lake.shop.sale_unified ORDER BY id"))
                    .containsExactly(
                            "[1,1.5,[1],ann,1]",
                            "[2,2.50,[1,\"two\"],bob,null]",
                            "[3,null,[\"x\",{\"y\":1}],null,3000000000]",
                            "[4,null,null,null,null]");
            var before = schema(shop);
            shop.file("b.jsonl", sale(5, "\"price\":\"5\",\"actor\":\"eve\""), sale(6, "\"price\":6"));
            RunResult late = shop.run();
            assertThat(late.lines().loaded()).isEqualTo(2);
            assertThat(late.evolved()).isNull();
            assertThat(schema(shop)).isEqualTo(before);
            shop.file("c.jsonl", sale(7, "\"price\":true"));
            assertThat(shop.run().lines().loaded()).isOne();
            assertThat(shop.sql("SELECT id, price, price_string, price_boolean, user_string FROM lake.shop.sale"
                            + " WHERE id > 4 ORDER BY id"))
                    .containsExactly("[5,null,5,null,eve]", "[6,6.0,null,null,null]", "[7,null,null,true,null]");
        }
    }

    @Test
    void quarantineSetsTheLineAside(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml("evolve", "quarantine"))) {
            shop.file("a.jsonl", sale(1, "\"price\":1,\"coupon\":7"), sale(2, "\"price\":\"2\",\"other\":1"));
            assertThat(shop.run().lines()).isEqualTo(new Lines(2, 1, 1, 0, 0, 0));
            shop.file("b.jsonl", sale(3, "\"coupon\":\"late\""), sale(4, "\"coupon\":8"));

            RunResult late = shop.run();

            assertThat(late.lines()).isEqualTo(new Lines(2, 1, 1, 0, 0, 0));
            assertThat(shop.refused())
                    .containsExactly(
                            "a.jsonl 72 2 sale price: expected double, found string",
                            "b.jsonl 0 1 sale coupon: expected long, found string");
            assertThat(schema(shop)).contains("coupon bigint").doesNotContain("other bigint");
        }
    }

    @Test
    void failStopsBeforeAnythingIsPublished(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml("evolve", "fail"))) {
            shop.file("a.jsonl", sale(1, "\"price\":1,\"coupon\":7"));
            shop.run();
            var snapshots = shop.snapshots();
            shop.file("b.jsonl", sale(2, ""), sale(3, "\"price\":\"3\""), sale(4, "\"price\":\"4\",\"new\":1"));
            shop.file("c.jsonl", sale(5, "\"coupon\":\"x\",\"count\":3000000000"), "{");

            assertThatThrownBy(shop::run)
                    .isInstanceOfSatisfying(
                            FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.FAILED))
                    .hasMessageContaining("nothing was loaded")
                    .hasMessageContaining("column price (double): 2 lines, the first ")
                    .hasMessageContaining("b.jsonl line 2, byte 51")
                    .hasMessageContaining("- {name: price, type: double, on-type-change: new-column}")
                    .hasMessageContaining("column coupon (long): 1 line, the first ")
                    .hasMessageContaining("- {name: count, type: long}");
            assertThat(shop.snapshots()).isEqualTo(snapshots);
            assertThat(schema(shop)).doesNotContain("new bigint");
            try (Workspace mended = shop.mended(yaml("evolve", "fail")
                            .replace("price, type: double", "price, type: double, on-type-change: new-column")
                            .replace("count, type: int", "count, type: long")
                    + "      - {name: coupon, type: long, on-type-change: quarantine}\n")) {
                assertThat(mended.run().lines()).isEqualTo(new Lines(5, 3, 2, 0, 0, 0));
                assertThat(mended.sql("SELECT id, price, price_string, coupon, new FROM lake.shop.sale ORDER BY id"))
                        .containsExactly(
                                "[1,1.0,null,7,null]",
                                "[2,null,null,null,null]",
                                "[3,null,3,null,null]",
                                "[4,null,4,null,1]");
            }
        }
    }

    @Test
    void quarantinedLinesAreReplayedWithNewColumns(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml("evolve", "quarantine"))) {
            shop.file(
                    "a.jsonl",
                    sale(1, "\"coupon\":1"),
                    sale(2, "\"price\":\"2\",\"other\":{\"x\":1}"),
                    sale(3, "\"coupon\":2").replace(":3,", ":null,"));
            assertThat(shop.run().lines()).isEqualTo(new Lines(3, 1, 2, 0, 0, 0));
            try (Workspace mended = shop.mended(yaml("evolve", "new-column"))) {
                ReplayResult replayed = replay(mended);

                assertThat(replayed.loaded()).isOne();
                assertThat(replayed.left()).isOne();
                assertThat(RebuiltLines.check(mended, "sale")).isEqualTo(2);
                assertThat(mended.sql("SELECT price_string, other.x FROM lake.shop.sale WHERE id = 2"))
                        .containsExactly("[2,1]");
                assertThat(replay(mended).loaded()).isZero();
                assertThat(mended.run().lines().read()).isZero();
            }
        }
    }

    private static ReplayResult replay(Workspace shop) {
        try (Catalogs catalogs = new Catalogs(
                shop.pipeline().project(), shop.spark().sparkContext().hadoopConfiguration())) {
            return new QuarantineReplay(shop.pipeline(), shop.spark(), catalogs).run();
        }
    }
}
