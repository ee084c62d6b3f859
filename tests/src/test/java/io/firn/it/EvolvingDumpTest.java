package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.EvolvedEvent.NewColumn;
import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.RunResult.Lines;
import io.firn.SparkExtension;

/** New fields of a dump become columns and are filled in the same run; every value of the raw lines is in the table. */
@ExtendWith(SparkExtension.class)
class EvolvingDumpTest {
    private static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            defaults: {max-quarantined: 1.0, unknown-columns: evolve}
            events:
              sale:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: at, type: timestamptz}
                  - {name: place, type: "struct<lat: double>"}
                  - {name: items, type: "list<struct<sku: string>>"}
                  - {name: labels, type: "map<string, struct<n: long>>"}
                  - {name: total, type: double, path: payload.total}
            """;

    @TempDir
    private Path home;

    @Test
    void fieldsAtEveryDepthBecomeColumnsAndFields(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML)) {
            shop.file(
                    "a.jsonl",
                    sale(1, "\"place\":{\"lat\":1.5},\"items\":[{\"sku\":\"a\"}],\"payload\":{\"total\":2}"),
                    sale(2, "\"coupon\":\"SPRING\",\"geo\":{\"lat\":52.5,\"city\":\"Berlin\"}"),
                    sale(3, "\"place\":{\"lat\":2.5,\"floor\":{\"no\":3,\"tags\":[\"x\"]}}"),
                    sale(4, "\"items\":[{\"sku\":\"b\",\"qty\":2},{\"sku\":\"c\",\"gift\":true}]"),
                    sale(5, "\"labels\":{\"k\":{\"n\":1,\"seen\":\"2026-11-20T01:02:03Z\"},\"m\":null}"),
                    sale(6, "\"payload\":{\"total\":1.5,\"tax\":0.25,\"Tax Rate\":19}"),
                    sale(7, "\"mixed\":1"),
                    sale(8, "\"mixed\":{\"a\":[1,\"two\"]},\"firn_file\":\"x\",\"AT\":true"),
                    sale(9, "\"nothing\":null,\"empty\":{},\"none\":[]"),
                    "{\"type\":\"sale\",\"id\":10,\"coupon\":\"broken\"");

            RunResult result = shop.run();

            assertThat(result.exit()).isEqualTo(ExitCode.OK);
            assertThat(result.lines()).isEqualTo(new Lines(10, 9, 1, 0, 0, 0));
            assertThat(RebuiltLines.check(shop, "sale")).isEqualTo(9);
            assertThat(shop.refused())
                    .singleElement()
                    .asString()
                    .contains("a.jsonl")
                    .contains(" 10 sale -: ");
            assertThat(schema(shop))
                    .containsExactly(
                            "id bigint",
                            "at timestamp",
                            "place struct<lat:double,floor:struct<no:bigint,tags:array<string>>>",
                            "items array<struct<sku:string,gift:boolean,qty:bigint>>",
                            "labels map<string,struct<n:bigint,seen:timestamp>>",
                            "total double",
                            "firn_file string",
                            "firn_offset bigint",
                            "firn_loaded_at timestamp",
                            "at_2 boolean",
                            "coupon string",
                            "json_firn_file string",
                            "geo struct<lat:double,city:string>",
                            "mixed string",
                            "tax_rate bigint",
                            "tax double");
            assertThat(result.evolved()).singleElement().satisfies(event -> assertThat(event.columns())
                    .extracting(NewColumn::name, NewColumn::yaml, NewColumn::note)
                    .contains(
                            tuple("coupon", "- {name: coupon, type: string}", null),
                            tuple("tax", "- {name: tax, type: double, path: payload.tax}", null),
                            tuple(
                                    "mixed",
                                    "- {name: mixed, type: string, format: json}",
                                    "JSON text, since no one type holds its values")));
            assertThat(result.unknownColumns())
                    .extracting(RunResult.UnknownColumn::path, RunResult.UnknownColumn::lines)
                    .containsExactlyInAnyOrder(tuple("nothing", 1L), tuple("empty", 1L), tuple("none", 1L));
            assertThat(shop.run().files().read()).isZero();
            assertThat(leftovers()).isEmpty();
        }
    }

    @Test
    void theNextDayNeedsNoOtherYaml(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML)) {
            shop.file("a.jsonl", sale(1, "\"coupon\":\"A\",\"geo\":{\"lat\":1},\"n\":1"));
            shop.run();
            List<String> before = schema(shop);
            shop.file("b.jsonl", sale(2, "\"coupon\":\"B\",\"n\":2"), sale(3, "\"geo\":{\"lat\":2}"), sale(4, ""));

            RunResult late = shop.run();

            assertThat(late.lines().loaded()).isEqualTo(3);
            assertThat(late.evolved()).isNull();
            assertThat(schema(shop)).isEqualTo(before);
            shop.file("c.jsonl", sale(5, "\"geo\":{\"lat\":3,\"lon\":4},\"other\":[1,2]"));
            assertThat(shop.run().lines().loaded()).isOne();
            assertThat(schema(shop)).contains("geo struct<lat:bigint,lon:bigint>", "other array<bigint>");
            assertThat(RebuiltLines.check(shop, "sale")).isEqualTo(5);
            try (Workspace listed = shop.mended(
                    YAML + "      - {name: coupon, type: string}\n      - {name: number, type: long, path: n}\n")) {
                listed.file("d.jsonl", sale(6, "\"coupon\":\"D\",\"n\":6,\"geo\":{\"lon\":1}"));
                assertThat(listed.run().lines().loaded()).isOne();
                assertThat(listed.sql("SELECT coupon, number, n, geo.lon FROM lake.shop.sale WHERE id = 6"))
                        .containsExactly("[D,6,null,1]");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomDocumentsAreWhollyInTheTable(long seed, SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML)) {
            Random random = new Random(seed);
            int lines = 0;
            for (int file = 0; file < 6; file++) {
                List<String> all = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    all.add(randomSale(lines++, file, random));
                }
                shop.file(file + ".jsonl", all.toArray(String[]::new));
                if (file % 2 == 1) {
                    RunResult result = shop.run();
                    assertThat(result.lines().loaded()).as("%s", shop.refused()).isEqualTo(80);
                    assertThat(result.problems()).isEmpty();
                }
            }
            assertThat(RebuiltLines.check(shop, "sale")).isEqualTo(lines);
        }
    }

    @Test
    void theDumpIsReadOnce(SparkSession spark) throws IOException {
        spark.sparkContext()
                .hadoopConfiguration()
                .set("fs." + CountingFileSystem.SCHEME + ".impl", CountingFileSystem.class.getName());
        String path = CountingFileSystem.SCHEME + ":" + home + "/raw/{date}/";
        try (Workspace shop = Workspace.of(home, spark, YAML.replace("raw/{date}/", path))) {
            long bytes = Files.size(shop.file("a.jsonl", sale(1, "\"coupon\":\"A\""), sale(2, "")))
                    + Files.size(shop.file("b.jsonl", sale(3, "\"coupon\":\"B\"")));
            CountingFileSystem.OPENED.set(0);

            RunResult result = shop.run();

            assertThat(result.lines().loaded()).isEqualTo(3);
            assertThat(schema(shop)).contains("coupon string");
            assertThat(result.files().bytes()).isEqualTo(bytes);
            assertThat(CountingFileSystem.OPENED.get()).isEqualTo(bytes);
        }
    }

    @Test
    void transformsSeeNothingOfIt(SparkSession spark) {
        String yaml = YAML
                + """
                    transforms:
                      - {type: rename, column: total, to: amount}
                      - {type: derive, name: twice, as: double, expr: "amount * 2"}
                      - {type: derive, name: lat, as: double, expr: "place.lat"}
                      - {type: filter, expr: "id <> 2"}
                      - {type: drop, names: [labels]}
                """
                        .indent(0);
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            shop.file(
                    "a.jsonl",
                    sale(1, "\"payload\":{\"total\":2,\"tax\":1},\"place\":{\"lat\":1,\"lon\":2}"),
                    sale(2, "\"coupon\":\"A\""),
                    sale(3, "\"items\":[{\"sku\":\"b\",\"qty\":2}],\"labels\":{\"k\":{\"m\":1}}"));

            RunResult result = shop.run();

            assertThat(result.lines()).isEqualTo(new Lines(3, 2, 0, 1, 0, 0));
            assertThat(shop.sql("SELECT id, amount, twice, tax, lat, place.lat, place_lon, items[0].qty, coupon"
                            + " FROM lake.shop.sale ORDER BY id"))
                    .containsExactly("[1,2.0,4.0,1,1.0,1.0,2,null,null]", "[3,null,null,null,null,null,null,2,null]");
            assertThat(result.problems())
                    .singleElement()
                    .asString()
                    .contains("labels.value.m: a transform makes something else of column labels");
            shop.file("b.jsonl", sale(4, "\"place\":{\"lat\":5,\"lon\":6},\"coupon\":\"B\""));
            assertThat(shop.run().lines().loaded()).isOne();
            assertThat(shop.sql("SELECT lat, place_lon, coupon FROM lake.shop.sale WHERE id = 4"))
                    .containsExactly("[5.0,6,B]");
        }
    }

    @Test
    void keysThatAreDataDoNotExplodeATable(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML)) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                lines.add(sale(
                        i,
                        "\"user%d\":%d,\"byUser\":{\"u%d\":%d},\"often\":%d,\"wide\":%s"
                                .formatted(i, i, i, i, i, wide())));
            }
            shop.file("a.jsonl", lines.toArray(String[]::new));

            RunResult result = shop.run();

            assertThat(result.lines().loaded()).isEqualTo(300);
            assertThat(schema(shop))
                    .hasSize(9 + 100)
                    .contains("by_user map<string,bigint>", "often bigint", "wide string");
            assertThat(result.problems())
                    .singleElement()
                    .asString()
                    .contains("203 more fields: a run adds at most 100");
            assertThat(result.unknownColumns()).hasSize(203);
            assertThat(shop.sql("SELECT count(*), sum(often) FROM lake.shop.sale"))
                    .containsExactly("[300,44850]");
        }
    }

    @Test
    void aTableUnderDdlGainsColumnsBesideItsOwn(SparkSession spark) {
        Workspace.write(
                home.resolve("ddl/shop/sale.yaml"),
                """
                columns:
                  - {name: id, type: long, required: true}
                  - {name: at, type: timestamptz}
                  - {name: place, type: "struct<lat: double>"}
                """
                        .getBytes(StandardCharsets.UTF_8));
        try (Workspace shop =
                Workspace.of(home, spark, YAML.replaceAll("(?s)    columns:.*", "    unknown-columns: evolve\n"))) {
            shop.file("a.jsonl", sale(1, "\"coupon\":\"A\",\"place\":{\"lat\":1,\"lon\":2}"), sale(2, ""));
            assertThat(shop.run().lines().loaded()).isEqualTo(2);
            shop.file("b.jsonl", sale(3, "\"coupon\":\"B\",\"place\":{\"lon\":3}"));
            assertThat(shop.run().lines().loaded()).isOne();

            assertThat(schema(shop)).contains("place struct<lat:double>", "coupon string", "place_lon bigint");
            assertThat(RebuiltLines.check(shop, "sale")).isEqualTo(3);
        }
    }

    @Test
    void aDayThatIsHeldBackGivesNoColumns(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML.replace("max-quarantined: 1.0", "max-quarantined: 0"))) {
            shop.file("a.jsonl", sale(1, "\"coupon\":\"A\""), sale(2, ""), "{");

            RunResult result = shop.run();

            assertThat(result.exit()).isEqualTo(ExitCode.QUALITY);
            assertThat(result.lines()).isEqualTo(new Lines(3, 0, 1, 0, 0, 2));
            assertThat(schema(shop)).doesNotContain("coupon string");
            assertThat(leftovers()).isEmpty();
        }
    }

    private static String wide() {
        StringBuilder wide = new StringBuilder("{");
        for (int i = 0; i < 40; i++) {
            wide.append(i == 0 ? "" : ",").append("\"f").append(i).append("\":").append(i);
        }
        return wide.append('}').toString();
    }

    private static String randomSale(int id, int day, Random random) {
        StringBuilder fields = new StringBuilder();
        for (String field : List.of("alpha", "Beta Key", "gamma", "delta")) {
            // Every field has one kind of values on all days, else late lines would be refused.
            if (random.nextInt(3) == 0 && day >= field.length() - 4) {
                add(fields, field, value(field, 0, random));
            }
        }
        if (random.nextBoolean()) {
            add(fields, "place", "{\"lat\":" + random.nextInt(9) + extra("near", day, random) + "}");
        }
        if (random.nextBoolean()) {
            add(
                    fields,
                    "items",
                    "[{\"sku\":\"s\"" + extra("qty", day, random) + "},null,{"
                            + extra("bonus", day, random).replaceFirst("^,", "") + "}]");
        }
        if (random.nextBoolean()) {
            add(fields, "payload", "{\"total\":1" + extra("vat", day, random) + "}");
        }
        if (random.nextBoolean()) {
            add(fields, "labels", "{\"k" + random.nextInt(3) + "\":{\"n\":1" + extra("on", day, random) + "}}");
        }
        return sale(id, fields.toString());
    }

    private static void add(StringBuilder fields, String key, String value) {
        fields.append(fields.isEmpty() ? "" : ",")
                .append('"')
                .append(key)
                .append("\":")
                .append(value);
    }

    private static String extra(String key, int day, Random random) {
        return random.nextInt(3) > 0 || day < key.length() - 2 ? "" : ",\"" + key + "\":" + value(key, 1, random);
    }

    /** A value whose kind its key decides. */
    private static String value(String key, int depth, Random random) {
        return switch (key.length() % 4) {
            case 0 -> Long.toString(random.nextLong());
            case 1 -> depth > 2 ? "\"deep\"" : "{\"in%d\":%s}".formatted(depth, value("abc", depth + 1, random));
            case 2 -> random.nextInt(1000) + ".5";
            default -> "[\"" + random.nextInt(100) + "\",null]";
        };
    }

    static String sale(int id, String more) {
        return "{\"type\":\"sale\",\"id\":" + id + ",\"at\":\"2026-11-20T10:00:00Z\"" + (more.isEmpty() ? "" : ",")
                + more + "}";
    }

    static List<String> schema(Workspace shop) {
        return Stream.of(shop.spark().table("lake.shop.sale").schema().fields())
                .map(field -> field.name() + " " + field.dataType().catalogString())
                .toList();
    }

    private List<String> leftovers() {
        try (Stream<Path> files = Files.walk(home)) {
            return files.map(Path::toString)
                    .filter(file -> file.contains("/staging/"))
                    .toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
