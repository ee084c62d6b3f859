package io.firn.table;

import java.time.Duration;
import java.util.Optional;

import org.apache.iceberg.Table;

/** When a file of a table that nothing names is taken for an orphan. */
public final class Orphans {
    /** The table property that says how old such a file gets, in milliseconds. */
    public static final String OLDER_THAN = "firn.orphans.older-than-ms";

    private Orphans() {}

    /** What the table says; throws {@link TableException} when that is no number. */
    public static Optional<Duration> olderThan(Table table) {
        String millis = table.properties().get(OLDER_THAN);
        if (millis == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofMillis(Long.parseLong(millis.strip())));
        } catch (NumberFormatException e) {
            throw new TableException(
                    "Table " + table.name() + ": property " + OLDER_THAN
                            + " is not a number of milliseconds. Nothing was removed; set orphans.older-than in the table's"
                            + " definition and apply it, or unset the property.",
                    e);
        }
    }
}
