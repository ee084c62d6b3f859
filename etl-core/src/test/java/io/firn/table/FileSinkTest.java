package io.firn.table;

import static io.firn.table.TestLake.NAME;
import static io.firn.table.TestLake.column;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.util.ByteBuffers;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;

class FileSinkTest {
    private static final long HOUR = 3_600_000_000L;

    /** 2021-07-21T10:00:00Z. */
    private static final long MORNING = 1_626_861_600_000_000L;

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
    void everyTypeComesBackAsItWent() throws Exception {
        List<Column> columns = List.of(
                typed("a", "boolean"),
                typed("b", "int"),
                typed("c", "long"),
                typed("d", "float"),
                typed("e", "double"),
                typed("f", "date"),
                typed("g", "timestamp"),
                typed("h", "timestamptz"),
                typed("i", "string"),
                typed("j", "uuid"),
                typed("k", "binary"),
                typed("l", "fixed[3]"),
                typed("m", "decimal(38,10)"),
                typed("n", "struct<x: int, y: list<string>>"),
                typed("o", "map<string, long>"));
        LakeTable table = lake.catalog.ensure(TestLake.definition("c"), columns, TestLake.ORIGIN);
        UUID uuid = UUID.fromString("123e4567-e89b-12d3-a456-426614174000");
        InternalRow full = new GenericInternalRow(new Object[] {
            true,
            Integer.MIN_VALUE,
            Long.MAX_VALUE,
            1.5f,
            -0.1,
            18829,
            MORNING + 1,
            MORNING + 1,
            text("grün"),
            text(uuid.toString()),
            new byte[] {1, 2},
            new byte[] {3, 4, 5},
            Decimal.apply(new scala.math.BigDecimal(new BigDecimal("1234567890123456789012345678.0123456789")), 38, 10),
            new GenericInternalRow(new Object[] {7, new GenericArrayData(new Object[] {text("p"), null})}),
            new ArrayBasedMapData(
                    new GenericArrayData(new Object[] {text("k")}), new GenericArrayData(new Object[] {9L})),
            text("f.json"),
            12L,
            MORNING
        });
        InternalRow empty = new GenericInternalRow(18);

        publish(table, write(table, columns, new WriterBudget(100, 1 << 30), full, empty));

        List<Record> rows = TestLake.rows(table.table());
        assertThat(rows).hasSize(2);
        Record row =
                rows.stream().filter(r -> r.getField("a") != null).findFirst().orElseThrow();
        assertThat(row.getField("b")).isEqualTo(Integer.MIN_VALUE);
        assertThat(row.getField("c")).isEqualTo(Long.MAX_VALUE);
        assertThat(row.getField("d")).isEqualTo(1.5f);
        assertThat(row.getField("e")).isEqualTo(-0.1);
        assertThat(row.getField("f")).isEqualTo(LocalDate.of(2021, 7, 21));
        assertThat(row.getField("g")).hasToString("2021-07-21T10:00:00.000001");
        assertThat(row.getField("h")).isEqualTo(OffsetDateTime.parse("2021-07-21T10:00:00.000001Z"));
        assertThat(row.getField("i")).isEqualTo("grün");
        assertThat(row.getField("j")).isEqualTo(uuid);
        assertThat(ByteBuffers.toByteArray((ByteBuffer) row.getField("k"))).containsExactly(1, 2);
        assertThat((byte[]) row.getField("l")).containsExactly(3, 4, 5);
        assertThat(row.getField("m")).isEqualTo(new BigDecimal("1234567890123456789012345678.0123456789"));
        assertThat(((Record) row.getField("n")).getField("x")).isEqualTo(7);
        assertThat(((Record) row.getField("n")).getField("y")).hasToString("[p, null]");
        assertThat(row.getField("o")).isEqualTo(Map.of("k", 9L));
        assertThat(row.getField("firn_file")).isEqualTo("f.json");
        assertThat(row.getField("firn_offset")).isEqualTo(12L);
        Record none =
                rows.stream().filter(r -> r.getField("a") == null).findFirst().orElseThrow();
        for (int i = 0; i < none.size(); i++) {
            assertThat(none.get(i)).isNull();
        }
    }

    @Test
    void rowsGoToTheFilesOfTheirPartitions() {
        List<Column> columns = List.of(
                column("at", Scalar.TIMESTAMPTZ),
                column("name", Scalar.STRING),
                typed("price", "decimal(9,2)"),
                column("id", Scalar.UUID),
                typed("raw", "binary"),
                typed("nested", "struct<city: string>"));
        LakeTable table = lake.catalog.ensure(
                TestLake.definition(
                        "hour(at)", "name", "bucket(4, id)", "truncate(2, raw)", "truncate(100, price)", "nested.city"),
                columns,
                TestLake.ORIGIN);
        List<InternalRow> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(new GenericInternalRow(new Object[] {
                MORNING + i % 2 * HOUR,
                i % 5 == 0 ? null : text("n" + i % 3),
                Decimal.apply(100L * (i % 2), 9, 2),
                text("123e4567-e89b-12d3-a456-426614174000"),
                new byte[] {1, 2, (byte) i},
                new GenericInternalRow(new Object[] {text("c" + i % 2)}),
                text("f"),
                (long) i,
                MORNING
            }));
        }

