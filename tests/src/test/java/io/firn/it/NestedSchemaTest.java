package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.ExitCode;
import io.firn.SparkExtension;

/** Fields of structs are told by their names, in whatever order the YAML of the day lists them. */
@ExtendWith(SparkExtension.class)
class NestedSchemaTest {
    private static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type}
            events:
              sale:
                columns:
                  - {name: id, type: long}
                  - {name: v, type: "TYPE"}
            """;

    @TempDir
    private Path home;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "STRUCT<a: int, b: int> | STRUCT<b: int, a: int>         | [2,{\"a\":1,\"b\":2}]",
                "STRUCT<a: int, b: int> | STRUCT<a: int, c: int, b: int> | [2,{\"a\":1,\"b\":2,\"c\":3}]",
                "STRUCT<a: int, b: int> | STRUCT<b: int>                 | [2,{\"b\":2}]",
            })
    void fieldsMoveComeAndGo(String first, String then, String row, SparkSession spark) {
        for (String around : new String[] {"%s", "list<%s>", "map<string, %s>", "struct<x: int, in: %s>"}) {
            Path folder = home.resolve("t" + around.hashCode());
            String before = YAML.replace(
                    "TYPE", around.formatted(first.replace("STRUCT", "struct").strip()));
            String after = YAML.replace(
                    "TYPE", around.formatted(then.replace("STRUCT", "struct").strip()));
            String value = "{\"a\":1,\"b\":2,\"c\":3}";
            String json =
                    switch (around) {
                        case "list<%s>" -> "[" + value + "]";
                        case "map<string, %s>" -> "{\"k\":" + value + "}";
                        case "struct<x: int, in: %s>" -> "{\"x\":7,\"in\":" + value + "}";
                        default -> value;
                    };
            String inner =
                    switch (around) {
                        case "list<%s>" -> "v[0]";
                        case "map<string, %s>" -> "v['k']";
                        case "struct<x: int, in: %s>" -> "v.in";
                        default -> "v";
                    };
            try (Workspace shop = Workspace.of(folder, spark, before)) {
                shop.file("a.jsonl", "{\"type\":\"sale\",\"id\":1,\"v\":" + json + "}");
                assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);
                try (Workspace changed = shop.mended(after)) {
                    changed.file("b.jsonl", "{\"type\":\"sale\",\"id\":2,\"v\":" + json + "}");

                    assertThat(changed.run().lines().loaded()).isEqualTo(1);

                    assertThat(changed.sql("SELECT id, to_json(" + inner + ") FROM lake.shop.sale WHERE id = 2"))
                            .as(around)
                            .containsExactly(row.strip());
                    assertThat(changed.sql("SELECT id, to_json(" + inner + ") FROM lake.shop.sale WHERE id = 1"))
                            .as(around)
                            .containsExactly("[1,{\"a\":1,\"b\":2}]");
                }
            }
        }
    }
}
