package io.firn.table;

import java.io.Serializable;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A source file as it was when its rows were read.
 *
 * @param path its full path
 * @param etag the object store's tag of its content; null where there is none
 * @param modified when it was last changed, milliseconds since 1970
 * @param size its bytes as stored
 * @param rows the rows it gave the table
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SourceFile(String path, String etag, long modified, long size, long rows) implements Serializable {

    /** Whether both are the same content, as far as the file system tells. */
    public boolean sameContent(SourceFile other) {
        if (!path.equals(other.path) || size != other.size) {
            return false;
        }
        boolean tagged = etag != null && other.etag != null;
        return tagged ? etag.equals(other.etag) : modified == other.modified;
    }

    /** The same file giving {@code rows} rows. */
    public SourceFile withRows(long rows) {
        return new SourceFile(path, etag, modified, size, rows);
    }

    String identity() {
        return path + '\n' + (etag == null ? Long.toString(modified) : etag) + '\n' + size;
    }
}
