package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.firn.SparkExtension;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.MergePlan.Filter;
import io.firn.table.Outcome.Published;
import io.firn.table.StagedChanges.Deletes;

/** Keys of every type, wide tables, and upserts from dumps. */
@ExtendWith(SparkExtension.class)
class MergeKeysTest {
    private static final TableName NAME = TableName.parse("lake.shop.keyed");
    private static final Instant LOADED = Instant.parse("2024-05-01T00:00:00Z");

    @TempDir
    Path directory;

    private SparkSession spark;
    private TestLake lake;

    @BeforeEach
    void open(SparkSession shared) {
        spark = TestLake.session(shared, directory);
        lake = new TestLake(directory);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                key("int", i -> i - 200),
                key("long", i -> (i - 200L) << 33),
                key("string", i -> "k\uD83D\uDE00'\\" + i),
                key("string", i -> String.format("a rather long text before the number %03d", i)),
                key("decimal(20,3)", i -> new BigDecimal(i - 200).movePointLeft(3)),
                key("date", i -> LocalDate.of(1969, 6, 1).plusDays(i)),
                key("timestamp", i -> LocalDateTime.of(1969, 12, 31, 23, 0).plusMinutes(i)),
                key("timestamptz", i -> Instant.parse("1969-12-31T23:00:00Z").plusSeconds(i * 60L)),
                key("uuid", i -> new UUID(i * 0x9E3779B97F4A7C15L, i).toString().toUpperCase(java.util.Locale.ROOT)),
                key("binary", i -> new byte[] {(byte) i, 0, (byte) (i >> 4), '\''}));
    }

    private static Arguments key(String type, IntFunction<Object> value) {
        return Arguments.of(type, value);
    }

    /** Of 400 keys some are merged by value, some by its hash, and all are found again. */
    @ParameterizedTest
    @MethodSource("keys")
    void everyRowIsFoundByItsKey(String type, IntFunction<Object> value) {
        List<Column> columns = List.of(
                new Column("k", ColumnType.parse(type), null, null, true, null), TestLake.column("n", Scalar.INT));
        LakeTable table = table(columns, "k");
        MergeSessions sessions = new MergeSessions(spark, new MergeLimits(0, Long.MAX_VALUE));
        Map<String, Integer> model = new TreeMap<>();

        merge(table, sessions, columns, "p1", rows(value, 0, 400, 1, model));
        MergePlan.Merged many = merge(table, sessions, columns, "p2", rows(value, 100, 350, 2, model));
        MergePlan.Merged few = merge(table, sessions, columns, "p3", rows(value, 390, 405, 3, model));

        assertThat(many.plan().filter()).isNotEqualTo(Filter.NONE);
        assertThat(few.plan().filter()).isNotEqualTo(Filter.NONE);
        Map<String, Integer> held = new TreeMap<>();
        for (Record row : TestLake.rows(table.table())) {
            assertThat(held.put(text(row.getField("k")), (Integer) row.getField("n")))
                    .isNull();
        }
        assertThat(held).isEqualTo(model);
    }

    @Test
    void booleansAndCompositeKeysInAnotherOrderThanTheTables() {
        List<Column> columns = List.of(
                TestLake.column("n", Scalar.INT),
                new Column("b", Scalar.BOOLEAN, null, null, true, null),
                new Column("a", Scalar.STRING, null, null, true, null));
        LakeTable table = table(columns, "a", "b");
        MergeSessions sessions = new MergeSessions(spark, new MergeLimits(0, Long.MAX_VALUE));
        for (int pass = 1; pass <= 2; pass++) {
            List<Object[]> rows = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                rows.add(new Object[] {pass, i % 2 == 0, "a" + i / 2});
            }
            merge(table, sessions, columns, "p" + pass, rows);
        }

        List<Record> rows = TestLake.rows(table.table());
        assertThat(rows).hasSize(300).allMatch(row -> row.getField("n").equals(2));
    }

    @Test
    void aThousandColumns() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < 999; i++) {
            columns.add(TestLake.column("c" + i, i % 2 == 0 ? Scalar.STRING : Scalar.LONG));
        }
        columns.add(new Column("k", Scalar.LONG, null, null, true, null));
        LakeTable table = table(columns, "k");
        MergeSessions sessions = new MergeSessions(spark, new MergeLimits(0, Long.MAX_VALUE));
        for (int pass = 1; pass <= 2; pass++) {
            List<Object[]> rows = new ArrayList<>();
            for (long k = 0; k < 3; k++) {
                Object[] row = new Object[1000];
                for (int i = 0; i < 999; i++) {
                    row[i] = i % 2 == 0 ? "v" + pass : (Object) Long.valueOf(pass * 1000L + i);
                }
                row[999] = k;
                rows.add(row);
            }
            merge(table, sessions, columns, "p" + pass, rows);
        }

        List<Record> rows = TestLake.rows(table.table());
        assertThat(rows).hasSize(3);
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.getField("c998")).isEqualTo("v2"))
                .allSatisfy(row -> assertThat(row.getField("c997")).isEqualTo(2997L));
        // The bounds of keys are kept although Iceberg keeps those of the first hundred columns only.
        assertThat(table.table().properties()).containsEntry("write.metadata.metrics.column.k", "full");
    }

    @Test
    void dumpsAreUpsertedUnderTheirLedger() {
        List<Column> columns =
                List.of(new Column("k", Scalar.LONG, null, null, true, null), TestLake.column("n", Scalar.INT));
        LakeTable table = lake.catalog.ensure(
                new TableDefinition(NAME, null, List.of(), null, List.of("k"), null, null, null, null),
                columns,
                LoadColumns.UPSERT,
                TestLake.ORIGIN);
        Merge first = new Merge(
                stage(columns, LoadColumns.UPSERT, List.of("k"), dump("p1", 1, 0, 10)), new MergeSessions(spark));
        Merge second = new Merge(
                stage(columns, LoadColumns.UPSERT, List.of("k"), dump("p2", 2, 5, 15)), new MergeSessions(spark));

        assertThat(publication(table).publish(TestLake.append("a.json", 10), first))
                .isInstanceOf(Published.class);
        assertThat(publication(table).publish(TestLake.append("b.json", 10), second))
                .isInstanceOf(Published.class);
        assertThat(publication(table).publish(TestLake.append("b.json", 10), second))
                .isInstanceOf(Outcome.AlreadyDone.class);

        Map<Long, Integer> held = new TreeMap<>();
        TestLake.rows(table.table()).forEach(row -> held.put((Long) row.getField("k"), (Integer) row.getField("n")));
        Map<Long, Integer> expected = new TreeMap<>();
        IntStream.range(0, 15).forEach(k -> expected.put((long) k, k < 5 ? 1 : 2));
        assertThat(held).isEqualTo(expected);
        assertThat(table.ledger("shop").totals().files()).isEqualTo(2);
    }

    /** The filter's hashes are of the type that was staged: a batch of deletes would find no row, and lack none. */
    @Test
    void aKeyThatWasWidenedSinceItWasStagedIsRefused() {
        List<Column> columns =
                List.of(new Column("k", Scalar.INT, null, null, true, null), TestLake.column("n", Scalar.INT));
        LakeTable table = table(columns, "k");
        MergeSessions sessions = new MergeSessions(spark, new MergeLimits(0, Long.MAX_VALUE));
        merge(table, sessions, columns, "p1", rows(k -> k, 0, 400, 1, new TreeMap<>()));
        List<Row> deletes = IntStream.range(0, 300)
                .mapToObj(k -> RowFactory.create(k, null, "p2", "d", null, LOADED, null))
                .toList();
        Merge merge = new Merge(stage(columns, LoadColumns.CHANGE, List.of("k"), deletes), sessions);
        table.table().updateSchema().updateColumn("k", Types.LongType.get()).commit();
        TopicLoad load = TopicLoad.after(table.position("shop"), Topics.range(1, 2));

        assertThatThrownBy(() -> publication(table).publish(load, merge))
                .isInstanceOf(TableException.class)
                .hasMessage("Key column k was staged as int and is bigint in the table by now. Nothing was merged; run"
                        + " again.");

        assertThat(TestLake.rows(table.table())).hasSize(400);
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    @Test
    void aSoftDeletedTableMayNotRequireColumns() {
        List<Column> columns = List.of(
                new Column("k", Scalar.LONG, null, null, true, null),
                new Column("n", Scalar.INT, null, null, true, null));
        LakeTable table = table(columns, "k");
        StagedChanges staged = new StagedChanges(
                "nowhere", 0, List.of("k"), columns, LoadColumns.CHANGE, Set.of(), "p0", Deletes.SOFT);

        assertThatThrownBy(() -> publication(table)
                        .publish(new TopicLoad(Topics.upTo(1), null), new Merge(staged, new MergeSessions(spark))))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("requires column n");
    }

    private LakeTable table(List<Column> columns, String... keys) {
        TableDefinition definition =
                new TableDefinition(NAME, null, List.of(), null, List.of(keys), null, null, null, null);
        return lake.catalog.ensure(definition, columns, LoadColumns.CHANGE, TestLake.ORIGIN);
    }

    private MergePlan.Merged merge(
            LakeTable table, MergeSessions sessions, List<Column> columns, String position, List<Object[]> values) {
        List<Row> rows = new ArrayList<>();
        for (Object[] own : values) {
            List<Object> row = new ArrayList<>(List.of(own));
            row.addAll(java.util.Arrays.asList(position, "u", null, LOADED, null));
            rows.add(RowFactory.create(row.toArray()));
        }
        StagedChanges staged = stage(
                columns,
                LoadColumns.CHANGE,
                columns.stream()
                        .filter(Column::required)
                        .map(Column::name)
                        .sorted()
                        .toList(),
                rows);
        TopicState next = table.position("shop")
                .map(position1 -> Topics.after(
                        position1.state(), position1.state().next("orders", 0).orElseThrow() + 1))
                .orElse(Topics.upTo(1));
        Outcome outcome =
                publication(table).publish(TopicLoad.after(table.position("shop"), next), new Merge(staged, sessions));
        assertThat(outcome).isInstanceOf(Published.class);
        return ((Published) outcome).merged();
    }

    private StagedChanges stage(List<Column> columns, LoadColumns loadColumns, List<String> keys, List<Row> rows) {
        String path = directory.resolve("staged-" + UUID.randomUUID()).toString();
        spark.createDataFrame(rows, StagedChanges.rowType(columns, loadColumns))
                .write()
                .parquet(path);
        return new StagedChanges(path, rows.size(), keys, columns, loadColumns, Set.of(), null, Deletes.HARD);
    }

    private static List<Object[]> rows(IntFunction<Object> value, int from, int to, int n, Map<String, Integer> model) {
        List<Object[]> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            rows.add(new Object[] {value.apply(i), n});
            model.put(text(value.apply(i)), n);
        }
        return rows;
    }

    private static List<Row> dump(String position, int n, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(k -> RowFactory.create((long) k, n, position + k, "file", 10L * k, LOADED))
                .toList();
    }

    private static String text(Object value) {
        if (value instanceof byte[] bytes) {
            return text(ByteBuffer.wrap(bytes));
        }
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return java.util.HexFormat.of().formatHex(copy);
        }
        if (value instanceof java.time.OffsetDateTime time) {
            return text(time.toInstant());
        }
        return value.toString().toLowerCase(java.util.Locale.ROOT);
    }

    private static Publication publication(LakeTable table) {
        return new Publication(table, "shop", "run", (files, branch) -> {});
    }
}
