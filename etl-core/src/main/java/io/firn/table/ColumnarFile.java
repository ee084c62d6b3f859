package io.firn.table;

import java.io.IOException;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.io.OutputFile;
import org.apache.spark.sql.catalyst.InternalRow;

import io.firn.parquet.FileFacts;
import io.firn.parquet.FileLayout;
import io.firn.parquet.ParquetFile;
import io.firn.parquet.Scratch;

/** Written column by column, several times as fast as by Iceberg's own writer. */
final class ColumnarFile implements OpenFile {
    private final ParquetFile file;
    private final String location;
    private final PartitionSpec spec;
    private final PartitionKey partition;
    private final FileMetrics metrics;

    ColumnarFile(
            FileLayout layout,
            OutputFile output,
            PartitionSpec spec,
            PartitionKey partition,
            FileMetrics metrics,
            Scratch scratch) {
        this.file = new ParquetFile(layout, new ParquetOutput(output), scratch);
        this.location = output.location();
        this.spec = spec;
        this.partition = partition;
        this.metrics = metrics;
    }

    @Override
    public void write(InternalRow row) {
        file.write(row);
    }

    @Override
    public long rows() {
        return file.rows();
    }

    @Override
    public long length() {
        return file.length();
    }

    @Override
    public long held() {
        return file.held();
    }

    @Override
    public boolean holdsStream() {
        return file.isBegun();
    }

    @Override
    public DataFile close() throws IOException {
        FileFacts facts = file.close();
        return DataFiles.builder(spec)
                .withPath(location)
                .withFormat(FileFormat.PARQUET)
                .withPartition(partition)
                .withFileSizeInBytes(facts.length())
                .withMetrics(metrics.of(facts))
                .withSplitOffsets(facts.rowGroups())
                .build();
    }

    @Override
    public void discard() throws IOException {
        file.discard();
    }

    @Override
    public String location() {
        return location;
    }
}
