package io.firn.maintain;

import java.util.Collection;

import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.PropertyUtil;

/**
 * What reading all of something costs, in bytes: what is read, and for each file that is opened as much as could be read
 * meanwhile; a file some of whose rows are gone takes a fifth longer (docs/maintenance.md).
 *
 * @param files data files
 * @param bytes their size
 * @param deleteFiles delete files and deletion vectors, as often as data files need them
 * @param deleteBytes their size, counted alike
 * @param total the whole
 */
public record ScanCost(long files, long bytes, long deleteFiles, long deleteBytes, long total) {
    private static final double PASSING_OVER = 0.2;

    static final ScanCost NONE = new ScanCost(0, 0, 0, 0, 0);

    static ScanCost of(Collection<FileFacts> files, long open) {
        ScanCost read = of(
                files.size(),
                files.stream().mapToLong(FileFacts::bytes).sum(),
                files.stream().mapToLong(FileFacts::deleteFiles).sum(),
                files.stream().mapToLong(FileFacts::deleteBytes).sum(),
                open);
        double slower = files.stream()
                .filter(file -> file.deleteFiles() > 0)
                .mapToDouble(file -> file.bytes() * PASSING_OVER)
                .sum();
        return new ScanCost(
                read.files, read.bytes, read.deleteFiles, read.deleteBytes, read.total + Math.round(slower));
    }

    /** @param open what to open a file costs */
    static ScanCost of(long files, long bytes, long deleteFiles, long deleteBytes, long open) {
        return new ScanCost(files, bytes, deleteFiles, deleteBytes, bytes + deleteBytes + open * (files + deleteFiles));
    }

    /** What to open a file costs, as the table says: as long as 4 MiB take to read where it says nothing. */
    static long open(Table table) {
        return PropertyUtil.propertyAsLong(
                table.properties(), TableProperties.SPLIT_OPEN_FILE_COST, TableProperties.SPLIT_OPEN_FILE_COST_DEFAULT);
    }

    ScanCost plus(ScanCost other) {
        return new ScanCost(
                files + other.files,
                bytes + other.bytes,
                deleteFiles + other.deleteFiles,
                deleteBytes + other.deleteBytes,
                total + other.total);
    }

    ScanCost minus(ScanCost other) {
        return new ScanCost(
                files - other.files,
                bytes - other.bytes,
                deleteFiles - other.deleteFiles,
                deleteBytes - other.deleteBytes,
                total - other.total);
    }
}
