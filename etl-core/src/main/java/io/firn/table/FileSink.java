package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * Writes one task's rows of one table into Parquet files, one open file per partition. Rows may be reused by the caller
 * after {@link #write}. For one thread; ends with {@link #finish} or {@link #abort}.
 */
public final class FileSink {
    /** Asking a writer for its length costs about as much as writing a few rows. */
    private static final int ROWS_BETWEEN_CHECKS = 1000;

    private final WriteTarget target;
    private final Table table;
    private final OutputFileFactory files;
    private final MetricsConfig metrics;
    private final WriterBudget budget;
    private final long targetFileBytes;
    private final long rowGroupBytes;
    private final PartitionSource source;
    private final PartitionKey key;
    private final Map<PartitionKey, OpenFile> open = new HashMap<>();
    private final List<StagedFile> closed = new ArrayList<>();
    private OpenFile last;

    FileSink(WriteTarget target, int partition, long task, String attempt, WriterBudget budget) {
        this.target = target;
        this.table = target.table();
        this.budget = budget;
        this.files = OutputFileFactory.builderFor(table, partition, task)
                .operationId(attempt)
                .format(FileFormat.PARQUET)
                .build();
        this.metrics = MetricsConfig.forTable(table);
        Map<String, String> properties = target.properties();
        this.targetFileBytes =
                PropertyUtil.propertyAsLong(properties, "write.target-file-size-bytes", 512L * 1024 * 1024);
        this.rowGroupBytes =
                PropertyUtil.propertyAsLong(properties, "write.parquet.row-group-size-bytes", 128L * 1024 * 1024);
        this.source = new PartitionSource(target.schema().asStruct());
        this.key = new PartitionKey(table.spec(), target.schema());
        budget.join(this);
    }

    /** Writes a row of {@link WriteTarget#rowType}. */
    public void write(InternalRow row) {
        OpenFile file = fileFor(row);
        file.writer.write(row);
        if (++file.rows % ROWS_BETWEEN_CHECKS == 0) {
            long length = file.writer.length();
            if (length >= targetFileBytes) {
                close(file);
            } else {
                // An upper bound of what the writer holds in memory.
                long held = Math.min(length, rowGroupBytes);
                long grown = held - file.held;
                file.held = held;
                budget.grew(grown);
            }
        }
    }

    /** Closes what is open and returns every file written. */
    public List<StagedFile> finish() {
        for (OpenFile file : List.copyOf(open.values())) {
            close(file);
        }
        budget.leave(this);
        return List.copyOf(closed);
    }

    /** Deletes what was written, as far as that is possible. */
    public void abort() {
        budget.leave(this);
        for (OpenFile file : open.values()) {
            try {
                file.writer.close();
            } catch (IOException | RuntimeException e) {
                Discard.LOG.debug("closing a discarded file failed", e);
            }
            Discard.file(table, file.location);
        }
        open.clear();
        closed.forEach(file -> Discard.file(table, file.path()));
        closed.clear();
    }

    int openWriters() {
        return open.size();
    }

    /** What the open writers are known to hold in memory. */
    long bufferedBytes() {
        return open.values().stream().mapToLong(file -> file.held).sum();
    }

    long largestBytes() {
        OpenFile largest = largest();
        return largest == null ? 0 : largest.writer.length();
    }

    void closeLargest() {
        OpenFile largest = largest();
        if (largest != null) {
            close(largest);
        }
    }

    private OpenFile largest() {
        OpenFile largest = null;
        for (OpenFile file : open.values()) {
            if (largest == null || file.writer.length() > largest.writer.length()) {
                largest = file;
            }
        }
        return largest;
    }

    private OpenFile fileFor(InternalRow row) {
        key.partition(source.wrap(row));
        if (last != null && last.partition.equals(key)) {
            return last;
        }
        OpenFile file = open.get(key);
        if (file == null) {
            budget.beforeOpening();
            file = open(key.copy());
            open.put(file.partition, file);
        }
        last = file;
        return file;
    }

    private OpenFile open(PartitionKey partition) {
        EncryptedOutputFile output = files.newOutputFile(table.spec(), partition);
        try {
            DataWriter<InternalRow> writer = FormatModelRegistry.<InternalRow, StructType>dataWriteBuilder(
                            FileFormat.PARQUET, InternalRow.class, output)
                    .schema(target.schema())
                    .engineSchema(target.rowType())
                    .setAll(target.properties())
                    .metricsConfig(metrics)
                    .spec(table.spec())
                    .partition(partition)
                    .keyMetadata(output.keyMetadata())
                    .build();
            return new OpenFile(partition, writer, output.encryptingOutputFile().location());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void close(OpenFile file) {
        if (file == last) {
            last = null;
        }
        budget.shrank(file.held);
        try {
            file.writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open.remove(file.partition);
        closed.add(new StagedFile(file.writer.toDataFile()));
    }

    private static final class OpenFile {
        private final PartitionKey partition;
        private final DataWriter<InternalRow> writer;
        private final String location;
        private long rows;
        private long held;

        OpenFile(PartitionKey partition, DataWriter<InternalRow> writer, String location) {
            this.partition = partition;
            this.writer = writer;
            this.location = location;
        }
    }
}
