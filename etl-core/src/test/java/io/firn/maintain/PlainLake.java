package io.firn.maintain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.CatalogDefinition;
import io.firn.table.ChangeOrigin;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.TableDefinition;
import io.firn.table.TableName;

/** A catalog on the local disk, with tables whose data files are made up. Files named {@code stuck} cannot be deleted. */
final class PlainLake implements AutoCloseable {
    final Path home;
    final LakeCatalog catalog;

    PlainLake(Path home) {
        this.home = home;
        Configuration hadoop = new Configuration();
        hadoop.set("fs.stuck.impl", Stuck.class.getName());
        CatalogDefinition definition = new CatalogDefinition(
                null, "jdbc:sqlite:" + home.resolve("catalog.db"), "stuck:" + home.resolve("wh"), null, null, Map.of());
        catalog = LakeCatalog.open("lake", definition, hadoop);
    }

    LakeTable table(String name) {
        return table(name, null, Map.of());
    }

    LakeTable table(String name, String location, Map<String, String> properties) {
        TableDefinition definition = new TableDefinition(
                TableName.parse("lake.shop." + name), location, List.of(), null, null, properties, null, null, null);
        return catalog.ensure(
                definition,
                List.of(new Column("id", Scalar.LONG, null, null, false, null)),
                new ChangeOrigin("run", "pipeline", "pipeline.yaml"));
    }

    Path folder(LakeTable table) {
        return Path.of(table.location().replaceFirst("^stuck:/*", "/"));
    }

    /** A file under a table's location. */
    Path file(LakeTable table, String name, Duration age) {
        return file(folder(table).resolve(name), age);
    }

    static Path file(Path file, Duration age) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[10]);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void append(LakeTable table, Path... files) {
        AppendFiles append = table.table().newAppend();
        for (Path file : files) {
            append.appendFile(data(file));
        }
        append.commit();
    }

    static DataFile data(Path file) {
        return DataFiles.builder(PartitionSpec.unpartitioned())
                .withPath("stuck:" + file)
                .withFormat("parquet")
                .withFileSizeInBytes(10)
                .withRecordCount(1)
                .build();
    }

    @Override
    public void close() {
        catalog.close();
    }

    /** For Hadoop. */
    public static final class Stuck extends RawLocalFileSystem {
        @Override
        public String getScheme() {
            return "stuck";
        }

        @Override
        public URI getUri() {
            return URI.create("stuck:///");
        }

        /** Without the permissions, which the local disk looks up by its own scheme. */
        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            FileStatus status = super.getFileStatus(path);
            return new FileStatus(
                    status.getLen(), status.isDirectory(), 1, 1, status.getModificationTime(), status.getPath());
        }

        @Override
        public boolean delete(org.apache.hadoop.fs.Path path, boolean recursive) throws IOException {
            if (path.getName().contains("stuck")) {
                throw new IOException("access denied");
            }
            return super.delete(path, recursive);
        }
    }
}
