package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

import io.firn.parquet.FileLayout;

/**
 * Writes one task's rows of one table into Parquet files, one open file per partition. Rows may be reused by the caller
 * after {@link #write}. For one thread; ends with {@link #finish} or {@link #abort}.
 */
public final class FileSink {
    /** Asking a file for its length costs about as much as writing a few rows. */
    private static final int ROWS_BETWEEN_CHECKS = 1000;

    private final WriteTarget target;
    private final Table table;
    private final OutputFileFactory files;
    private final MetricsConfig metrics;
    private final FileMetrics fileMetrics;
    private final FileLayout columnar;
    private final WriterBudget budget;
    private final long targetFileBytes;
    private final long rowGroupBytes;
    private final PartitionSource source;
    private final PartitionKey key;
    private final Map<PartitionKey, Open> open = new HashMap<>();
    private final List<StagedFile> closed = new ArrayList<>();
    private final PartitionCache<Open> cache;

    FileSink(WriteTarget target, int partition, long task, String attempt, WriterBudget budget) {
        this.target = target;
        this.table = target.table();
        this.budget = budget;
        this.files = OutputFileFactory.builderFor(table, partition, task)
                .operationId(attempt)
                .format(FileFormat.PARQUET)
                .build();
        this.metrics = MetricsConfig.forTable(table);
        this.fileMetrics = new FileMetrics(target.schema(), metrics);
        Map<String, String> properties = target.properties();
        this.columnar = ColumnarLayout.of(table, target.schema(), properties).orElse(null);
        this.targetFileBytes =
                PropertyUtil.propertyAsLong(properties, "write.target-file-size-bytes", 512L * 1024 * 1024);
        this.rowGroupBytes =
                PropertyUtil.propertyAsLong(properties, "write.parquet.row-group-size-bytes", 128L * 1024 * 1024);
        this.source = new PartitionSource(target.schema().asStruct());
        this.key = new PartitionKey(table.spec(), target.schema());
        this.cache = new PartitionCache<>(table.spec(), target.schema());
        budget.join(this);
    }

    /** Writes a row of {@link WriteTarget#rowType}. */
    public void write(InternalRow row) {
        Open to = fileFor(row);
        to.file.write(row);
        if (++to.rows % ROWS_BETWEEN_CHECKS == 0 && to.file.length() >= targetFileBytes) {
            close(to);
            return;
        }
        long held = to.file.held();
        if (held != to.held) {
            account(to, held);
        }
    }

    private void account(Open to, long held) {
        long grown = held - to.held;
        to.held = held;
        if (!to.holdsStream && to.file.holdsStream()) {
            budget.beforeStream();
            to.holdsStream = true;
        }
        budget.grew(grown);
    }

    /** Closes what is open and returns every file written. */
    public List<StagedFile> finish() {
        for (Open file : List.copyOf(open.values())) {
            close(file);
        }
        budget.leave(this);
        return List.copyOf(closed);
    }

    /** Deletes what was written, as far as that is possible. */
    public void abort() {
        budget.leave(this);
        for (Open aborted : open.values()) {
            try {
                aborted.file.discard();
            } catch (IOException | RuntimeException e) {
                Discard.LOG.debug("closing a discarded file failed", e);
            }
            Discard.file(table, aborted.file.location());
        }
        open.clear();
        closed.forEach(file -> Discard.file(table, file.path()));
        closed.clear();
    }

    int openStreams() {
        int streams = 0;
        for (Open file : open.values()) {
            streams += file.holdsStream ? 1 : 0;
        }
        return streams;
    }

    /** What the open files are known to hold in memory. */
    long bufferedBytes() {
        return open.values().stream().mapToLong(file -> file.held).sum();
    }

    long mostHeld() {
        Open most = largest(file -> file.held);
        return most == null ? 0 : most.held;
    }

    void closeMostHeld() {
        close(largest(file -> file.held));
    }

    long longestStream() {
        Open longest = largest(Open::streamLength);
        return longest == null ? 0 : longest.streamLength();
    }

    void closeLongestStream() {
        close(largest(Open::streamLength));
    }

    private Open largest(ToLongFunction<Open> size) {
        Open largest = null;
        long most = 0;
        for (Open file : open.values()) {
            long bytes = size.applyAsLong(file);
            if (bytes > most) {
                largest = file;
                most = bytes;
            }
        }
        return largest;
    }

    private Open fileFor(InternalRow row) {
        long recent = cache.key(row);
        Open file = cache.get(recent);
        if (file == null) {
            file = fileByPartition(row);
            cache.put(recent, file);
        }
        return file;
    }

    private Open fileByPartition(InternalRow row) {
        key.partition(source.wrap(row));
        Open file = open.get(key);
        if (file == null) {
            if (columnar == null) {
                budget.beforeStream();
            }
            PartitionKey partition = key.copy();
            file = new Open(partition, open(partition));
            open.put(partition, file);
        }
        return file;
    }

    private OpenFile open(PartitionKey partition) {
        EncryptedOutputFile output = files.newOutputFile(table.spec(), partition);
        if (columnar != null) {
            return new ColumnarFile(
                    columnar, output.encryptingOutputFile(), table.spec(), partition, fileMetrics, budget.scratch());
        }
        try {
            return new RowFile(
                    FormatModelRegistry.<InternalRow, StructType>dataWriteBuilder(
                                    FileFormat.PARQUET, InternalRow.class, output)
                            .schema(target.schema())
                            .engineSchema(target.rowType())
                            .setAll(target.properties())
                            .metricsConfig(metrics)
                            .spec(table.spec())
                            .partition(partition)
                            .keyMetadata(output.keyMetadata())
                            .build(),
                    output.encryptingOutputFile().location(),
                    rowGroupBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void close(Open closing) {
        try {
            closed.add(new StagedFile(closing.file.close()));
        } catch (IOException e) {
            // Still among the open ones: abort discards it.
            throw new UncheckedIOException(e);
        }
        cache.remove(closing);
        open.remove(closing.partition);
        budget.grew(-closing.held);
    }

    private static final class Open {
        private final PartitionKey partition;
        private final OpenFile file;
        private boolean holdsStream;
        private long rows;
        private long held;

        Open(PartitionKey partition, OpenFile file) {
            this.partition = partition;
            this.file = file;
            holdsStream = file.holdsStream();
        }

        long streamLength() {
            return holdsStream ? file.length() : 0;
        }
    }
}
