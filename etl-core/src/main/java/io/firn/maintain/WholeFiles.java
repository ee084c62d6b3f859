package io.firn.maintain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;

import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.StrictMetricsEvaluator;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.ContentFileUtil;

/**
 * The data files of the current snapshot all of whose rows fulfil a condition, by their partition or by the bounds of
 * their columns: those that Iceberg's delete by that condition takes.
 *
 * @param partitions all of whose rows do by their values alone, and that have such files
 * @param rows in them that were not gone before
 */
record WholeFiles(int partitions, long files, long rows, long bytes) {

    static WholeFiles of(Table table, Expression condition) {
        Set<String> partitions = new HashSet<>();
        long files = 0;
        long rows = 0;
        long bytes = 0;
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().filter(condition).includeColumnStats().planFiles()) {
            for (FileScanTask task : tasks) {
                if (new StrictMetricsEvaluator(table.schema(), task.residual()).eval(task.file())) {
                    if (task.residual().op() == Expression.Operation.TRUE) {
                        partitions.add(task.spec().specId() + " "
                                + task.spec().partitionToPath(task.file().partition()));
                    }
                    files++;
                    rows += task.file().recordCount() - deletedRows(task);
                    bytes += task.file().fileSizeInBytes();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WholeFiles(partitions.size(), files, rows, bytes);
    }

    private static long deletedRows(FileScanTask task) {
        return task.deletes().stream()
                .filter(ContentFileUtil::isFileScoped)
                .mapToLong(DeleteFile::recordCount)
                .sum();
    }
}