        publish(table, write(table, columns, new WriterBudget(100, 1 << 30), rows.toArray(InternalRow[]::new)));

        Set<String> partitions = new TreeSet<>();
        for (FileScanTask task : table.table().newScan().planFiles()) {
            partitions.add(task.spec().partitionToPath(task.partition()));
        }
        assertThat(partitions)
                .hasSize(8)
                .contains("at_hour=2021-07-21-10/name=n1/id_bucket=2/raw_trunc=AQI%3D"
                        + "/price_trunc=0.00/nested.city=c0");
        assertThat(TestLake.rows(table.table())).hasSize(200).allSatisfy(row -> {
            long offset = (Long) row.getField("firn_offset");
            assertThat(row.getField("name")).isEqualTo(offset % 5 == 0 ? null : "n" + offset % 3);
            assertThat(row.getField("at")).hasToString("2021-07-21T1" + offset % 2 + ":00Z");
        });
    }

    @Test
    void theBudgetClosesTheLongestStream() {
        // Iceberg's own writer opens a stream with its first row.
        LakeTable table = lake.catalog.ensure(byRows("id"), TestLake.COLUMNS, TestLake.ORIGIN);
        WriterBudget budget = new WriterBudget(3, 1 << 30);
        FileSink sink = sink(table, TestLake.COLUMNS, budget);
        FileSink other = sink(table, TestLake.COLUMNS, budget);
        for (long i = 0; i < 2000; i++) {
            sink.write(row(0, i));
        }
        sink.write(row(1, 0));
        other.write(row(7, 0));
        assertThat(sink.openStreams() + other.openStreams()).isEqualTo(3);

        other.write(row(8, 0));

        assertThat(sink.openStreams()).isEqualTo(1);
        assertThat(other.openStreams()).isEqualTo(2);
        sink.write(row(0, 2000));
        List<StagedFile> files = new ArrayList<>(sink.finish());
        files.addAll(other.finish());
        assertThat(files).extracting(StagedFile::rows).containsExactlyInAnyOrder(2000L, 1L, 1L, 1L, 1L);
        publish(table, files);
        assertThat(TestLake.rows(table.table())).hasSize(2004);
    }

    @Test
    void smallFilesHoldNoStreamUntilTheyEnd() throws Exception {
        LakeTable table = lake.catalog.ensure(TestLake.definition("id"), TestLake.COLUMNS, TestLake.ORIGIN);
        FileSink sink = sink(table, TestLake.COLUMNS, new WriterBudget(3, 1 << 30));
        for (long i = 0; i < 2000; i++) {
            sink.write(row(i % 200, i));
        }
        assertThat(sink.openStreams()).isZero();
        assertThat(sink.bufferedBytes()).isBetween(200 * 500L, 200 * 50_000L);
        assertThat(parquetFiles()).isZero();

        List<StagedFile> files = sink.finish();

        assertThat(files).hasSize(200);
        assertThat(sink.bufferedBytes()).isZero();
        publish(table, files);
        assertThat(TestLake.rows(table.table())).hasSize(2000);
    }

    @Test
    void longFilesAreStreamsWithinTheBudget() throws Exception {
        TableDefinition groups = new TableDefinition(
                NAME,
                null,
                List.of(PartitionField.parse("id")),
                null,
                null,
                Map.of("write.parquet.row-group-size-bytes", "40000"),
                null,
                null,
                null);
        LakeTable table = lake.catalog.ensure(groups, TestLake.COLUMNS, TestLake.ORIGIN);
        FileSink sink = sink(table, TestLake.COLUMNS, new WriterBudget(3, 1 << 30));
        for (long i = 0; i < 50_000; i++) {
            sink.write(row(i % 5, i));
            assertThat(sink.openStreams()).isLessThanOrEqualTo(3);
        }
        assertThat(parquetFiles()).isGreaterThan(5);

        sink.abort();

        assertThat(parquetFiles()).isZero();
    }

    @Test
    void theBudgetBoundsBufferedBytes() {
        LakeTable table =
                lake.catalog.ensure(TestLake.definition("truncate(1000000, id)"), TestLake.COLUMNS, TestLake.ORIGIN);
        FileSink sink = sink(table, TestLake.COLUMNS, new WriterBudget(100, 200_000));
        long most = 0;
        for (long i = 0; i < 100_000; i++) {
            sink.write(row(i, i));
            most = Math.max(most, sink.bufferedBytes());
        }
        List<StagedFile> files = sink.finish();
        assertThat(files).hasSizeGreaterThan(1);
        assertThat(most).isBetween(100_000L, 400_000L);
        assertThat(files.stream().mapToLong(StagedFile::rows).sum()).isEqualTo(100_000);
    }

    @Test
    void aFileEndsAtTheTargetSize() {
        TableDefinition small = new TableDefinition(
                NAME, null, List.of(), null, null, Map.of("write.target-file-size-bytes", "100000"), null, null, null);
        LakeTable table = lake.catalog.ensure(small, TestLake.COLUMNS, TestLake.ORIGIN);
        InternalRow[] rows = new InternalRow[50_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(i, i);
        }
        List<StagedFile> files = write(table, TestLake.COLUMNS, new WriterBudget(100, 1 << 30), rows);
        assertThat(files).hasSizeGreaterThan(2);
        assertThat(files.stream().mapToLong(StagedFile::rows).sum()).isEqualTo(50_000);
    }

    @Test
    void anAbortedTaskLeavesNoFile() throws Exception {
        LakeTable table = lake.catalog.ensure(byRows("id"), TestLake.COLUMNS, TestLake.ORIGIN);
        FileSink sink = sink(table, TestLake.COLUMNS, new WriterBudget(1, 1 << 30));
        sink.write(row(1, 1));
        sink.write(row(2, 2));
        assertThat(parquetFiles()).isPositive();

        sink.abort();

        assertThat(parquetFiles()).isZero();
    }

    @Test
    void whatTasksNeedTravels() throws Exception {
        LakeTable table = lake.table();
        WriteTarget target = travelled(table.writeTarget(LoadColumns.DUMP.after(TestLake.COLUMNS)));
        FileSink sink = target.open(1, 2, "attempt", new WriterBudget(10, 1 << 30));
        sink.write(row(5, 5));
        List<StagedFile> files = travelled(new ArrayList<>(sink.finish()));

        publish(table, files);

        assertThat(TestLake.ids(table)).containsExactly(5L);
    }

    @Test
    void loadingIsFastUnlessTheTableSaysOtherwise() {
        LakeTable plain = lake.table();
        Map<String, String> properties =
                plain.writeTarget(LoadColumns.DUMP.after(TestLake.COLUMNS)).properties();
        assertThat(properties)
                .containsEntry("write.parquet.compression-level", "1")
                .containsEntry("write.parquet.compression-codec", "zstd");
        assertThat(plain.table().properties()).doesNotContainKey("write.parquet.compression-level");

        plain.table()
                .updateProperties()
                .set("write.parquet.compression-level", "9")
                .commit();
        assertThat(plain.writeTarget(LoadColumns.DUMP.after(TestLake.COLUMNS)).properties())
                .containsEntry("write.parquet.compression-level", "9");
    }

    /** A table that asks for what only Iceberg's own writer does. */
    private static TableDefinition byRows(String partition) {
        return new TableDefinition(
                NAME,
                null,
                List.of(PartitionField.parse(partition)),
                null,
                null,
                Map.of("write.parquet.compression-codec", "gzip"),
                null,
                null,
                null);
    }

    @Test
    void otherCodecsKeepTheirOwnLevels() {
        LakeTable table = lake.catalog.ensure(byRows("id"), TestLake.COLUMNS, TestLake.ORIGIN);

        List<StagedFile> files = write(table, TestLake.COLUMNS, new WriterBudget(9, 1 << 30), row(1, 1), row(1, 2));

        publish(table, files);
        assertThat(TestLake.rows(table.table())).hasSize(2);
    }

    private static FileSink sink(LakeTable table, List<Column> columns, WriterBudget budget) {
        return table.writeTarget(LoadColumns.DUMP.after(columns))
                .open(0, 0, UUID.randomUUID().toString(), budget);
    }

    private static List<StagedFile> write(
            LakeTable table, List<Column> columns, WriterBudget budget, InternalRow... rows) {
        FileSink sink = sink(table, columns, budget);
        for (InternalRow row : rows) {
            sink.write(row);
        }
        return sink.finish();
    }

    private static void publish(LakeTable table, List<StagedFile> files) {
        Table iceberg = table.table();
        var append = iceberg.newAppend();
        files.forEach(file -> append.appendFile(file.file()));
        append.commit();
    }

    private static InternalRow row(long id, long offset) {
        return new GenericInternalRow(new Object[] {id, text("n" + offset), text("f"), offset, MORNING});
    }

    private static UTF8String text(String text) {
        return UTF8String.fromString(text);
    }

    private static Column typed(String name, String type) {
        return new Column(name, ColumnType.parse(type), null, null, false, null);
    }

    private long parquetFiles() throws Exception {
        try (var files = Files.walk(directory.resolve("warehouse"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T travelled(T object) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (T) in.readObject();
        }
    }
}
