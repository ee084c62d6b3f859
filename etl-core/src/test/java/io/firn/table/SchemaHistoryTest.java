package io.firn.table;

import static io.firn.table.TestLake.NAME;
import static io.firn.table.TestLake.column;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.SchemaChange.By;

class SchemaHistoryTest {
    private static final ChangeOrigin RUN = new ChangeOrigin("beef-1", "events", "message schema");

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
    void aRunsChangesAreKeptWithWhatTheyCameFrom() {
        Instant before = Instant.now();
        lake.table();
        with(RUN, column("id", Scalar.LONG), column("name", Scalar.STRING), column("size", Scalar.INT));

        List<SchemaChange> changes = history().changes();
        assertThat(changes).extracting(SchemaChange::by).containsOnly(By.RUN);
        assertThat(changes).extracting(SchemaChange::schema).containsExactly(1, 0);
        assertThat(changes).extracting(SchemaChange::origin).containsExactly(RUN, TestLake.ORIGIN);
        assertThat(changes.get(0).changes()).containsExactly("add size int");
        assertThat(changes.get(1).changes())
                .containsExactly(
                        "create the table",
                        "add id long",
                        "add name string",
                        "add firn_file string",
                        "add firn_offset long",
                        "add firn_loaded_at timestamptz");
        assertThat(changes.get(1).when())
                .isBetween(before.minusMillis(1), changes.get(0).when());
        assertThat(changes.get(0).when()).isBefore(Instant.now().plusMillis(1));
        assertThat(properties().keySet()).anyMatch(key -> key.matches("firn\\.history\\.\\d{8}T\\d{6}\\.\\d{6}Z-beef"));
        assertThat(history().whole()).isTrue();
    }

    @Test
    void nothingIsKeptOfARunThatChangesNothing() {
        lake.table();
        lake.table();
        assertThat(history().changes()).hasSize(1);
    }

    @Test
    void relaxedColumnsAndPropertiesAreToldWithoutASchemaOfTheirOwn() {
        lake.catalog.ensure(
                TestLake.definition(), List.of(new Column("id", Scalar.LONG, null, null, true, null)), TestLake.ORIGIN);
        lake.catalog.ensure(TestLake.definition(), List.of(column("id", Scalar.LONG)), RUN);
        TableDefinition owned =
                new TableDefinition(NAME, null, List.of(), null, null, Map.of("owner", "me"), null, null, null);
        lake.catalog.ensure(owned, List.of(column("id", Scalar.LONG)), RUN);

        List<SchemaChange> changes = history().changes();
        assertThat(changes).extracting(SchemaChange::schema).containsExactly(null, 1, 0);
        assertThat(changes.get(0).changes()).containsExactly("set owner = me");
        assertThat(changes.get(1).changes()).containsExactly("id may be null");
    }

    @Test
    void changesOfOthersStandBetweenThoseOfFirn() {
        lake.table();
        others().updateSchema().addColumn("note", Types.StringType.get()).commit();
        others().updateSchema()
                .renameColumn("note", "remark")
                .updateColumnDoc("id", "who")
                .commit();
        others().updateSchema().addColumn("rank", Types.IntegerType.get()).commit();
        others().updateSchema().moveFirst("rank").commit();
        with(RUN, column("id", Scalar.LONG), column("size", Scalar.INT));
        others().updateSchema()
                .deleteColumn("size")
                .updateColumn("rank", Types.LongType.get())
                .commit();

        assertThat(told())
                .containsExactly(
                        "OTHERS 6 [widen rank from int to long, drop size int with all its values]",
                        "RUN 5 [add size int]",
                        "OTHERS 4 [another order of columns]",
                        "OTHERS 3 [add rank int]",
                        "OTHERS 2 [comment on id: who, rename note to remark]",
                        "OTHERS 1 [add note string]",
                        "RUN 0 [create the table, add id long]");
    }

