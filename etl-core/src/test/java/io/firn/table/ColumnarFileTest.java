package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.SparkExtension;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;

/** Files written column by column hold what Iceberg's own writer writes of the same rows, whoever reads them. */
@ExtendWith(SparkExtension.class)
class ColumnarFileTest {
    private static final TableName COLUMNAR = TableName.parse("lake.t.columnar");
    private static final TableName BY_ROWS = TableName.parse("lake.t.by_rows");
    private static final Map<String, String> SMALL = Map.of(
            "write.parquet.page-size-bytes", "3000",
            "write.parquet.dict-size-bytes", "2000",
            "write.parquet.row-group-size-bytes", "300000");
    private static final List<Column> COLUMNS = List.of(
            column("id", "long", true),
            column("a", "boolean", false),
            column("b", "int", false),
            column("c", "long", false),
            column("d", "float", false),
            column("e", "double", false),
            column("f", "date", false),
            column("g", "timestamp", false),
            column("h", "timestamptz", false),
            column("i", "string", true),
            column("j", "uuid", false),
            column("k", "binary", false),
            column("l", "fixed[5]", false),
            column("m", "decimal(9,2)", false),
            column("n", "decimal(18,4)", false),
            column("o", "decimal(38,10)", false),
            column("p", "struct<x: int, y: list<string>, z: struct<u: double, v: boolean>>", false),
            column("q", "map<string, long>", false),
            column("r", "list<struct<x: string, y: list<int>, z: map<string, double>>>", false),
            column("s", "list<list<long>>", false),
            column("with-dash", "map<string, struct<x: date, y: decimal(20,3)>>", false));

    @TempDir
    Path directory;

    private TestLake lake;
    private SparkSession spark;

