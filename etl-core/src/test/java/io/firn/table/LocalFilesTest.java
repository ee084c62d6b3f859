package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
    @TempDir
    private Path folder;

    @Test
    void listingAsksForNoPermissions() throws Exception {
        Path file = Files.writeString(Files.createDirectory(folder.resolve("a")).resolve("b.json"), "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        try (LocalFiles files = new LocalFiles()) {
            files.initialize(URI.create("file:///"), new Configuration());

            RemoteIterator<LocatedFileStatus> all =
                    files.listFiles(new org.apache.hadoop.fs.Path(folder.toString()), true);

            LocatedFileStatus found = all.next();
            assertThat(found.getPath().toUri().getPath()).isEqualTo(file.toString());
            assertThat(found.getLen()).isEqualTo(2);
            assertThat(found.getModificationTime())
                    .isEqualTo(Files.getLastModifiedTime(file).toMillis());
            assertThat(found.getPermission()).as("to look them up is to fork").isEqualTo(FsPermission.getFileDefault());
            assertThat(all.hasNext()).isFalse();
        }
    }
}
