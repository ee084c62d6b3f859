package io.firn.table;

import java.io.IOException;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.DataWriter;
import org.apache.spark.sql.catalyst.InternalRow;

/** Written by Iceberg's own writer, which knows all that a table may ask for. */
final class RowFile implements OpenFile {
    private static final int ROWS_BETWEEN_CHECKS = 1000;

    private final DataWriter<InternalRow> writer;
    private final String location;
    private final long rowGroupBytes;
    private long rows;
    private long held;

    RowFile(DataWriter<InternalRow> writer, String location, long rowGroupBytes) {
        this.writer = writer;
        this.location = location;
        this.rowGroupBytes = rowGroupBytes;
    }

    @Override
    public void write(InternalRow row) {
        writer.write(row);
        if (++rows % ROWS_BETWEEN_CHECKS == 0) {
            // An upper bound of what the writer holds in memory.
            held = Math.min(writer.length(), rowGroupBytes);
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long length() {
        return writer.length();
    }

    @Override
    public long held() {
        return held;
    }

    @Override
    public boolean holdsStream() {
        return true;
    }

    @Override
    public DataFile close() throws IOException {
        writer.close();
        return writer.toDataFile();
    }

    @Override
    public void discard() throws IOException {
        writer.close();
    }

    @Override
    public String location() {
        return location;
    }
}
