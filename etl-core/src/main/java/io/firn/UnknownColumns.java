package io.firn;

/** What happens to a key of a line that no column names. */
public enum UnknownColumns {
    /** Loaded without it; reported with a sample and a type. */
    REPORT,
    /** Kept, with all others, in one JSON column. */
    KEEP,
    /** The line is quarantined. */
    FAIL,
    /** Becomes a column of the table, or a field of a struct in it, and is filled in the same run; for dumps. */
    EVOLVE
}
