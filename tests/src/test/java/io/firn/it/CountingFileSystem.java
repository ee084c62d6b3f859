package io.firn.it;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local disk under another scheme, which tells how many bytes of its files were opened to be read. */
public final class CountingFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "counting";
    static final AtomicLong OPENED = new AtomicLong();

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        OPENED.addAndGet(getFileStatus(path).getLen());
        return super.open(path, bufferSize);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return plain(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        return Stream.of(super.listStatus(folder))
                .map(CountingFileSystem::plain)
                .toArray(FileStatus[]::new);
    }

    /** Without the permissions, which the local disk looks up by its own scheme. */
    private static FileStatus plain(FileStatus status) {
        return new FileStatus(
                status.getLen(), status.isDirectory(), 1, 1, status.getModificationTime(), status.getPath());
    }
}
