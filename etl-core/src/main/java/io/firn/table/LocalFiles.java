package io.firn.table;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local disk without what Hadoop adds to every file: a forked {@code chmod} or {@code ls}, and a {@code .crc} beside
 * it. Still a {@link LocalFileSystem}, since Hadoop casts to that.
 */
public final class LocalFiles extends LocalFileSystem {
    /** Hadoop's cache of file systems does not look at settings: whoever comes first would decide for all. */
    public static final Map<String, String> SETTINGS =
            Map.of("fs.file.impl", LocalFiles.class.getName(), "fs.file.impl.disable.cache", "true");

    /** For Hadoop, which makes file systems by reflection. */
    public LocalFiles() {
        super(new WithoutForks());
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        setWriteChecksum(false);
        setVerifyChecksum(false);
    }

    private static final class WithoutForks extends RawLocalFileSystem {
        @Override
        public void setPermission(Path path, FsPermission permission) {
            // The process's umask stands.
        }

        /** Permissions are not looked up: a recursive listing asks for those of every file, and each is an {@code ls}. */
        @Override
        public FileStatus getFileStatus(Path path) throws IOException {
            FileStatus found = super.getFileStatus(path);
            FsPermission unknown = found.isDirectory() ? FsPermission.getDirDefault() : FsPermission.getFileDefault();
            return new FileStatus(
                    found.getLen(),
                    found.isDirectory(),
                    found.getReplication(),
                    found.getBlockSize(),
                    found.getModificationTime(),
                    found.getAccessTime(),
                    unknown,
                    "",
                    "",
                    found.getPath());
        }
    }
}
