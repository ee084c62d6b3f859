package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.RunResult.Lines;
import io.firn.SparkExtension;

/** A column of every type meets every kind of value, at the top and in a struct: the page says where values go. */
@ExtendWith(SparkExtension.class)
class DumpTransitionsTest {

    /** Each with a value that it holds. */
    private static final Map<String, String> TYPES = types();

    private static final List<String> VALUES = List.of(
            "true",
            "7",
            "3000000000",
            "100000000000000000000",
            "1.25",
            "1e400",
            "\"word\"",
            "\"2026-11-20\"",
            "\"2026-11-20T10:00:00Z\"",
            "\"2026-11-20T10:00:00\"",
            "{\"a\":1}",
            "{\"a\":\"x\"}",
            "[1,null]",
            "[\"x\"]",
            "[1,\"x\"]");

    @TempDir
    private Path home;

    private static Map<String, String> types() {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("boolean", "false");
        types.put("int", "1");
        types.put("long", "1");
        types.put("float", "1.5");
        types.put("double", "1.5");
        types.put("decimal(10,2)", "1.5");
        types.put("string", "\"s\"");
        types.put("uuid", "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"");
        types.put("binary", "\"AP8=\"");
        types.put("date", "\"2026-01-01\"");
        types.put("timestamptz", "\"2026-01-01T00:00:00Z\"");
        types.put("timestamp", "\"2026-01-01T00:00:00\"");
        types.put("struct<a: long>", "{\"a\":2}");
        types.put("list<long>", "[2]");
        types.put("map<string, long>", "{\"k\":2}");
        return types;
    }

    @Test
    void everyTypeMeetsEveryValue(SparkSession spark) throws IOException {
        Map<String, Map<String, List<String>>> top = outcomes(spark, "top", type -> type, value -> value);
        Map<String, Map<String, List<String>>> nested =
                outcomes(spark, "nested", "struct<v: %s>"::formatted, "{\"v\":%s}"::formatted);
        nested.forEach((type, outcome) -> {
            assertThat(outcome.get(""))
                    .as("%s in a struct holds what it holds at the top", type)
                    .isEqualTo(top.get(type).get(""));
            assertThat(outcome.keySet()).isSubsetOf("", "_struct", "_string");
        });
        isOnThePage(top);
    }

    /** For each type the values that its column holds, under "", and those that go elsewhere, by the new name's ending. */
    private Map<String, Map<String, List<String>>> outcomes(
            SparkSession spark, String folder, Function<String, String> wrapType, Function<String, String> wrapValue) {
        List<String> types = List.copyOf(TYPES.keySet());
        StringBuilder yaml = new StringBuilder(
                """
                pipeline: shop
                source: {type: json-dump, path: "raw/{date}/", event-name: type}
                defaults: {max-quarantined: 0, on-type-change: new-column}
                events:
                """);
        List<String> lines = new ArrayList<>();
        for (int type = 0; type < types.size(); type++) {
            yaml.append("  t%d:\n    columns:\n      - {name: id, type: long, required: true}\n".formatted(type));
            for (int value = 0; value < VALUES.size(); value++) {
                yaml.append("      - {name: v%d, type: \"%s\"}\n".formatted(value, wrapType.apply(types.get(type))));
            }
            String held = wrapValue.apply(TYPES.get(types.get(type)));
            lines.add(line(type, 1, value -> held));
            lines.add(line(type, 2, value -> wrapValue.apply(VALUES.get(value))));
        }
        try (Workspace shop = Workspace.of(home.resolve(folder), spark, yaml.toString())) {
            shop.file("a.jsonl", lines.toArray(String[]::new));

            assertThat(shop.run().lines()).isEqualTo(new Lines(lines.size(), lines.size(), 0, 0, 0, 0));

            Map<String, Map<String, List<String>>> outcomes = new LinkedHashMap<>();
            for (int type = 0; type < types.size(); type++) {
                assertThat(RebuiltLines.check(shop, "t" + type)).isEqualTo(2);
                outcomes.put(types.get(type), outcome(shop.spark().table("lake.shop.t" + type)));
            }
            return outcomes;
        }
    }

    /** The one column that has each value of row 2. */
    private static Map<String, List<String>> outcome(Dataset<Row> table) {
        List<String> columns = List.of(table.columns());
        Row row = table.where("id = 2").head();
        Map<String, List<String>> outcome = new LinkedHashMap<>();
        outcome.put("", new ArrayList<>());
        for (int value = 0; value < VALUES.size(); value++) {
            String name = "v" + value;
            List<String> takers = columns.stream()
                    .filter(column -> column.equals(name) || column.startsWith(name + "_"))
                    .filter(column -> !row.isNullAt(columns.indexOf(column)))
                    .toList();
            assertThat(takers).as("%s in %s", VALUES.get(value), columns).hasSize(1);
            outcome.computeIfAbsent(takers.get(0).substring(name.length()), t -> new ArrayList<>())
                    .add(VALUES.get(value));
        }
        return outcome;
    }

    private static String line(int type, int id, IntFunction<String> values) {
        return "{\"type\":\"t" + type + "\",\"id\":" + id
                + IntStream.range(0, VALUES.size())
                        .mapToObj(value -> ",\"v" + value + "\":" + values.apply(value))
                        .collect(Collectors.joining())
                + "}";
    }

    private static void isOnThePage(Map<String, Map<String, List<String>>> outcomes) throws IOException {
        StringBuilder shown = new StringBuilder("| column | holds | a new column takes |\n| --- | --- | --- |\n");
        outcomes.forEach((type, outcome) -> {
            String elsewhere = outcome.entrySet().stream()
                    .filter(taker -> !taker.getKey().isEmpty())
                    .map(taker -> values(taker.getValue()) + ": `…" + taker.getKey() + "`")
                    .collect(Collectors.joining("; "));
            shown.append("| `%s` | %s | %s |\n".formatted(type, values(outcome.get("")), elsewhere));
        });
        SchemaPage.holds("dumps", shown.toString(), DumpTransitionsTest.class);
    }

    private static String values(List<String> values) {
        return values.stream().map(value -> "`" + value + "`").collect(Collectors.joining(", "));
    }
}
