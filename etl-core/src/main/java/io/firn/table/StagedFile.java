package io.firn.table;

import java.io.Serializable;

import org.apache.iceberg.DataFile;

/** A data file that is written and belongs to no snapshot yet. */
public final class StagedFile implements Serializable {
    private final DataFile file;

    StagedFile(DataFile file) {
        this.file = file;
    }

    public long rows() {
        return file.recordCount();
    }

    public long bytes() {
        return file.fileSizeInBytes();
    }

    public String path() {
        return file.location();
    }

    DataFile file() {
        return file;
    }
}
