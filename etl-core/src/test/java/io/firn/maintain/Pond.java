package io.firn.maintain;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.SparkSession;

import io.firn.table.CatalogDefinition;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/** A small lake of its own with the table {@code lake.shop.orders}, written by Spark SQL. */
final class Pond implements Closeable {
    static final TableName NAME = TableName.parse("lake.shop.orders");

    final SparkSession spark;
    final LakeCatalog catalog;

    /** @param rest of CREATE TABLE, from the columns on */
    Pond(SparkSession shared, Path directory, String rest) {
        CatalogDefinition definition =
                new CatalogDefinition(null, null, directory.resolve("warehouse").toString(), null, null, null);
        spark = shared.newSession();
        definition.sparkConf("lake").forEach((key, value) -> {
            if (spark.conf().isModifiable(key) || key.startsWith("spark.sql.catalog.")) {
                spark.conf().set(key, value);
            }
        });
        catalog = LakeCatalog.open("lake", definition, new Configuration());
        sql("CREATE NAMESPACE IF NOT EXISTS lake.shop");
        sql("CREATE TABLE lake.shop.orders " + rest);
    }

    void sql(String statement) {
        spark.sql(statement).collect();
    }

    /** The table as it is now. */
    LakeTable table() {
        return catalog.find(NAME).orElseThrow();
    }

    /** All rows as text, in order. */
    List<String> rows() {
        return spark.sql("SELECT to_json(struct(*)) AS row FROM lake.shop.orders ORDER BY row").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    /** Paths of the data files, in order. */
    List<String> files() {
        List<String> files = new ArrayList<>();
        for (FileScanTask task : tasks()) {
            files.add(task.file().location());
        }
        return files.stream().sorted().toList();
    }

    /** How many delete files each data file needs, in no order. */
    List<Integer> deletes() {
        List<Integer> deletes = new ArrayList<>();
        for (FileScanTask task : tasks()) {
            deletes.add(task.deletes().size());
        }
        return deletes;
    }

    /** The data files themselves. */
    List<DataFile> dataFiles() {
        List<DataFile> files = new ArrayList<>();
        for (FileScanTask task : tasks()) {
            files.add(task.file());
        }
        return files;
    }

    private List<FileScanTask> tasks() {
        List<FileScanTask> tasks = new ArrayList<>();
        try (CloseableIterable<FileScanTask> scan =
                table().table().newScan().includeColumnStats().planFiles()) {
            scan.forEach(tasks::add);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return tasks;
    }

    @Override
    public void close() {
        catalog.close();
    }
}
