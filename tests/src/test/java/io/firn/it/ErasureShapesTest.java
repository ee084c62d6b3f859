package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.firn.Catalogs;
import io.firn.ErasureResult;
import io.firn.ErasureResult.Outcome;
import io.firn.SparkExtension;

/** Tables of all shapes, which others than Firn made: partitioned by the subject, evolved, of other formats. */
@ExtendWith(SparkExtension.class)
class ErasureShapesTest {
    private static final String DELTAS = "'write.delete.mode'='merge-on-read','write.update.mode'='merge-on-read'";

    @TempDir
    private Path home;

    static Stream<Arguments> few() {
        return Stream.of(
                shape(
                        "partitioned by the subject",
                        "PARTITIONED BY (who) TBLPROPERTIES (" + DELTAS + ",'write.delete.granularity'='partition')",
                        "who = 'subject-00001-x7q'"),
                shape(
                        "other partitions than before",
                        "PARTITIONED BY (bucket(2, n))",
                        "who = 'subject-00001-x7q'",
                        "ALTER TABLE T ADD PARTITION FIELD truncate(3, who)",
                        "ALTER TABLE T DROP PARTITION FIELD bucket(2, n)"));
    }

    static Stream<Arguments> others() {
        return Stream.of(
                shape(
                        "deletes by partition",
                        "TBLPROPERTIES (" + DELTAS + ",'write.delete.granularity'='partition')",
                        "who = 'subject-00001-x7q'"),
                shape(
                        "a column by another name and type",
                        "",
                        "person = 'subject-00001-x7q' AND n < 100",
                        "ALTER TABLE T RENAME COLUMN who TO person",
                        "ALTER TABLE T ALTER COLUMN n TYPE bigint",
                        "ALTER TABLE T ADD COLUMN who string"),
                shape(
                        "Avro with deletion vectors",
                        "TBLPROPERTIES (" + DELTAS + ",'format-version'='3','write.format.default'='avro')",
                        "lower(who) LIKE 'subject-00001%'"),
                shape(
                        "ORC",
                        "TBLPROPERTIES (" + DELTAS + ",'write.format.default'='orc')",
                        "who IN ('subject-00001-x7q', 'nobody')"));
    }

    private static Arguments shape(String name, String clause, String where, String... changes) {
        return Arguments.of(name, clause, where, List.of(changes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("few")
    void theSubjectLeaves(String name, String clause, String where, List<String> changes, SparkSession spark) {
        erase(clause, where, changes, spark);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    @Tag("long")
    void theSubjectLeavesOtherShapes(
            String name, String clause, String where, List<String> changes, SparkSession spark) {
        erase(clause, where, changes, spark);
    }

    private void erase(String clause, String where, List<String> changes, SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml());
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            shop.spark()
                    .sql("CREATE TABLE lake.shop.odd (who string, n int, list array<struct<x: string>>) USING iceberg "
                            + clause);
            insert(shop, "");
            shop.spark().sql("UPDATE lake.shop.odd SET n = n + 10 WHERE n = 3");
            shop.spark().sql("DELETE FROM lake.shop.odd WHERE who = 'subject-00001-x7q' AND n = 0");
            changes.forEach(change -> shop.spark().sql(change.replace(" T ", " lake.shop.odd ")));
            insert(shop, changes.toString().contains("who string") ? ", null" : "");
            shop.spark().sql("DELETE FROM lake.shop.odd WHERE n = 5");
            List<String> rest = rest(shop);

            ErasureResult result = ErasureTest.erase(home, shop, catalogs, "odd", where);

            assertThat(result.outcome()).isEqualTo(Outcome.ERASED);
            assertThat(result.pending()).isEmpty();
            assertThat(result.tables().get(0).found().stored()).isPositive();
            assertThat(LakeFiles.read(home.resolve("lake/warehouse"), ErasureTest.SUBJECT)
                            .found())
                    .isEmpty();
            assertThat(rest(shop)).isEqualTo(rest).hasSizeGreaterThan(10);
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.odd")).containsExactly("[" + rest.size() + "]");
        }
    }

    private static void insert(Workspace shop, String more) {
        shop.spark()
                .sql("INSERT INTO lake.shop.odd SELECT if(id % 3 = 0, 'subject-00001-x7q', concat('person-', id % 4)),"
                        + " int(id), array(named_struct('x', string(id)))" + more + " FROM range(0, 20, 1, 2)");
    }

    private static List<String> rest(Workspace shop) {
        return shop.sql("SELECT * FROM lake.shop.odd ORDER BY n, 1, 2, 3").stream()
                .filter(row -> !row.contains("subject"))
                .toList();
    }
}
