package io.firn.maintain;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.iceberg.BaseFileScanTask;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.ResidualEvaluator;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.DataFileSet;
import org.apache.iceberg.util.DeleteFileSet;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

import io.firn.table.LakeTable;
import io.firn.table.Unanswered;

/** Puts files that hold what is meant no more in the place of those that do: rows, and what deletes had left of them. */
final class FileReplacement {
    private static final int COMMITS = 10;

    private final SparkSession spark;
    private final Table table;
    private final Matching what;

    /** @param table whose commits are to be the replacement's */
    FileReplacement(SparkSession spark, Table table, Matching what) {
        this.spark = spark;
        this.table = table;
        this.what = what;
    }

    /** What was put in the place of what. */
    record Replaced(long rows, int files, long bytes, int written) {}

    /**
     * Replaces files of main as it was when the table was last refreshed. Null: a rival changed them, or nobody knows
     * whether the commit got in; look again.
     */
    Replaced replace(Map<String, Long> holding) {
        Snapshot head = table.currentSnapshot();
        List<FileScanTask> tasks = tasks(holding.keySet());
        long rows;
        Set<DataFile> written;
        try (StoredRows shown = new StoredRows(spark, table, tasks)) {
            rows = shown.rows().where(what.rows()).count();
            written = shown.rewrite(functions.not(functions.coalesce(what.rows(), functions.lit(false))));
        }
        DataFileSet files = DataFileSet.create();
        DeleteFileSet deletes = DeleteFileSet.create();
        for (FileScanTask task : tasks) {
            files.add(task.file());
            task.deletes().stream().filter(ContentFileUtil::isFileScoped).forEach(deletes::add);
        }
        try {
            if (!commit(head, files, deletes, written, rows)) {
                discard(written);
                return null;
            }
        } catch (RuntimeException e) {
            if (Unanswered.is(e)) {
                return null; // The table may hold what was written.
            }
            discard(written);
            throw e;
        }
        long bytes = files.stream().mapToLong(DataFile::fileSizeInBytes).sum();
        return new Replaced(rows, files.size(), bytes, written.size());
    }

    private boolean commit(Snapshot head, DataFileSet files, DeleteFileSet deletes, Set<DataFile> written, long rows) {
        for (int tries = 0; tries < COMMITS; tries++) {
            try {
                Transaction transaction = table.newTransaction();
                OverwriteFiles overwrite = transaction
                        .newOverwrite()
                        .deleteFiles(files, deletes)
                        .validateFromSnapshot(head.snapshotId())
                        .validateNoConflictingDeletes();
                written.forEach(overwrite::addFile);
                overwrite.commit();
                if (rows > 0) {
                    LakeTable.removing(transaction, rows);
                }
                transaction.commitTransaction();
                return true;
            } catch (ValidationException e) {
                // A rival removed one of the files, or deleted rows of it.
                return false;
            } catch (CommitFailedException e) {
                table.refresh();
            }
        }
        return false;
    }

    /** With the deletes that hold for each file; all its rows are to be read, so nothing is left to filter. */
    private List<FileScanTask> tasks(Set<String> paths) {
        ResidualEvaluator all = ResidualEvaluator.unpartitioned(Expressions.alwaysTrue());
        String schema = SchemaParser.toJson(table.schema());
        List<FileScanTask> tasks = new ArrayList<>();
        try (var planned = table.newScan().planFiles()) {
            for (FileScanTask task : planned) {
                if (paths.contains(task.file().location())) {
                    tasks.add(new BaseFileScanTask(
                            task.file(),
                            task.deletes().toArray(DeleteFile[]::new),
                            schema,
                            PartitionSpecParser.toJson(task.spec()),
                            all));
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return tasks;
    }

    private void discard(Collection<DataFile> written) {
        for (DataFile file : written) {
            try {
                table.io().deleteFile(file.location());
            } catch (RuntimeException e) {
                RowErasure.LOG.info("firn erase: a file that came to nothing is left for orphan removal", e);
            }
        }
    }
}
