package io.firn.table;

import static io.firn.table.TestLake.NAME;
import static io.firn.table.TestLake.column;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.SchemaChange.By;

/**
 * Two that give one table columns of their own at the same moment, fifty times: every column is there once, and every
 * change has one entry in the table's history.
 */
class EvolutionRaceTest {
    private static final int ROUNDS = 50;
    private static final ChangeOrigin ONE = new ChangeOrigin("aaaa-1", "one", "one.yaml");
    private static final ChangeOrigin OTHER = new ChangeOrigin("bbbb-2", "other", "other.yaml");

    @TempDir
    Path directory;

    private LakeCatalog one;
    private LakeCatalog other;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<String, String> entries = new HashMap<>();

    @BeforeEach
    void open() {
        one = LakeCatalog.open("lake", TestLake.definition(directory), new Configuration());
        other = LakeCatalog.open("lake", TestLake.definition(directory), new Configuration());
        one.ensure(TestLake.definition(), TestLake.COLUMNS, ONE);
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        one.close();
        other.close();
    }

    @Test
    void twoRuns() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            List<Column> first = columns(column("a" + round, Scalar.INT), column("both" + round, Scalar.INT));
            List<Column> second = columns(column("b" + round, Scalar.INT), column("both" + round, Scalar.INT));

            List<String> refused = atOnce(() -> run(one, first, ONE), () -> run(other, second, OTHER));

            assertThat(refused).isEmpty();
            assertEachOnce("a" + round, "b" + round, "both" + round);
        }
    }

    @Test
    void aRunAndAnApply() throws Exception {
        List<TableColumn> declared = new ArrayList<>(List.of(declared("id", "long"), declared("name", "string")));
        int stopped = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Column> ofRun = columns(column("a" + round, Scalar.INT));
            declared.add(declared("b" + round, "int"));

            List<String> refused =
                    atOnce(() -> run(one, ofRun, ONE), () -> apply(other, declared, ChangeOrigin.apply("orders.yaml")));

            stopped += refused.size();
            assertThat(refused)
                    .allMatch(message ->
                            message.startsWith("Table " + NAME + " was not changed:\n  destructive: drop a"));
            // The YAML that does not know the run's column would drop it, and says so; with it, all is well.
            declared.add(declared("a" + round, "int"));
            apply(other, declared, ChangeOrigin.apply("orders.yaml"));
            assertThat(apply(one, declared, ONE).inPlace()).isTrue();
            assertEachOnce("a" + round, "b" + round);
        }
        assertThat(stopped).isLessThan(ROUNDS);
    }

    @Test
    void twoAppliesOfTheSameProperties() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            TableDefinition owned = owned("team-" + round);

            List<String> refused = atOnce(
                    () -> one.apply(owned, Destructive.REFUSED, ONE),
                    () -> other.apply(owned, Destructive.REFUSED, OTHER));

            assertThat(refused).isEmpty();
            remember();
            assertThat(entries.values()).containsOnlyOnce("[set owner = team-" + round + "]");
        }
    }

    private void assertEachOnce(String... added) {
        remember();
        Schema schema = one.find(NAME).orElseThrow().table().schema();
        List<String> names = schema.columns().stream()
                .map(NestedField::name)
                .filter(this::isOwn)
                .toList();
        assertThat(names).doesNotHaveDuplicates().contains(added);
        List<String> told = new ArrayList<>();
        entries.values()
                .forEach(text ->
                        told.addAll(List.of(text.substring(1, text.length() - 1).split(", "))));
        assertThat(told.stream().filter(text -> text.startsWith("add ")))
                .as("every column that is there was added once, and by whom")
                .containsExactlyInAnyOrderElementsOf(schema.columns().stream()
                        .map(field -> "add " + field.name() + " " + field.type())
                        .toList());
    }

    private boolean isOwn(String column) {
        return !column.startsWith("firn_");
    }

    /** All entries that ever were: a table keeps the last hundred. */
    private void remember() {
        SchemaHistory history = one.find(NAME).orElseThrow().schemaHistory();
        assertThat(history.changes()).extracting(SchemaChange::by).doesNotContain(By.OTHERS);
        history.changes()
                .forEach(change ->
                        entries.put(change.when().toString(), change.changes().toString()));
    }

    private List<Column> columns(Column... more) {
        List<Column> columns = new ArrayList<>(TestLake.COLUMNS);
        columns.addAll(List.of(more));
        return columns;
    }

    private static TableColumn declared(String name, String type) {
        return new TableColumn(name, io.firn.schema.ColumnType.parse(type), false, null, null, null, null, null, null);
    }

    private static TableDefinition owned(String owner) {
        return definition(List.of(declared("id", "long"), declared("name", "string")), Map.of("owner", owner));
    }

    private static TableDefinition definition(List<TableColumn> columns, Map<String, String> properties) {
        return new TableDefinition(
                NAME,
                List.copyOf(columns),
                null,
                null,
                null,
                null,
                null,
                properties,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static Object run(LakeCatalog catalog, List<Column> columns, ChangeOrigin origin) {
        return catalog.ensure(TestLake.definition(), columns, origin);
    }

    private static TableDiff apply(LakeCatalog catalog, List<TableColumn> columns, ChangeOrigin origin) {
        return catalog.apply(definition(columns, null), Destructive.REFUSED, origin);
    }

    /** What the two were refused, if anything. */
    private List<String> atOnce(Callable<Object> first, Callable<Object> second) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<Future<String>> both = new ArrayList<>();
        for (Callable<Object> each : List.of(first, second)) {
            both.add(threads.submit(() -> {
                start.await();
                try {
                    each.call();
                    return null;
                } catch (SchemaConflict e) {
                    return e.getMessage();
                }
            }));
        }
        List<String> refused = new ArrayList<>();
        for (Future<String> done : both) {
            if (done.get() != null) {
                refused.add(done.get());
            }
        }
        return refused;
    }
}
