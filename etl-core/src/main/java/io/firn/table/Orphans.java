package io.firn.table;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

import org.apache.iceberg.Table;

/**
 * What becomes of files in a table's folder that the table does not know.
 *
 * @param olderThan the age at which they are removed, 3d or more: a younger one may belong to a run that is still writing
 */
public record Orphans(Duration olderThan) implements Serializable {
    /** Holds {@link #olderThan} in milliseconds. */
    public static final String OLDER_THAN = "firn.orphans.older-than-ms";

    /** The least age, and the one of a table that says nothing. */
    public static final Duration FLOOR = Duration.ofDays(3);

    /** The age at which a table's orphans are removed; throws {@link TableException} when its property is no number. */
    public static Duration age(Table table) {
        String millis = table.properties().get(OLDER_THAN);
        if (millis == null) {
            return FLOOR;
        }
        try {
            return Duration.ofMillis(Long.parseLong(millis.strip()));
        } catch (NumberFormatException e) {
            throw new TableException(
                    "Table " + table.name() + ": property " + OLDER_THAN
                            + " is not a number of milliseconds. Nothing was removed; set orphans.older-than in the table's"
                            + " definition and apply it, or unset the property.",
                    e);
        }
    }

    Map<String, String> properties() {
        return olderThan == null ? Map.of() : Map.of(OLDER_THAN, Long.toString(olderThan.toMillis()));
    }
}
