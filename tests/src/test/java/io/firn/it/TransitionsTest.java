package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.it.Transitions.Change;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Oracle;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** Every type of a source becomes every other one: no value is lost, rounded or nulled, and the page says where it went. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class TransitionsTest {

    @TempDir
    private Path home;

    @Test
    void ofPostgres(SparkSession spark, Rig rig) throws IOException {
        holds("PostgreSQL", Transitions.POSTGRES, rig.postgres().database("transitions"), spark, rig);
    }

    @Test
    void ofMariaDb(SparkSession spark, Rig rig) throws IOException {
        holds("MariaDB", Transitions.MARIADB, rig.mariaDb().database("transitions"), spark, rig);
    }

    private void holds(String name, Transitions transitions, Database database, SparkSession spark, Rig rig)
            throws IOException {
        transitions.create(database, "item");
        try (Connector connector = rig.connector(database, "item").start();
                Workspace shop = Workspace.of(
                        home,
                        spark,
                        """
                        pipeline: shop
                        source: {type: debezium, brokers: "%s", topic: %s}
                        defaults: {max-quarantined: 0, on-type-change: new-column}
                        """
                                .formatted(rig.kafka().bootstrap(), connector.topic("item")))) {
            connector.catchUp();
            assertThat(shop.drain().exit()).isEqualTo(ExitCode.OK);
            Dataset<Row> before = shop.spark().table("lake.shop.item");
            Oracle.assertEqual(database, "item", before);
            Map<String, String> types = shop.types("lake.shop.item");
            Map<String, String> old = texts(before, types.keySet(), 1);

            transitions.change(database, "item");
            connector.catchUp();
            RunResult run = shop.drain();

            assertThat(run.exit()).as("%s", run.problems()).isEqualTo(ExitCode.OK);
            Dataset<Row> after = shop.spark().table("lake.shop.item");
            assertThat(texts(after, types.keySet(), 1)).isEqualTo(old);
            Map<String, String> taker = takers(transitions, after);
            Map<String, String> to = transitions.changes().stream()
                    .collect(Collectors.toMap(
                            Change::column, change -> change.to().name()));
            Oracle.assertEqual(
                    database,
                    "item",
                    after.selectExpr(taker.entrySet().stream()
                            .map(column -> column.getKey().equals("id")
                                    ? "id"
                                    : "CASE WHEN id = 2 THEN "
                                            + asWritten(column.getValue(), after, to.get(column.getKey())) + " END AS "
                                            + column.getKey())
                            .toArray(String[]::new)));
            Dataset<Row> unified = shop.spark().table("lake.shop.item_unified");
            assertThat(unified.columns()).hasSameSizeAs(before.columns());
            assertThat(unified.filter("id = 1").count()).isEqualTo(1);
            SchemaPage.holds(
                    name, page(transitions, types, shop.types("lake.shop.item"), taker), TransitionsTest.class);
        }
    }

    /** The column that has each field's values of row 2. */
    private static Map<String, String> takers(Transitions transitions, Dataset<Row> after) {
        Map<String, String> takers = new LinkedHashMap<>(Map.of("id", "id"));
        Row row = after.filter("id = 2").head();
        for (Change change : transitions.changes()) {
            List<String> found = new ArrayList<>();
            for (String column : after.columns()) {
                boolean same = column.equals(change.column()) || column.startsWith(change.column() + "_");
                if (same && !row.isNullAt(row.fieldIndex(column))) {
                    found.add(column);
                }
            }
            assertThat(found).as("%s", change).hasSize(1);
            takers.put(change.column(), found.get(0));
        }
        return takers;
    }

    /** Numbers and times that another type holds, back in the way that the source writes them. */
    private static String asWritten(String column, Dataset<Row> table, String to) {
        DataType type = table.schema().apply(column).dataType();
        boolean whole = to.endsWith("int") || to.equals("integer");
        if (type.equals(DataTypes.DoubleType) && whole) {
            return "CAST(" + column + " AS bigint)";
        }
        return type.equals(DataTypes.StringType) && to.startsWith("timestamp") && !to.equals("timestamp")
                ? "CAST(" + column + " AS timestamp)"
                : column;
    }

    private static Map<String, String> texts(Dataset<Row> table, Iterable<String> columns, int id) {
        List<String> names = new ArrayList<>();
        columns.forEach(names::add);
        Row row = table.filter("id = " + id)
                .selectExpr(names.stream()
                        .map(column -> "to_json(struct(" + column + " AS v)) AS " + column)
                        .toArray(String[]::new))
                .head();
        Map<String, String> texts = new TreeMap<>();
        names.forEach(column -> texts.put(column, row.getString(row.fieldIndex(column))));
        return texts;
    }

    private static String page(
            Transitions transitions,
            Map<String, String> before,
            Map<String, String> after,
            Map<String, String> takers) {
        StringBuilder page = new StringBuilder("| source was | column | becomes, and the column holds it | becomes, and"
                + " the column widens | becomes, and a new column takes it |\n| --- | --- | --- | --- | --- |\n");
        for (Transitions.Type from : transitions.types()) {
            List<String> holds = new ArrayList<>();
            List<String> widens = new ArrayList<>();
            Map<String, List<String>> fresh = new LinkedHashMap<>();
            String type = null;
            for (Change change : transitions.changes()) {
                if (!change.from().equals(from)) {
                    continue;
                }
                String column = change.column();
                String to = "`" + change.to().name() + "`";
                type = before.get(column);
                if (!takers.get(column).equals(column)) {
                    fresh.computeIfAbsent(takers.get(column).substring(column.length()), t -> new ArrayList<>())
                            .add(to);
                } else if (after.get(column).equals(type)) {
                    holds.add(to);
                } else {
                    widens.add(to + " to `" + after.get(column) + "`");
                }
            }
            page.append("| `%s` | `%s` | %s | %s | %s |\n"
                    .formatted(
                            from.name(),
                            type,
                            String.join(", ", holds),
                            String.join(", ", widens),
                            fresh.entrySet().stream()
                                    .map(e -> String.join(", ", e.getValue()) + ": `…" + e.getKey() + "`")
                                    .collect(Collectors.joining("; "))));
        }
        return page.toString();
    }
}
