package io.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.SparkSession;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.CatalogDefinition;
import io.firn.table.ChangeOrigin;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.WriteMode;
import io.firn.table.TableName;

/** Tables of equal rows: one is written, the others begin with its files. */
final class MergeTables {
    static final List<String> KEYS = List.of("id");
    static final List<Column> COLUMNS = List.of(
            new Column("id", Scalar.LONG, null, null, true, null),
            column("customer", Scalar.LONG),
            column("status", Scalar.STRING),
            column("amount", ColumnType.parse("decimal(12,2)")),
            column("note", Scalar.STRING),
            column("created_at", Scalar.TIMESTAMPTZ),
            column("updated_at", Scalar.TIMESTAMPTZ));
    private static final long ROWS_PER_FILE = 2_000_000;

    private final SparkSession spark;
    private final LakeCatalog lake;
    private final Catalog catalog;

    MergeTables(SparkSession spark, CatalogDefinition definition) {
        this.spark = spark;
        this.lake = LakeCatalog.open("lake", definition, new Configuration());
        this.catalog = CatalogUtil.buildIcebergCatalog("lake", definition.icebergProperties(), new Configuration());
    }

    LakeTable write(String name, long rows) {
        LakeTable table = create(name, WriteMode.MERGE_ON_READ, 2);
        int files = (int) Math.max(2, rows / ROWS_PER_FILE);
        spark.range(0, rows, 1, files).selectExpr(select("a0-a0-h")).createOrReplaceTempView("base_rows");
        spark.sql("INSERT INTO " + table.name().quoted() + " SELECT * FROM base_rows");
        table.refresh();
        return table;
    }

    LakeTable copy(String of, String name, WriteMode mode, int formatVersion) {
        LakeTable table = create(name, mode, formatVersion);
        AppendFiles append = catalog.loadTable(identifier(name)).newFastAppend();
        Table source = catalog.loadTable(identifier(of));
        try (CloseableIterable<FileScanTask> files =
                source.newScan().includeColumnStats().planFiles()) {
            files.forEach(file -> append.appendFile(file.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        append.commit();
        table.refresh();
        return table;
    }

    Map<String, String> summary(String name) {
        return catalog.loadTable(identifier(name)).currentSnapshot().summary();
    }

    void drop(String name) {
        catalog.dropTable(identifier(name), false);
    }

    /** A row of an id, as SQL; the load columns follow. */
    static String[] select(String position) {
        return new String[] {
            "id",
            "id % 100003 AS customer",
            "concat('status ', id % 7) AS status",
            "CAST(id % 1000000 / 100 AS decimal(12, 2)) AS amount",
            "concat(md5(CAST(id AS string)), ' note') AS note",
            "timestamp_seconds(1600000000 + id) AS created_at",
            "timestamp_seconds(1600000000 + id) AS updated_at",
            "concat('" + position + "', lpad(hex(id), 8, '0'), '-a0-a0-f', lpad(hex(id), 6, '0')) AS firn_position",
            "'r' AS firn_op",
            "timestamp_seconds(1600000000 + id) AS firn_source_time",
            "timestamp_seconds(1700000000) AS firn_loaded_at"
        };
    }

    private LakeTable create(String name, WriteMode mode, int formatVersion) {
        TableDefinition definition = new TableDefinition(
                TableName.parse("lake.bench." + name), null, List.of(), null, KEYS, null, null, mode, formatVersion);
        return lake.ensure(definition, COLUMNS, LoadColumns.CHANGE, new ChangeOrigin("run", "bench", null));
    }

    private static TableIdentifier identifier(String name) {
        return TableIdentifier.of("bench", name);
    }

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, null, null, false, null);
    }
}
