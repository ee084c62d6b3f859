package io.firn.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local disk under another scheme; {@code growing.jsonl} gains its second line when it is first opened, and
 * {@code moving.jsonl.tmp} then loses its ending.
 */
public final class GrowingFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "growing";

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
        if (path.getName().equals("growing.jsonl")) {
            grow(java.nio.file.Path.of(path.toUri().getPath()));
        }
        FSDataInputStream opened = super.open(path, bufferSize);
        if (path.getName().equals("moving.jsonl.tmp")) {
            java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
            Files.move(file, file.resolveSibling("moving.jsonl"));
        }
        return opened;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        return plain(super.getFileStatus(path));
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        return Stream.of(super.listStatus(folder)).map(GrowingFileSystem::plain).toArray(FileStatus[]::new);
    }

    /** Without the permissions, which the local disk looks up by its own scheme. */
    private static FileStatus plain(FileStatus status) {
        return new FileStatus(
                status.getLen(), status.isDirectory(), 1, 1, status.getModificationTime(), status.getPath());
    }

    private static synchronized void grow(java.nio.file.Path file) {
        try {
            if (Files.readAllLines(file).size() == 1) {
                Files.writeString(file, Shop.sale(2) + "\n", StandardOpenOption.APPEND);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
