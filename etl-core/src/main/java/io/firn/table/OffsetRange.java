package io.firn.table;

/** The offsets of a partition from {@code from} to before {@code to}. */
public record OffsetRange(long from, long to) {
    public OffsetRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("offsets [" + from + ", " + to + ") are no range");
        }
    }
}
