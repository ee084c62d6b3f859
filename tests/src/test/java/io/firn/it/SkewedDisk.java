package io.firn.it;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/** The local disk as a store of its own: its clock may differ from this machine's, and others act while it is used. */
public final class SkewedDisk extends RawLocalFileSystem {
    static final String SCHEME = "disk";

    private static volatile Duration skew = Duration.ZERO;
    private static volatile Rival rival = (moment, path) -> {};

    /** Somebody else. */
    interface Rival {
        /** Is called after something was listed, and before a file is made: {@code list}, {@code create}. */
        void at(String moment, Path path) throws IOException;
    }

    static void set(Duration clock, Rival other) {
        skew = clock;
        rival = other;
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public void setPermission(Path path, FsPermission permission) {
        // It would fork a process for every file.
    }

    @Override
    public FSDataOutputStream create(Path path, boolean overwrite) throws IOException {
        rival.at("create", path);
        return super.create(path, overwrite);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        FileStatus status = super.getFileStatus(path);
        return new FileStatus(
                status.getLen(),
                status.isDirectory(),
                1,
                1,
                status.getModificationTime() + skew.toMillis(),
                status.getPath());
    }

    @Override
    public FileStatus[] listStatus(Path folder) throws IOException {
        FileStatus[] found = super.listStatus(folder); // Which asks this class for the status of each.
        rival.at("list", folder);
        return found;
    }
}
