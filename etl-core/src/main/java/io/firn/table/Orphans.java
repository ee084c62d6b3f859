package io.firn.table;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;

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

    Map<String, String> properties() {
        return olderThan == null ? Map.of() : Map.of(OLDER_THAN, Long.toString(olderThan.toMillis()));
    }
}
