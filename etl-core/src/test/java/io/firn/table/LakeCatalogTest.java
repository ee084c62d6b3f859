package io.firn.table;

import static io.firn.table.TestLake.NAME;
import static io.firn.table.TestLake.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.TableDefinition.Mode;

class LakeCatalogTest {
    @TempDir
    Path directory;

    private TestLake lake;

    @BeforeEach
    void open() {
        lake = new TestLake(directory);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aTableIsCreatedAsDefined() {
        TableName name = TableName.parse("lake.raw.github.push");
        TableDefinition definition = new TableDefinition(
                name,
                directory.resolve("elsewhere").toString(),
                List.of(PartitionField.parse("day(at)"), PartitionField.parse("bucket(8, id)")),
                List.of(SortField.parse("at desc"), SortField.parse("id")),
                List.of("id"),
                Map.of("owner", "data-team", "write.parquet.compression-codec", "gzip"),
                TableDefinition.Mode.APPEND,
                null,
                null);
        List<Column> columns = List.of(
                new Column("id", Scalar.LONG, null, null, true, "who"),
                column("at", Scalar.TIMESTAMPTZ),
                new Column(
                        "u", ColumnType.parse("struct<a: uuid not null, b: list<fixed[4]>>"), null, null, false, null));
        assertThat(lake.catalog.find(name)).isEmpty();
        assertThat(lake.catalog.plan(definition, columns).create()).isTrue();

        lake.catalog.ensure(definition, columns, TestLake.ORIGIN);

        Table table = lake.catalog.find(name).orElseThrow().table();
        assertThat(table.schema().toString())
                .contains("id: required long (who) (id)")
                .contains("a: required uuid")
                .contains("list<fixed[4]>")
                .contains("firn_file: optional string")
                .contains("firn_offset: optional long")
                .contains("firn_loaded_at: optional timestamptz");
        assertThat(table.schema().identifierFieldNames()).containsExactly("id");
        assertThat(table.spec().toString()).contains("at_day: day(2)").contains("id_bucket: bucket[8](1)");
        assertThat(table.sortOrder().toString())
                .contains("identity(2) DESC NULLS LAST")
                .contains("identity(1) ASC NULLS FIRST");
        assertThat(table.location()).isEqualTo(directory.resolve("elsewhere").toString());
        assertThat(table.properties())
                .containsEntry("owner", "data-team")
                .containsEntry("write.parquet.compression-codec", "gzip")
                .containsEntry("write.metadata.delete-after-commit.enabled", "true");
        assertThat(lake.catalog.plan(definition, columns).inPlace()).isTrue();
    }

    @Test
    void missingColumnsAndPropertiesAreAdded() {
        lake.catalog.ensure(
                TestLake.definition(),
                List.of(typed("s", "struct<a: int>"), typed("l", "list<struct<x: int>>")),
                TestLake.ORIGIN);
        List<Column> more = List.of(
                typed("s", "struct<a: int, b: string>"),
                typed("l", "list<struct<x: int, y: int>>"),
                new Column("n", Scalar.LONG, null, null, true, "new"));
        TableDefinition definition =
                new TableDefinition(NAME, null, List.of(), null, null, Map.of("owner", "me"), null, null, null);

        SchemaPlan plan = lake.catalog.plan(definition, more);
        assertThat(plan.added()).containsExactly("s.b string", "l.element.y int", "n long");
        assertThat(plan.properties()).containsExactly(Map.entry("owner", "me"));

        Table table = lake.catalog.ensure(definition, more, TestLake.ORIGIN).table();
        assertThat(table.schema().findType("s.b")).hasToString("string");
        assertThat(table.schema().findType("l.element.y")).hasToString("int");
        assertThat(table.schema().findField("n").isOptional()).isTrue();
        assertThat(table.properties()).containsEntry("owner", "me");
        assertThat(lake.catalog.plan(definition, more).inPlace()).isTrue();
    }

    @Test
    void aColumnThatIsToHoldMoreIsWidened() {
        lake.catalog.ensure(
                TestLake.definition(),
                List.of(
                        typed("n", "int"),
                        typed("f", "float"),
                        typed("d", "decimal(5,2)"),
                        typed("s", "struct<a: int>"),
                        typed("l", "list<struct<x: int>>"),
                        typed("m", "map<string, int>")),
                TestLake.ORIGIN);
        List<Column> wider = List.of(
                typed("n", "long"),
                typed("f", "double"),
                typed("d", "decimal(9,2)"),
                typed("s", "struct<a: long>"),
                typed("l", "list<struct<x: long>>"),
                typed("m", "map<string, long>"));

        assertThat(lake.catalog.plan(TestLake.definition(), wider).widened())
                .containsExactly(
                        "widen n from int to long",
                        "widen f from float to double",
                        "widen d from decimal(5, 2) to decimal(9, 2)",
                        "widen s.a from int to long",
                        "widen l.element.x from int to long",
                        "widen m.value from int to long");
        Table table = lake.catalog
                .ensure(TestLake.definition(), wider, TestLake.ORIGIN)
                .table();
        assertThat(table.schema().findType("l.element.x")).hasToString("long");
        assertThat(lake.catalog.plan(TestLake.definition(), wider).inPlace()).isTrue();
        assertThatThrownBy(
                        () -> lake.catalog.ensure(TestLake.definition(), List.of(typed("n", "int")), TestLake.ORIGIN))
                .hasMessageContaining("column n is long in the table and int in its definition");
    }

    @Test
    void otherDifferencesAreAConflict() {
        lake.catalog.ensure(
                TestLake.definition("bucket(4, id)"),
                List.of(new Column("id", Scalar.LONG, null, null, true, null), column("name", Scalar.STRING)),
                TestLake.ORIGIN);
        TableDefinition moved = new TableDefinition(
                NAME, "/somewhere/else", List.of(PartitionField.parse("id")), null, null, null, null, null, null);

        assertThatThrownBy(() -> lake.catalog.ensure(
                        moved, List.of(column("id", Scalar.LONG), column("name", Scalar.INT)), TestLake.ORIGIN))
                .isInstanceOf(SchemaConflict.class)
                .hasMessageContaining("Table lake.github.push_event exists and is not what its definition says")
                .hasMessageContaining("column name is string in the table and int in its definition")
                .hasMessageContaining("it is partitioned by [bucket(4, id)], its definition says [id]")
                .hasMessageContaining("its definition says /somewhere/else");
        assertThatThrownBy(() -> lake.catalog.ensure(
                        TestLake.definition("bucket(4, name)"),
                        List.of(column("name", Scalar.STRING)),
                        TestLake.ORIGIN))
                .hasMessageContaining("its required column id is not in the definition");
    }

    @Test
    void aRequiredColumnIsRelaxedUnlessItNamesRows() {
        Column id = new Column("id", Scalar.LONG, null, null, true, null);
        Column at = new Column("at", Scalar.TIMESTAMPTZ, null, null, true, null);
        TableDefinition definition =
                new TableDefinition(NAME, null, List.of(), List.of(), List.of("id"), Map.of(), Mode.APPEND, null, null);
        lake.catalog.ensure(definition, List.of(id, at), TestLake.ORIGIN);

        assertThat(lake.catalog
                        .plan(definition, List.of(id, column("at", Scalar.TIMESTAMPTZ)))
                        .relaxed())
                .containsExactly("at");
        Table table = lake.catalog
                .ensure(definition, List.of(id, column("at", Scalar.TIMESTAMPTZ)), TestLake.ORIGIN)
                .table();
        assertThat(table.schema().findField("at").isOptional()).isTrue();
        assertThat(lake.catalog.plan(definition, List.of(id, at)).inPlace()).isTrue();
        assertThatThrownBy(() -> lake.catalog.ensure(
                        definition,
                        List.of(column("id", Scalar.LONG), column("at", Scalar.TIMESTAMPTZ)),
                        TestLake.ORIGIN))
                .hasMessageContaining("column id names the table's rows and may be null by its definition");
    }

    @Test
    void aLayoutThatIcebergRefusesIsTheDefinitionsFault() {
        assertThatThrownBy(() -> lake.catalog.plan(
                        TestLake.definition("day(at)", "hour(at)"), List.of(column("at", Scalar.TIMESTAMPTZ))))
                .isInstanceOf(SchemaConflict.class)
                .hasMessageContaining("cannot be laid out")
                .hasMessageContaining("redundant partition");
    }

    @Test
    void runsThatStartTogetherAgreeOnCatalogTableAndColumns() throws Exception {
        for (int round = 0; round < 3; round++) {
            Path fresh = directory.resolve("round" + round);
            CyclicBarrier start = new CyclicBarrier(8);
            List<Callable<Integer>> runs = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String own = "c" + i % 4;
                runs.add(() -> {
                    start.await();
                    try (LakeCatalog catalog =
                            LakeCatalog.open("lake", TestLake.definition(fresh), new Configuration())) {
                        catalog.ensure(TestLake.definition(), TestLake.COLUMNS, TestLake.ORIGIN);
                        catalog.ensure(
                                TestLake.definition(),
                                List.of(
                                        column("id", Scalar.LONG),
                                        column("name", Scalar.STRING),
                                        column(own, Scalar.INT)),
                                TestLake.ORIGIN);
                    }
                    return 0;
                });
            }
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                for (Future<Integer> run : threads.invokeAll(runs)) {
                    run.get();
                }
            } finally {
                threads.shutdown();
            }
            try (TestLake after = new TestLake(fresh)) {
                assertThat(after.catalog
                                .find(NAME)
                                .orElseThrow()
                                .table()
                                .schema()
                                .columns())
                        .extracting(field -> field.name())
                        .containsExactlyInAnyOrder(
                                "id", "name", "firn_file", "firn_offset", "firn_loaded_at", "c0", "c1", "c2", "c3");
            }
        }
    }

    @Test
    void aDroppedColumnIsNoticedBeforeRowsAreWritten() {
        LakeTable table = lake.table();
        table.table().updateSchema().deleteColumn("name").commit();

        assertThatThrownBy(() -> table.writeTarget(LoadColumns.DUMP.after(TestLake.COLUMNS)))
                .hasMessageContaining("has no column name")
                .hasMessageContaining("Run again to add it");
    }

    private static Column typed(String name, String type) {
        return new Column(name, ColumnType.parse(type), null, null, false, null);
    }
}
