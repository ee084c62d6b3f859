package io.firn.maintain;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.apache.iceberg.BaseFileScanTask;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.ResidualEvaluator;
import org.apache.iceberg.spark.FileRewriteCoordinator;
import org.apache.iceberg.spark.ScanTaskSetManager;
import org.apache.iceberg.spark.SparkReadOptions;
import org.apache.iceberg.spark.SparkTableCache;
import org.apache.iceberg.spark.SparkWriteOptions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows of chosen data files, read and rewritten the way that Iceberg's own compaction does it: nothing is committed. */
final class StoredRows implements AutoCloseable {
    private static final String FORMAT = "iceberg";

    private final SparkSession spark;
    private final Table table;
    private final String id = UUID.randomUUID().toString();

    /** @param tasks with the deletes that are to be applied */
    StoredRows(SparkSession spark, Table table, List<FileScanTask> tasks) {
        this.spark = spark;
        this.table = table;
        SparkTableCache.get().add(id, table);
        ScanTaskSetManager.get().stageTasks(table, id, tasks);
    }

    /** All rows that files hold, those too that delete files take away. */
    static StoredRows physically(SparkSession spark, Table table, Collection<DataFile> files) {
        String schema = SchemaParser.toJson(table.schema());
        ResidualEvaluator all = ResidualEvaluator.unpartitioned(Expressions.alwaysTrue());
        List<FileScanTask> tasks = files.stream()
                .map(file -> (FileScanTask) new BaseFileScanTask(
                        file,
                        new DeleteFile[0],
                        schema,
                        PartitionSpecParser.toJson(table.specs().get(file.specId())),
                        all))
                .toList();
        return new StoredRows(spark, table, tasks);
    }

    Dataset<Row> rows() {
        // Vectorized reads of row ids, which format 3 has here as columns, leak memory (Iceberg 1.11.0).
        boolean vectorized = !TableUtil.supportsRowLineage(table);
        return spark.read()
                .format(FORMAT)
                .option(SparkReadOptions.VECTORIZATION_ENABLED, vectorized)
                .load(id);
    }

    /** Writes the rows that are to stay to new files. */
    Set<DataFile> rewrite(Column stay) {
        rows().where(stay)
                .write()
                .format(FORMAT)
                .option(SparkWriteOptions.DISTRIBUTION_MODE, "none")
                .option(SparkWriteOptions.OUTPUT_SPEC_ID, table.spec().specId())
                .option(SparkWriteOptions.FANOUT_ENABLED, table.spec().isPartitioned())
                .mode("append")
                .save(id);
        @SuppressWarnings("unchecked") // The coordinator's method lost its type on the way to Java.
        Set<DataFile> written = FileRewriteCoordinator.get().fetchNewFiles(table, id);
        return written;
    }

    @Override
    public void close() {
        SparkTableCache.get().remove(id);
        ScanTaskSetManager.get().removeTasks(table, id);
        FileRewriteCoordinator.get().clearRewrite(table, id);
    }
}
