package io.firn;

import static io.firn.TableProject.TABLE;
import static io.firn.TableProject.texts;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.table.Destructive;

/** Tables with rows are made what their definitions say, and every value stays what it was. */
@ExtendWith(SparkExtension.class)
class TableApplyTest {
    private static final String YAML =
            """
            columns:
              - {name: id, type: int, required: true}
              - {name: amount, type: "decimal(8,2)", comment: with tax}
              - {name: weight, type: float}
              - {name: note, type: string}
              - {name: place, type: "struct<zip: string, lat: float, old: int>"}
              - {name: items, type: "list<struct<sku: string, n: int>>"}
              - {name: extra, type: "map<string, struct<k: int, gone: string>>"}
              - {name: at, type: timestamptz}
            partition-by: [day(at)]
            sort-by: [id]
            """;
    private static final String ROWS =
            """
            (1, 10.50, CAST(1.5 AS FLOAT), 'one', named_struct('zip', 'z1', 'lat', CAST(0.5 AS FLOAT), 'old', 7),
              array(named_struct('sku', 'a', 'n', 1)), map('m', named_struct('k', 3, 'gone', 'x')),
              TIMESTAMP '2026-11-20 10:00:00Z'),
            (2, 20.25, CAST(2.5 AS FLOAT), NULL, NULL, NULL, NULL, TIMESTAMP '2026-11-21 11:00:00Z')
            """;

    @TempDir
    private Path home;

    private TableProject project;

