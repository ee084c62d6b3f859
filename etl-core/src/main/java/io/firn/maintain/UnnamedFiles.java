package io.firn.maintain;

import java.util.HashSet;
import java.util.Set;

import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.MetadataTableType;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.spark.SparkTableUtil;
import org.apache.iceberg.util.LocationUtil;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

import io.firn.maintain.ErasureFigures.Unnamed;

/** Counts files below a table's location that its metadata does not name; it removes none. */
final class UnnamedFiles {
    private UnnamedFiles() {}

    static Unnamed of(SparkSession spark, Table table) {
        if (!(table.io() instanceof SupportsPrefixOperations storage)) {
            return new Unnamed(0, 0, false);
        }
        Set<String> named = new HashSet<>();
        SparkTableUtil.loadMetadataTable(spark, table, MetadataTableType.ALL_FILES)
                .select(functions.col("file_path"))
                .distinct()
                .collectAsList()
                .forEach(row -> named.add(path(row.getString(0))));
        for (Snapshot snapshot : table.snapshots()) {
            snapshot.allManifests(table.io()).stream().map(ManifestFile::path).forEach(path -> named.add(path(path)));
        }
        ReachableFileUtil.manifestListLocations(table).forEach(path -> named.add(path(path)));
        ReachableFileUtil.metadataFileLocations(table, false).forEach(path -> named.add(path(path)));
        ReachableFileUtil.statisticsFilesLocations(table).forEach(path -> named.add(path(path)));
        named.add(path(((BaseTable) table).operations().current().metadataFileLocation()));
        named.add(path(ReachableFileUtil.versionHintLocation(table)));
        int files = 0;
        long bytes = 0;
        for (FileInfo file : storage.listPrefix(LocationUtil.stripTrailingSlash(table.location()) + "/")) {
            if (!named.contains(path(file.location()))) {
                files++;
                bytes += file.size();
            }
        }
        return new Unnamed(files, bytes, true);
    }

    /** Without scheme and authority: storages name a file in more than one way. */
    private static String path(String location) {
        return location.replaceFirst("^[A-Za-z0-9+.-]+:(//[^/]*)?", "");
    }
}
