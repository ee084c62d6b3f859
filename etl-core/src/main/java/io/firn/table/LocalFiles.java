package io.firn.table;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * The local disk without what Hadoop adds to every file: a forked {@code chmod} and a {@code .crc} beside it. Still a
 * {@link LocalFileSystem}, since Hadoop casts to that.
 */
public final class LocalFiles extends LocalFileSystem {
    /** Hadoop's cache of file systems does not look at settings: whoever comes first would decide for all. */
    static final Map<String, String> SETTINGS =
            Map.of("fs.file.impl", LocalFiles.class.getName(), "fs.file.impl.disable.cache", "true");

    /** For Hadoop, which makes file systems by reflection. */
    public LocalFiles() {
        super(new WithoutChmod());
    }

    @Override
    public void initialize(URI name, Configuration conf) throws IOException {
        super.initialize(name, conf);
        setWriteChecksum(false);
        setVerifyChecksum(false);
    }

    private static final class WithoutChmod extends RawLocalFileSystem {
        @Override
        public void setPermission(Path path, FsPermission permission) {
            // The process's umask stands.
        }
    }
}