    @BeforeEach
    void aTableWithRows(SparkSession spark) {
        project = new TableProject(home, spark).define(YAML);
        assertThat(project.plan().create()).isTrue();
        assertThat(project.apply(Destructive.REFUSED).create()).isTrue();
        project.sql("INSERT INTO " + TABLE + " VALUES " + ROWS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "-",
            value = {
                // what is replaced | by what | the change | a query of the table | its values afterwards
                "sort-by | sort-by | -  | id, note | [1,one] [2,null]",
                "  - {name: at, | @  - {name: email, type: string}@  - {name: at, | add email string; order id, amount, weight, note, place, items, extra, email, at"
                        + " | id, email, at IS NULL | [1,null,false] [2,null,false]",
                "name: note, | name: remark, renamed-from: note, | rename note to remark | id, remark | [1,one] [2,null]",
                "name: id, type: int | name: id, type: long | widen id from int to long | id, typeof(id)"
                        + " | [1,bigint] [2,bigint]",
                "type: float | type: double | widen weight from float to double | id, weight | [1,1.5] [2,2.5]",
                "decimal(8,2) | decimal(12,2) | widen amount from decimal(8, 2) to decimal(12, 2) | id, amount"
                        + " | [1,10.50] [2,20.25]",
                "type: int, required: true | type: int | id may be null | id, amount | [1,10.50] [2,20.25]",
                ", comment: with tax | - | no comment on amount | id, amount | [1,10.50] [2,20.25]",
                "name: note, type: string | name: note, type: string, comment: \"it's\" | comment on note: it's"
                        + " | id, note | [1,one] [2,null]",
                "sku: string, n: int | sku: string, price: int, n: long | add items.element.price int; widen items.element.n from int to long;"
                        + " order items.element.sku, items.element.price, items.element.n | id, items | [1,ArraySeq([a,null,1])] [2,null]",
                "k: int, gone: string | k: long, gone: string, new: date | widen extra.value.k from int to long; add extra.value.new date"
                        + " | id, extra['m'] | [1,[3,x,null]] [2,null]",
                "zip: string, lat: float, old: int>\" | lat: double, code: string, old: int>\", renamed-fields: {code: zip} |"
                        + " widen place.lat from float to double; rename place.zip to code; order place.lat, place.zip, place.old"
                        + " | id, place | [1,[0.5,z1,7]] [2,null]",
                "partition-by: [day(at)] | partition-by: [hour(at), \"bucket(4, id)\"]"
                        + " | partition-by [day(at)] becomes [hour(at), bucket(4, id)], for rows written from now on"
                        + " | id, at | [1,2026-11-20 10:00:00.0] [2,2026-11-21 11:00:00.0]",
                "partition-by: [day(at)] | - | partition-by [day(at)] becomes [], for rows written from now on | id | [1] [2]",
                "sort-by: [id] | sort-by: [amount desc, id] | sort-by [id] becomes [amount desc, id] | id | [1] [2]",
                "sort-by: [id] | id-columns: [id] | id-columns [] become [id]; sort-by [id] becomes [] | id | [1] [2]",
                "sort-by: [id] | sort-by: [id]@comment: Orders@properties: {write.parquet.page-size-bytes: 65536} | set"
                        + " comment = Orders; set write.parquet.page-size-bytes = 65536 | id | [1] [2]",
                "sort-by: [id] | sort-by: [id]@retention: {snapshots: 7d, min-snapshots: 3} | set"
                        + " history.expire.max-snapshot-age-ms = 604800000; set history.expire.min-snapshots-to-keep = 3"
                        + " | id | [1] [2]",
            })
    void everyKindOfChangeKeepsTheValues(String from, String to, String changes, String columns, String values) {
        String yaml = YAML.replace(from, to == null ? "" : to.replace("@", "\n"));
        project.define(yaml);

        assertThat(texts(project.plan())).isEqualTo(changes == null ? List.of() : List.of(changes.split("; (?!set)")));
        long before = project.commits();
        assertThat(project.apply(Destructive.REFUSED).error()).isNull();

        assertThat(project.commits()).isEqualTo(changes == null ? before : before + 1);
        assertThat(String.join(" ", project.sql("SELECT " + columns + " FROM " + TABLE + " ORDER BY id")))
                .isEqualTo(values);
        settled();
    }

    @Test
    void whatIsDestructiveIsMadeOnlyWhenAllowed() {
        project.define(YAML.replace("  - {name: note, type: string}\n", "  - {name: added, type: int}\n")
                .replace(", old: int", "")
                .replace("sort-by: [id]", "format-version: 3"));

        assertThat(texts(project.plan()))
                .containsExactly(
                        "upgrade format-version 2 to 3: readers that know only older formats are locked out, and there"
                                + " is no way back",
                        "add added int",
                        "drop place.old int with all its values",
                        "drop note string with all its values",
                        "order id, amount, weight, added, place, items, extra, at",
                        "sort-by [id] becomes []");
        long before = project.commits();
        assertThat(project.apply(Destructive.REFUSED).error())
                .isEqualTo(
                        """
                        Table lake.shop.orders was not changed:
                          destructive: upgrade format-version 2 to 3: readers that know only older formats are locked out, and there is no way back
                          destructive: drop place.old int with all its values
                          destructive: drop note string with all its values
                          What is destructive is made with --allow-destructive; to keep it, write it into the YAML again.""");
        assertThat(project.commits()).isEqualTo(before);

        assertThat(project.apply(Destructive.ALLOWED).error()).isNull();

        assertThat(project.sql("SELECT * FROM " + TABLE + " ORDER BY id"))
                .containsExactly(
                        "[1,10.50,1.5,null,[z1,0.5],ArraySeq([a,1]),Map(m -> [3,x]),2026-11-20 10:00:00.0]",
                        "[2,20.25,2.5,null,null,null,null,2026-11-21 11:00:00.0]");
        settled();
        // The name alone does not bring the values back, and its old type is no obstacle.
        project.define(YAML.replace("note, type: string", "note, type: date"));
        assertThat(project.apply(Destructive.ALLOWED).error()).isNull();
        assertThat(project.sql("SELECT note, place FROM " + TABLE + " ORDER BY id"))
                .containsExactly("[null,[z1,0.5,null]]", "[null,null]");
        project.define(YAML + "format-version: 2\n");
        assertThat(project.apply(Destructive.ALLOWED).error())
                .contains("the table has format-version 3 and the YAML says 2, but a format is never taken back: write"
                        + " format-version: 3");
    }

    @Test
    void aColumnThatTheTableIsSortedByMayGo() {
        project.define(YAML.replace("sort-by: [id]", "sort-by: [note, id]"));
        assertThat(project.apply(Destructive.REFUSED).error()).isNull();
        project.define(YAML.replace("  - {name: note, type: string}\n", ""));
        assertThat(project.apply(Destructive.ALLOWED).error()).isNull();
        assertThat(project.sql("SELECT id FROM " + TABLE + " ORDER BY id")).containsExactly("[1]", "[2]");
        settled();
    }

    @Test
    void rowsThatAreThereReadTheDefaultOfANewColumn() {
        String three = YAML + "format-version: 3\n";
        project.define(
                three.replace(
                        "  - {name: at,",
                        "  - {name: state, type: string, initial-default: open}\n"
                                + "  - {name: tax, type: \"decimal(4,2)\", initial-default: 0.20, required: true}\n  - {name: at,"));

        assertThat(project.apply(Destructive.ALLOWED).error()).isNull();

        assertThat(project.sql("SELECT id, state, tax FROM " + TABLE + " ORDER BY id"))
                .containsExactly("[1,open,0.20]", "[2,open,0.20]");
        settled();
        project.define(project.imported().replace("\"open\"", "shut"));
        assertThat(project.apply(Destructive.ALLOWED).error())
                .contains("initial-default of column state is open in the table and shut in the YAML, and cannot change"
                        + " once the column is there: write initial-default: open");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            nullValues = "-",
            value = {
                "name: note, type: string | name: note, type: int | column note is string in the table and int in the YAML,"
                        + " which not every value would survive: write type: string, or give the new column another name",
                "decimal(8,2) | decimal(8,3) | column amount is decimal(8,2) in the table and decimal(8,3) in the YAML, which"
                        + " not every value would survive: write type: decimal(8,2), or give the new column another name",
                "struct<zip: string, lat: float, old: int> | string | column place is struct<zip: string, lat: float, old:"
                        + " int> in the table and string in the YAML, which not every value would survive: write type:"
                        + " struct<zip: string, lat: float, old: int>, or give the new column another name",
                "sku: string | sku: long | column items.element.sku is string in the table and long in the YAML, which not"
                        + " every value would survive: write type: string, or give the new column another name",
                "name: note | name: Note | column note is written Note in the YAML, and names that differ in case alone are"
                        + " one name to Spark: write note, or rename it with renamed-from: note",
                "sort-by: [id] | location: elsewhere | the table lies at HOME/lake/warehouse/shop/orders and the YAML says"
                        + " HOME/ddl/shop/elsewhere, but its files are not moved: write location:"
                        + " HOME/lake/warehouse/shop/orders, or make a table of another name and load it",
            })
    void whatWouldLoseValuesIsRefused(String from, String to, String refused) {
        long before = project.commits();
        project.define(YAML.replace(from, to));

        assertThat(project.plan().blocked()).isTrue();
        assertThat(project.apply(Destructive.ALLOWED).error().replace(home.toString(), "HOME"))
                .startsWith("Table lake.shop.orders was not changed:\n")
                .contains("refused: " + refused);
        assertThat(project.commits()).isEqualTo(before);
    }

    @Test
    void aColumnThatRowsWerePartitionedByStays() {
        project.define(
                YAML.replace("  - {name: at, type: timestamptz}\n", "").replace("partition-by: [day(at)]\n", ""));
        assertThat(project.apply(Destructive.ALLOWED).error())
                .contains("refused: column at is not in the YAML, but the table is or was partitioned by it");
    }

    @Test
    void aDefinitionThatIsImportedIsTheTable() {
        project.define(YAML + "id-columns: [id]\nwrite-mode: merge-on-read\ncomment: 'a \"b\": c'\n"
                + "properties: {write.parquet.page-size-bytes: 65536, owner: me}\n");
        assertThat(project.apply(Destructive.REFUSED).error()).isNull();

        project.define(project.imported());

        assertThat(texts(project.plan())).isEmpty();
        settled();
    }

    @Test
    void twoThatApplyAtOnceMakeEachChangeOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Catalogs one = project.catalogs();
                Catalogs other = project.catalogs()) {
            String yaml = YAML;
            for (int round = 0; round < 10; round++) {
                yaml = yaml.replace("  - {name: at,", "  - {name: c%d, type: int}\n  - {name: at,".formatted(round));
                project.define(yaml);
                LoadedTables tables = project.tables();
                CyclicBarrier start = new CyclicBarrier(3);
                Future<TablePlan> first = threads.submit(() -> applied(tables, one, start));
                Future<TablePlan> second = threads.submit(() -> applied(tables, other, start));
                int id = 100 + round;
                Future<List<String>> rows = threads.submit(() -> {
                    start.await();
                    return project.sql(
                            "INSERT INTO " + TABLE + " (id, at) VALUES (" + id + ", TIMESTAMP '2026-11-22 00:00:00Z')");
                });
                assertThat(first.get().error()).isNull();
                assertThat(second.get().error()).isNull();
                assertThat(rows.get()).isEmpty();
                settled();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(List.of(project.spark().table(TABLE).columns()))
                .containsExactly(
                        "id", "amount", "weight", "note", "place", "items", "extra", "c0", "c1", "c2", "c3", "c4", "c5",
                        "c6", "c7", "c8", "c9", "at");
        assertThat(project.sql("SELECT count(*), count(amount) FROM " + TABLE)).containsExactly("[12,2]");
    }

    private static TablePlan applied(LoadedTables tables, Catalogs catalogs, CyclicBarrier start) throws Exception {
        start.await();
        return TablePlan.apply(tables, catalogs, Destructive.REFUSED).get(0);
    }

    /** Nothing is left to do, and doing it again does nothing. */
    private void settled() {
        long before = project.commits();
        assertThat(project.plan().changed())
                .as(() -> texts(project.plan()).toString())
                .isFalse();
        assertThat(project.apply(Destructive.ALLOWED).changed()).isFalse();
        assertThat(project.commits()).isEqualTo(before);
    }
}
