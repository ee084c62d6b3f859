package io.firn;

/** What happens to a key of a line that no column names. */
public enum UnknownColumns {
    /** Loaded without it; reported with a sample and a type. */
    REPORT,
    /** Kept, with all others, in one JSON column. */
    KEEP,
    /** The line is quarantined. */
    FAIL
}
