package io.firn.table;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What compaction makes of a table's files. Rows are put in the order of {@code sort-by} where the table has one.
 *
 * @param targetFileSize how large files become, which loads follow too; null: as Iceberg says, 512 MiB
 * @param zOrderBy columns whose values are brought together in place of a sort order, two or more; null: none
 */
public record Compaction(FileSize targetFileSize, List<String> zOrderBy) implements Serializable {
    /** Holds {@link #zOrderBy}, parted by commas. */
    public static final String Z_ORDER = "firn.compaction.z-order-by";

    static final String TARGET = "write.target-file-size-bytes";

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        if (targetFileSize != null) {
            properties.put(TARGET, Long.toString(targetFileSize.bytes()));
        }
        if (zOrderBy != null) {
            properties.put(Z_ORDER, String.join(",", zOrderBy));
        }
        return properties;
    }
}
