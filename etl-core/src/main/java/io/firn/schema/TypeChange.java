package io.firn.schema;

/** What happens when a source's values come to have a type that their column does not hold. */
public enum TypeChange {
    /** Nothing is loaded, and the run says what to write. */
    FAIL,
    /** Rows with such values are quarantined. */
    QUARANTINE,
    /** The values go into a column of their own, named by column and type, such as price_string. */
    NEW_COLUMN
}
