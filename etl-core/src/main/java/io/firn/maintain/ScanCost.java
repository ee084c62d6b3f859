package io.firn.maintain;

import java.util.Collection;

/**
 * What reading all of something costs, in bytes: what is read, and for each file that is opened as much as could be read
 * meanwhile (Iceberg's read.split.open-file-cost).
 *
 * @param files data files
 * @param bytes their size
 * @param deleteFiles delete files and deletion vectors, as often as data files need them
 * @param deleteBytes their size, counted alike
 */
public record ScanCost(long files, long bytes, long deleteFiles, long deleteBytes) {
    /** Iceberg's own estimate: on an object store some ten milliseconds. */
    static final long OPEN = 4L * 1024 * 1024;

    static final ScanCost NONE = new ScanCost(0, 0, 0, 0);

    static ScanCost of(Collection<FileFacts> files) {
        return new ScanCost(
                files.size(),
                files.stream().mapToLong(FileFacts::bytes).sum(),
                files.stream().mapToLong(FileFacts::deleteFiles).sum(),
                files.stream().mapToLong(FileFacts::deleteBytes).sum());
    }

    /** The whole in bytes. */
    public long total() {
        return bytes + deleteBytes + OPEN * (files + deleteFiles);
    }

    ScanCost plus(ScanCost other) {
        return new ScanCost(
                files + other.files,
                bytes + other.bytes,
                deleteFiles + other.deleteFiles,
                deleteBytes + other.deleteBytes);
    }

    ScanCost minus(ScanCost other) {
        return new ScanCost(
                files - other.files,
                bytes - other.bytes,
                deleteFiles - other.deleteFiles,
                deleteBytes - other.deleteBytes);
    }
}
