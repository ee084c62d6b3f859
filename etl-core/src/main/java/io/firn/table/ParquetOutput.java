package io.firn.table;

import java.io.IOException;

import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A place of Iceberg's as Parquet writes to one. */
record ParquetOutput(org.apache.iceberg.io.OutputFile file) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
        return new Stream(file.create());
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
        return new Stream(file.createOrOverwrite());
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }

    @Override
    public String getPath() {
        return file.location();
    }

    /** Counts by itself: a closed stream may not tell its position any more. */
    private static final class Stream extends PositionOutputStream {
        private final org.apache.iceberg.io.PositionOutputStream out;
        private long position;

        Stream(org.apache.iceberg.io.PositionOutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            position++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
