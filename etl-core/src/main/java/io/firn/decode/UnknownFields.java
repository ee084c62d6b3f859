package io.firn.decode;

/** What happens to keys that no column names. All ways count them. */
public enum UnknownFields {
    /** They are counted, nothing else. */
    REPORT,
    /** They are stored, path to JSON value, in one JSON column after the declared ones. */
    KEEP,
    /** A line that has one is rejected. */
    FAIL,
    /** {@link LineDecoder#hasUnplaced} tells of a line that has one, unless it is null or empty. */
    EVOLVE
}
