package io.firn.table;

import java.io.Serializable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long a table keeps what it was and what it holds.
 *
 * @param snapshots how long a state stays readable once a newer one took its place, 5d; null: as Iceberg says, five days
 * @param minSnapshots how many stay whatever their age; null: one
 * @param days how long the tag stays that pins what the table held once a day was loaded; null: 7d
 * @param data how old rows get, by the table's partitioning by time, in whole partitions: 5y; null: they stay
 */
public record Retention(Duration snapshots, Integer minSnapshots, Duration days, Duration data)
        implements Serializable {
    /** Holds {@link #data} in milliseconds. */
    public static final String DATA = "firn.retention.data-ms";

    /** Holds {@link #days} in milliseconds. */
    static final String DAYS = "firn.retention.days-ms";

    static final String AGE = "history.expire.max-snapshot-age-ms";
    static final String LEAST = "history.expire.min-snapshots-to-keep";

    /** The properties that say so: Iceberg's own for snapshots, which every tool that expires them follows. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        if (snapshots != null) {
            properties.put(AGE, Long.toString(snapshots.toMillis()));
        }
        if (minSnapshots != null) {
            properties.put(LEAST, minSnapshots.toString());
        }
        if (days != null) {
            properties.put(DAYS, Long.toString(days.toMillis()));
        }
        if (data != null) {
            properties.put(DATA, Long.toString(data.toMillis()));
        }
        return properties;
    }
}
