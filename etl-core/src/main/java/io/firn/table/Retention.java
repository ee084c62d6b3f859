package io.firn.table;

import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a table keeps what it was: snapshots that nobody asks for any more go when they are expired.
 *
 * @param snapshots how old they get, 5d; null: as Iceberg says, five days
 * @param minSnapshots how many stay whatever their age; null: one
 */
public record Retention(Duration snapshots, Integer minSnapshots) implements Serializable {
    static final String AGE = "history.expire.max-snapshot-age-ms";
    static final String LEAST = "history.expire.min-snapshots-to-keep";

    /** The properties of Iceberg that say so, which every tool that expires snapshots follows. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        if (snapshots != null) {
            properties.put(AGE, Long.toString(snapshots.toMillis()));
        }
        if (minSnapshots != null) {
            properties.put(LEAST, minSnapshots.toString());
        }
        return properties;
    }
}
