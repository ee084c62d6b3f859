package io.firn.load;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The lines of an {@link AsideFile} in order; each holds until the next. */
public final class AsideLines implements AutoCloseable {
    private final AsideFile aside;
    private final DataInputStream in;
    private int event;
    private int file;
    private long offset;
    private long number;
    private int length;
    private byte[] bytes = new byte[1 << 12];

    public AsideLines(AsideFile aside, Configuration conf) throws IOException {
        this.aside = aside;
        Path path = new Path(aside.path());
        in = new DataInputStream(AsideWriter.codec()
                .compressedInputStream(path.getFileSystem(conf).open(path)));
    }

    /** Reads the next line; false: there is none. */
    public boolean next() throws IOException {
        try {
            event = in.readInt();
        } catch (EOFException e) {
            return false;
        }
        file = in.readInt();
        offset = in.readLong();
        number = in.readLong();
        length = in.readInt();
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, Math.min(bytes.length, Integer.MAX_VALUE / 4) * 2)];
        }
        in.readFully(bytes, 0, length);
        return true;
    }

    /** The index of the line's event in the plan. */
    public int event() {
        return event;
    }

    int fileIndex() {
        return file;
    }

    /** The source file. */
    public String file() {
        return aside.files().get(file);
    }

    /** Where the line begins in its file, in bytes. */
    public long offset() {
        return offset;
    }

    /** Counted from 1; 0: not known. */
    public long number() {
        return number;
    }

    /** The line is the first {@link #length} bytes. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
