package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

import io.firn.table.MergePlan.Filter;

/** What the metadata of a merge's target says of its files. */
final class TargetFiles {
    private final List<KeyColumn> columns;
    private final int position;
    /** A large file is scanned by several tasks and counts once. */
    private final Set<String> seen = new HashSet<>();

    private long rows;
    private long files;
    private long bytes;
    private long touchedFiles;
    private long touchedBytes;
    private String newest = "";

    /** @param position the field id of the rows' positions */
    TargetFiles(List<KeyColumn> columns, int position) {
        this.columns = columns;
        this.position = position;
    }

    void add(DataFile file) {
        if (!seen.add(file.location())) {
            return;
        }
        rows += file.recordCount();
        files++;
        bytes += file.fileSizeInBytes();
        if (columns.stream().allMatch(column -> column.touches(file))) {
            touchedFiles++;
            touchedBytes += file.fileSizeInBytes();
        }
        newest = newer(newest, file);
    }

    /** Counts only what a scan finds as touched. */
    void touched(TableScan scan) {
        touchedFiles = 0;
        touchedBytes = 0;
        seen.clear();
        try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
            for (FileScanTask task : tasks) {
                if (seen.add(task.file().location())) {
                    touchedFiles++;
                    touchedBytes += task.file().fileSizeInBytes();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long rows() {
        return rows;
    }

    /** No row has a higher position; null where a file does not tell. */
    String newest() {
        return newest;
    }

    MergePlan plan(Filter filter, String reason, long changes) {
        return new MergePlan(filter, reason, changes, rows, files, bytes, touchedFiles, touchedBytes);
    }

    private String newer(String before, DataFile file) {
        ByteBuffer bound =
                file.upperBounds() == null ? null : file.upperBounds().get(position);
        if (before == null) {
            return null;
        }
        if (bound == null) {
            boolean allNull = file.nullValueCounts() != null
                    && Objects.equals(file.nullValueCounts().get(position), file.recordCount());
            return allNull ? before : null;
        }
        String upper = Conversions.<CharSequence>fromByteBuffer(Types.StringType.get(), bound)
                .toString();
        return upper.compareTo(before) > 0 ? upper : before;
    }
}
