package io.firn.table.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.spark.Spark3Util;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

import io.firn.SparkExtension;

/** The same rows as by Iceberg's own readers, and no others leave the scan. */
@ExtendWith(SparkExtension.class)
class KeyScanTest {
    private static final String PUSHED = "rows that may have a key of";
    private static final String LINEAGE = ", _row_id, _last_updated_sequence_number";

    /** Columns of whole numbers, and the numbers. */
    private static final Map<String, String> NUMBERS = Map.of(
            "i", "i",
            "l", "l",
            "o", "o",
            "added", "added",
            "d", "unix_date(d)",
            "ts", "unix_micros(ts)",
            "tn", "unix_micros(CAST(tn AS TIMESTAMP))");

    @TempDir
    Path directory;

    private SparkSession plain;
    private SparkSession pushing;

    @BeforeEach
    void open(SparkSession shared) {
        plain = session(shared);
        pushing = session(shared);
        KeyScanRule.install(pushing);
    }

    private SparkSession session(SparkSession shared) {
        SparkSession session = shared.newSession();
        session.conf().set("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog");
        session.conf().set("spark.sql.catalog.lake.type", "hadoop");
        session.conf().set("spark.sql.catalog.lake.cache-enabled", "false");
        session.conf().set("spark.sql.catalog.lake.warehouse", directory.toString());
        return session;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void keysOfEveryType(int format) {
        create(format, "parquet", "l");
        change();
        String columns = "*, _file, _pos, _spec_id, _partition" + (format == 3 ? LINEAGE : "");
        for (String keys : List.of("i", "l", "t, b", "d, ts, tn", "n, m", "o, u", "added")) {
            check(keys, columns, true);
        }
        check("i", "count(*)", true);
    }

    /** By pages and, because of decimals and of columns that a file lacks, by whole row groups. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void wholeNumbersOfKeysAreMadeUseOf(int format) {
        create(format, "parquet", "l");
        checkNumbers("i", "*, _pos", true);
        change();
        String columns =
                "l, t, b, d, ts, tn, u, o, v, _file, _pos, _spec_id, _partition" + (format == 3 ? LINEAGE : "");
        for (String keys : List.of("l", "o, l", "d, t", "ts, u", "tn")) {
            checkNumbers(keys, columns, true);
        }
        checkNumbers("l", "count(*)", true);
        checkNumbers("i", "i, t", true);
        checkNumbers("added", "added, t", true);
        checkNumbers("t, l", "l, t", false);
    }

    @Test
    void pagesWithoutANumberAreNotRead() throws Exception {
        create(2, "parquet", "l");
        Table table = Spark3Util.loadIcebergTable(plain, "lake.t");
        Schema read = table.schema().select("l");
        int key = read.findField("l").fieldId();
        KeyNumbers number = new KeyNumbers(new long[] {5_000L << 33});
        long rows = 0;
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                InputFile file = table.io().newInputFile(task.file());
                try (PageReader pages = PageReader.open(file, task, read, Map.of(), key, number, 300)
                        .orElseThrow()) {
                    while (pages.hasNext()) {
                        rows += pages.next().numRows();
                    }
                }
            }
        }
        assertThat(rows).isBetween(1L, 1_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orc", "avro"})
    void otherFilesAreReadByIceberg(String fileFormat) {
        create(2, fileFormat, "l");
        check("i", "*, _file, _pos", false);
    }

    @Test
    void filesOfMoreThanOneFormatAreReadByIceberg() {
        create(2, "parquet", "l");
        plain.sql("ALTER TABLE lake.t SET TBLPROPERTIES ('write.format.default' = 'orc')");
        insert(20_000, 22_000);
        check("l", "*, _file, _pos", false);
    }

    /** Other engines write these. */
    @Test
    void equalityDeletesAreAppliedByIceberg() throws Exception {
        create(2, "parquet", "l");
        Table table = Spark3Util.loadIcebergTable(plain, "lake.t");
        table.updateSpec().removeField("l_bucket").commit();
        Schema keys = table.schema().select("t");
        EqualityDeleteWriter<Record> deletes = Parquet.writeDeletes(
                        table.io().newOutputFile(table.locationProvider().newDataLocation("deletes.parquet")))
                .createWriterFunc(GenericParquetWriter::create)
                .rowSchema(keys)
                .withSpec(table.spec())
                .equalityFieldIds(keys.columns().get(0).fieldId())
                .buildEqualityWriter();
        String text =
                plain.sql("SELECT t FROM lake.t WHERE hash(t) % 40 = 0").head().getString(0);
        try (deletes) {
            deletes.write(GenericRecord.create(keys).copy("t", text));
        }
        table.newRowDelta().addDeletes(deletes.toDeleteFile()).commit();
        check("i", "*, _file, _pos", false);
        assertThat(pushing.sql("SELECT * FROM lake.t WHERE t = '" + text + "'").count())
                .isZero();
    }

    @Test
    void nestedColumnsAreReadByIceberg() {
        create(2, "parquet", "l");
        plain.sql("ALTER TABLE lake.t ADD COLUMN s STRUCT<a: BIGINT>");
        check("i", "i, s", false);
        check("i", "i, l", true);
    }

    @Test
    void vectorsAreForbidden() {
        create(2, "parquet", "l");
        plain.sql("ALTER TABLE lake.t SET TBLPROPERTIES ('read.parquet.vectorization.enabled' = 'false')");
        check("i", "i, l", false);
    }

    @Test
    void aBranchIsReadAsItStands() {
        create(2, "parquet", "l");
        plain.sql("ALTER TABLE lake.t CREATE BRANCH other");
        plain.sql("DELETE FROM lake.t.branch_other WHERE i % 2 = 0");
        plain.sql("DELETE FROM lake.t WHERE i % 3 = 0");
        check("i", "*, _pos", true, "lake.t.branch_other");
        check("i", "*, _pos", true, "lake.t");
    }

    @Test
    void anOrIsNoFilterByKeys() {
        create(2, "parquet", "l");
        register(new long[] {1});
        assertThat(pushing.sql("SELECT i FROM lake.t WHERE may_contain(i) OR l > 5")
                        .queryExecution()
                        .executedPlan()
                        .toString())
                .doesNotContain(PUSHED);
    }

    private void create(int format, String fileFormat, String bucketed) {
        plain.sql(
                "CREATE TABLE lake.t (i INT, l BIGINT, t STRING, b BINARY, d DATE, ts TIMESTAMP, tn TIMESTAMP_NTZ,"
                        + " n DECIMAL(10, 2), m DECIMAL(30, 5), u STRING, o BIGINT, v STRING) USING iceberg"
                        + " PARTITIONED BY (bucket(2, " + bucketed + ")) TBLPROPERTIES ('format-version' = '" + format
                        + "', 'write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read',"
                        + " 'write.format.default' = '" + fileFormat
                        + "', 'write.parquet.row-group-size-bytes' = '100000',"
                        + " 'write.parquet.page-row-limit' = '500', 'read.parquet.vectorization.batch-size' = '300', 'read.split.target-size' = '200000', 'read.split.open-file-cost' = '1')");
        insert(0, 20_000);
    }

    private void insert(long from, long to) {
        plain.sql("INSERT INTO lake.t BY NAME SELECT CAST(id - 10000 AS INT) i, (id - 10000) << 33 l,"
                + " concat('k\uD83D\uDE00', id) t, CAST(concat('x', id) AS BINARY) b,"
                + " date_add(DATE '1969-01-01', CAST(id AS INT)) d,"
                + " timestamp_seconds(id - 10000) ts, CAST(timestamp_seconds(id * 60) AS TIMESTAMP_NTZ) tn,"
                + " CAST((id - 10000) / 100 AS DECIMAL(10, 2)) n, CAST(id AS DECIMAL(30, 5)) * 1000000000000 m,"
                + " uuid() u, IF(id % 7 = 0, NULL, id) o, repeat('v', CAST(id % 40 AS INT)) v FROM range(" + from + ", "
                + to + ")");
    }

    /** Deletes, updates, and a schema and partitions that are not those of all files. */
    private void change() {
        plain.sql("DELETE FROM lake.t WHERE i % 3 = 0");
        plain.sql("UPDATE lake.t SET v = 'changed' WHERE i % 5 = 0");
        plain.sql("ALTER TABLE lake.t ALTER COLUMN i TYPE BIGINT");
        plain.sql("ALTER TABLE lake.t ADD COLUMN added BIGINT");
        plain.sql("ALTER TABLE lake.t ADD PARTITION FIELD truncate(4, t)");
        insert(20_000, 24_000);
        plain.sql("UPDATE lake.t SET added = l WHERE d > DATE '2030-01-01'");
        plain.sql("DELETE FROM lake.t WHERE i BETWEEN 9000 AND 11000 AND o IS NOT NULL");
    }

    private void check(String keys, String selected, boolean pushed) {
        check(keys, selected, pushed, "lake.t");
    }

    private void check(String keys, String selected, boolean pushed, String table) {
        register(
                plain
                        .sql("SELECT xxhash64(" + keys + ") FROM " + table + " WHERE hash(t) % 40 = 0")
                        .collectAsList()
                        .stream()
                        .mapToLong(row -> row.getLong(0))
                        .toArray());
        String query = "SELECT " + selected + " FROM " + table + " WHERE may_contain(" + keys + ")";
        Dataset<Row> wanted = plain.sql(query);
        Dataset<Row> found = pushing.sql(query);
        List<String> all = texts(wanted);
        assertThat(texts(found)).isEqualTo(all).isNotEmpty();
        assertThat(wanted.queryExecution().executedPlan().toString()).doesNotContain(PUSHED);
        assertThat(found.queryExecution().executedPlan().toString()).contains(PUSHED);
        if (!selected.startsWith("count")) {
            assertThat(rowsOf(found) == all.size()).isEqualTo(pushed);
        }
    }

    /** @param used whether rows of other numbers do not come along where the scan is told of one only */
    private void checkNumbers(String keys, String selected, boolean used) {
        String first = keys.split(",")[0];
        String number = NUMBERS.get(first);
        String known = first + " IS NOT NULL AND hash(t) % 40 = 0";
        List<Row> rows = plain.sql("SELECT xxhash64(" + keys + "), " + (number == null ? "0L" : number)
                        + " FROM lake.t WHERE " + known + " ORDER BY l")
                .collectAsList();
        long[] hashes = rows.stream().mapToLong(row -> row.getLong(0)).toArray();
        long[] numbers = rows.stream()
                .mapToLong(row -> ((Number) row.get(1)).longValue())
                .toArray();
        String query = "SELECT " + selected + " FROM lake.t WHERE may_contain(" + keys + ")";

        register(new KeyHashes(hashes, number == null ? null : numbers));
        List<String> wanted = texts(plain.sql(query + " AND " + known));
        assertThat(texts(pushing.sql(query + " AND " + known)))
                .isEqualTo(wanted)
                .isNotEmpty();

        register(new KeyHashes(hashes, number == null ? null : new long[] {numbers[0]}));
        List<String> near = texts(pushing.sql(query));
        assertThat(texts(plain.sql(query)).equals(near)).isEqualTo(!used);
    }

    private void register(long[] hashes) {
        register(new KeyHashes(hashes, null));
    }

    private void register(KeyHashes keys) {
        for (SparkSession session : List.of(plain, pushing)) {
            ((org.apache.spark.sql.classic.SparkSession) session)
                    .sessionState()
                    .functionRegistry()
                    .createOrReplaceTempFunction(
                            "may_contain",
                            columns -> KeyScanRule.mayContain(keys, CollectionConverters.asJava(columns)),
                            "scala_udf");
        }
    }

    private static List<String> texts(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(KeyScanTest::text).sorted().toList();
    }

    private static String text(Row row) {
        return Stream.iterate(0, i -> i < row.size(), i -> i + 1)
                .map(row::get)
                .map(value -> value instanceof byte[] bytes ? Arrays.toString(bytes) : String.valueOf(value))
                .toList()
                .toString();
    }

    /** The rows that left the scan. */
    private static long rowsOf(Dataset<Row> query) {
        SparkPlan scan = query.queryExecution().executedPlan().collectLeaves().head();
        return scan.metrics().apply("numOutputRows").value();
    }
}