    @BeforeEach
    void open(SparkSession shared) {
        lake = new TestLake(directory);
        spark = shared.newSession();
        TestLake.definition(directory).sparkConf("lake").forEach((key, value) -> {
            if (spark.conf().isModifiable(key) || key.startsWith("spark.sql.catalog.")) {
                spark.conf().set(key, value);
            }
        });
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "2, 5, 0.1", "3, 500, 0.5", "4, 0, 1", "5, 1, 0", "6, 9000, 0.01"})
    void everyReaderSeesTheSameRows(long seed, int variety, double nulls) throws IOException {
        List<InternalRow> rows = rows(seed, 2500, variety, nulls);
        DataFile columnar = write(COLUMNAR, properties(SMALL, Map.of()), rows);
        DataFile byRows = write(BY_ROWS, properties(SMALL, Map.of("write.parquet.page-version", "v1")), rows);

        ParquetMetadata footer = footer(columnar);
        ParquetMetadata expected = footer(byRows);
        assertThat(footer.getFileMetaData().getSchema())
                .isEqualTo(expected.getFileMetaData().getSchema());
        assertThat(footer.getFileMetaData().getKeyValueMetaData())
                .isEqualTo(expected.getFileMetaData().getKeyValueMetaData());
        assertThat(values(COLUMNAR)).isEqualTo(values(BY_ROWS));
        for (boolean vectorized : new boolean[] {true, false}) {
            spark.conf().set("spark.sql.parquet.enableVectorizedReader", vectorized);
            spark.conf().set("spark.sql.iceberg.vectorization.enabled", vectorized);
            assertThat(json(parquet(columnar))).isEqualTo(json(parquet(byRows)));
            assertThat(json(spark.table(COLUMNAR.toString()))).isEqualTo(json(spark.table(BY_ROWS.toString())));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0.2, truncate(16)",
        "2, 3, 0.2, truncate(2)",
        "3, 50, 0, full",
        "4, 0, 1, counts",
        "5, 2, 0, none"
    })
    void manifestsHoldWhatIcebergsWriterSays(long seed, int variety, double nulls, String mode) {
        List<InternalRow> rows = rows(seed, 1500, variety, nulls);
        Map<String, String> metrics =
                Map.of("write.metadata.metrics.default", mode, "write.metadata.metrics.column.b", "counts");

        DataFile columnar = write(COLUMNAR, properties(SMALL, metrics), rows);
        DataFile byRows = write(
                BY_ROWS, properties(SMALL, properties(metrics, Map.of("write.parquet.page-version", "v1"))), rows);

        assertThat(columnar.recordCount()).isEqualTo(byRows.recordCount());
        assertThat(comparable(columnar.valueCounts())).isEqualTo(comparable(byRows.valueCounts()));
        assertThat(comparable(columnar.nullValueCounts())).isEqualTo(comparable(byRows.nullValueCounts()));
        assertThat(columnar.nanValueCounts()).isEqualTo(byRows.nanValueCounts());
        assertThat(hex(columnar.lowerBounds())).isEqualTo(hex(byRows.lowerBounds()));
        assertThat(hex(columnar.upperBounds())).isEqualTo(hex(byRows.upperBounds()));
        assertThat(columnar.columnSizes().keySet())
                .isEqualTo(byRows.columnSizes().keySet());
        assertThat(columnar.sortOrderId()).isEqualTo(byRows.sortOrderId());
        assertThat(columnar.splitOffsets()).isNotEmpty().isSorted();
    }

    @Test
    void theManifestsFiguresAreTheFiles() throws IOException {
        DataFile file = write(COLUMNAR, properties(SMALL, Map.of()), rows(1, 6000, 0, 0.1));

        ParquetMetadata footer = footer(file);
        List<BlockMetaData> blocks = footer.getBlocks();
        assertThat(blocks).hasSizeGreaterThan(3);
        assertThat(file.splitOffsets())
                .isEqualTo(blocks.stream().map(BlockMetaData::getStartingPos).toList());
        assertThat(file.fileSizeInBytes())
                .isEqualTo(Path.of(file.location()).toFile().length());
        Map<Integer, Long> sizes = new HashMap<>();
        blocks.forEach(block -> block.getColumns()
                .forEach(column ->
                        sizes.merge(column.getPrimitiveType().getId().intValue(), column.getTotalSize(), Long::sum)));
        assertThat(file.columnSizes()).isEqualTo(sizes);
    }

    @Test
    void valuesThatRepeatHaveADictionaryAndOthersDoNot() throws IOException {
        List<Column> columns = List.of(column("few", "string", false), column("many", "string", false));
        LakeTable table = lake.catalog.ensure(definition(COLUMNAR, Map.of()), columns, TestLake.ORIGIN);
        FileSink sink = sink(table, columns);
        for (int i = 0; i < 50_000; i++) {
            sink.write(new GenericInternalRow(new Object[] {
                text("value number " + i % 30), text("value number " + i), text("f.json"), (long) i, 1L
            }));
        }
        DataFile file = sink.finish().get(0).file();

        BlockMetaData block = footer(file).getBlocks().get(0);
        assertThat(block.getColumns().get(0).getEncodings()).contains(Encoding.RLE_DICTIONARY);
        assertThat(block.getColumns().get(1).getEncodings()).doesNotContain(Encoding.RLE_DICTIONARY);
        assertThat(block.getColumns().get(0).getTotalSize())
                .isLessThan(block.getColumns().get(1).getTotalSize() / 3);
    }

    /** Parquet's own reader drops the pages whose bounds exclude the value. */
    @Test
    void boundsOfPagesExcludeNoValue() throws IOException {
        List<InternalRow> rows = rows(7, 2000, 500, 0.3);
        DataFile file = write(COLUMNAR, properties(SMALL, Map.of()), rows);

        for (int wanted = 0; wanted < rows.size(); wanted += 300) {
            InternalRow row = rows.get(wanted);
            if (row.isNullAt(3)) {
                continue;
            }
            long value = row.getLong(3);
            String text = row.getUTF8String(9).toString();
            long longs = rows.stream()
                    .filter(r -> !r.isNullAt(3) && r.getLong(3) == value)
                    .count();
            long texts = rows.stream()
                    .filter(r -> r.getUTF8String(9).toString().equals(text))
                    .count();
            assertThat(count(file, FilterCompat.get(FilterApi.eq(FilterApi.longColumn("c"), value))))
                    .isEqualTo(longs);
            assertThat(count(
                            file,
                            FilterCompat.get(FilterApi.eq(
                                    FilterApi.binaryColumn("i"), org.apache.parquet.io.api.Binary.fromString(text)))))
                    .isEqualTo(texts);
        }
    }

    private static long count(DataFile file, FilterCompat.Filter filter) throws IOException {
        long count = 0;
        try (ParquetReader<Group> reader = ParquetReader.builder(
                        new GroupReadSupport(), new org.apache.hadoop.fs.Path(file.location()))
                .withFilter(filter)
                .build()) {
            while (reader.read() != null) {
                count++;
            }
        }
        return count;
    }

    private static List<InternalRow> rows(long seed, int count, int variety, double nulls) {
        RandomRows random = new RandomRows(seed);
        List<InternalRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object[] values = new Object[COLUMNS.size() + 3];
            values[0] = (long) i;
            for (int c = 1; c < COLUMNS.size(); c++) {
                values[c] = random.value(COLUMNS.get(c), variety, nulls);
            }
            values[COLUMNS.size()] = text("file-" + i / 600 + ".json");
            values[COLUMNS.size() + 1] = i * 900L;
            values[COLUMNS.size() + 2] = 1_600_000_000_000_000L;
            rows.add(new GenericInternalRow(values));
        }
        return rows;
    }

    private DataFile write(TableName name, Map<String, String> properties, List<InternalRow> rows) {
        LakeTable table = lake.catalog.ensure(definition(name, properties), COLUMNS, TestLake.ORIGIN);
        FileSink sink = sink(table, COLUMNS);
        rows.forEach(sink::write);
        List<StagedFile> files = sink.finish();
        assertThat(files).hasSize(1);
        var append = table.table().newAppend();
        append.appendFile(files.get(0).file());
        append.commit();
        return files.get(0).file();
    }

    private static FileSink sink(LakeTable table, List<Column> columns) {
        return table.writeTarget(LoadColumns.DUMP.after(columns))
                .open(0, 0, UUID.randomUUID().toString(), new WriterBudget(100, 1L << 40));
    }

    private static TableDefinition definition(TableName name, Map<String, String> properties) {
        return new TableDefinition(name, null, List.of(), null, null, properties, null, null, null);
    }

    private static Map<String, String> properties(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    private List<List<Object>> values(TableName name) {
        return TestLake.rows(table(name)).stream()
                .map(row -> {
                    List<Object> values = new ArrayList<>();
                    for (int i = 0; i < row.size(); i++) {
                        Object value = row.get(i);
                        values.add(value instanceof byte[] fixed ? ByteBuffer.wrap(fixed) : value);
                    }
                    return values;
                })
                .toList();
    }

    private Table table(TableName name) {
        return lake.catalog.find(name).orElseThrow().table();
    }

    private static ParquetMetadata footer(DataFile file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.location()), new Configuration()))) {
            return reader.getFooter();
        }
    }

    /** By Spark's own reader, which knows no UUIDs. */
    private Dataset<Row> parquet(DataFile file) {
        StructType all = spark.table(COLUMNAR.toString()).drop("j").schema();
        return spark.read().schema(all).parquet(file.location());
    }

    private static List<String> json(Dataset<Row> rows) {
        return rows.toJSON().collectAsList().stream().sorted().toList();
    }

    /** Iceberg counts no rows where a struct around a double is null, though it does for all other types. */
    private Map<Integer, Long> comparable(Map<Integer, Long> counts) {
        Map<Integer, Long> some = new TreeMap<>(counts);
        some.remove(table(COLUMNAR).schema().findField("p.z.u").fieldId());
        return some;
    }

    private static Map<Integer, String> hex(Map<Integer, ByteBuffer> bounds) {
        Map<Integer, String> hex = new TreeMap<>();
        if (bounds != null) {
            bounds.forEach((id, bound) -> {
                byte[] bytes = new byte[bound.remaining()];
                bound.duplicate().get(bytes);
                hex.put(id, HexFormat.of().formatHex(bytes));
            });
        }
        return hex;
    }

    private static UTF8String text(String text) {
        return UTF8String.fromString(text);
    }

    private static Column column(String name, String type, boolean required) {
        return new Column(name, ColumnType.parse(type), null, null, required, null);
    }
}