    @Test
    void aSchemaThatComesBackIsToldAgain() {
        lake.table();
        others().updateSchema().addColumn("note", Types.StringType.get()).commit();
        others().updateSchema().deleteColumn("note").commit();
        assertThat(others().schema().schemaId()).isZero();
        with(RUN, column("id", Scalar.LONG), column("size", Scalar.INT));
        others().updateSchema().deleteColumn("size").commit();

        assertThat(told().subList(0, 4))
                .containsExactly(
                        "OTHERS 0 [drop size int with all its values]",
                        "RUN 2 [add size int]",
                        "OTHERS 0 [drop note string with all its values]",
                        "OTHERS 1 [add note string]");
    }

    @Test
    void aTableThatFirnDidNotMakeTellsWhatOthersDid() {
        LakeTable table = lake.table();
        UpdateProperties forget = table.table().updateProperties();
        properties().keySet().stream().filter(key -> key.startsWith("firn.")).forEach(forget::remove);
        forget.commit();

        assertThat(history().changes()).singleElement().satisfies(change -> {
            assertThat(change.by()).isEqualTo(By.OTHERS);
            assertThat(change.when()).isNull();
            assertThat(change.schema()).isZero();
            assertThat(change.changes()).startsWith("create the table", "add id long", "add name string");
        });

        with(RUN, column("id", Scalar.LONG), column("size", Scalar.INT));
        assertThat(history().changes()).extracting(SchemaChange::by).containsExactly(By.RUN, By.OTHERS);
    }

    @Test
    void theLastHundredAreKept() {
        List<Column> columns = new ArrayList<>(TestLake.COLUMNS);
        lake.table();
        for (int i = 0; i < 105; i++) {
            columns.add(column("c" + i, Scalar.INT));
            lake.catalog.ensure(TestLake.definition(), columns, RUN);
        }

        SchemaHistory history = history();
        assertThat(history.whole()).isFalse();
        assertThat(history.changes()).hasSize(100).extracting(SchemaChange::by).containsOnly(By.RUN);
        assertThat(history.changes().get(0).changes()).containsExactly("add c104 int");
        assertThat(history.changes().get(99).changes()).containsExactly("add c5 int");
    }

    @Test
    void aClockThatIsBehindDoesNotPutAnEntryBeforeTheOneItFollows() {
        lake.table();
        String ahead = "firn.history.20990101T000000.000000Z-0000";
        String json = properties().entrySet().stream()
                .filter(property -> property.getKey().startsWith("firn.history."))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        others().updateProperties().set(ahead, json).commit();
        with(RUN, column("id", Scalar.LONG), column("size", Scalar.INT));

        assertThat(history().changes().get(0).changes()).containsExactly("add size int");
        assertThat(history().changes()).extracting(SchemaChange::by).containsOnly(By.RUN);
        assertThat(history().changes()).extracting(SchemaChange::when).isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void anEntryOfAWideTableIsBounded() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            columns.add(column("a_column_with_a_long_name_" + i, Scalar.STRING));
        }
        lake.catalog.ensure(TestLake.definition(), columns, RUN);
        List<String> texts = history().changes().get(0).changes();
        assertThat(texts.get(texts.size() - 1)).isEqualTo("and %d more".formatted(1004 - texts.size() + 1));
        assertThat(properties().entrySet())
                .filteredOn(property -> property.getKey().startsWith("firn.history."))
                .allMatch(property -> property.getValue().length() < 6_000);
    }

    @Test
    void aDefinitionDoesNotSeeIt() {
        LakeTable table = lake.table();
        TableDefinition imported = lake.catalog.definition(NAME).orElseThrow();
        assertThat(imported.properties().keySet()).noneMatch(key -> key.startsWith("firn."));
        assertThat(TableDiff.between(TableState.of(table.table()), imported).changes())
                .isEmpty();
    }

    private void with(ChangeOrigin origin, Column... columns) {
        lake.catalog.ensure(TestLake.definition(), List.of(columns), origin);
    }

    /** The table as a program knows it that has nothing of Firn's. */
    private Table others() {
        return lake.catalog.find(NAME).orElseThrow().table();
    }

    private Map<String, String> properties() {
        return others().properties();
    }

    private SchemaHistory history() {
        return lake.catalog.find(NAME).orElseThrow().schemaHistory();
    }

    private List<String> told() {
        return history().changes().stream()
                .map(change -> change.by() + " " + change.schema() + " "
                        + change.changes().stream().limit(2).toList())
                .toList();
    }
}
