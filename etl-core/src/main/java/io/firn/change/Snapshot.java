package io.firn.change;

import java.util.Locale;

/** Where in a snapshot a change was read. */
public enum Snapshot {
    /** Not read by a snapshot, but from the log. */
    FALSE,
    TRUE,
    FIRST,
    FIRST_IN_DATA_COLLECTION,
    LAST_IN_DATA_COLLECTION,
    LAST,
    INCREMENTAL;

    /** The value of Debezium's source.snapshot; null when it is none. */
    static Snapshot of(String text) {
        for (Snapshot value : values()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        return null;
    }
}
