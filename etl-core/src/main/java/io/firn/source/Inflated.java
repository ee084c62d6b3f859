package io.firn.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Tells a damaged file from a failing disk or network: only the first is quarantined, the second fails the task. */
final class Inflated extends FilterInputStream {
    private final String path;

    private Inflated(InputStream in, String path) {
        super(in);
        this.path = path;
    }

    static InputStream open(InputStream raw, String path) throws IOException {
        try {
            return new Inflated(Compression.inflate(new Raw(raw)), path);
        } catch (IOException e) {
            throw new DamagedFileException(path, e);
        }
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (IOException e) {
            throw new DamagedFileException(path, e);
        }
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        try {
            return super.read(b, off, len);
        } catch (IOException e) {
            throw new DamagedFileException(path, e);
        }
    }

    /** What the storage throws passes through the inflater as another type. */
    private static final class Raw extends FilterInputStream {
        Raw(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            try {
                return super.read(b, off, len);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
