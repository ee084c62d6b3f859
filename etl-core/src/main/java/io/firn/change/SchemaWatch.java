package io.firn.change;

import java.io.Serializable;
import java.util.Set;

/**
 * What of a source's schema a reader of changes tells, besides types that a column cannot hold.
 *
 * @param follows the table follows its source: types that hold more, and columns that may be null
 * @param fields fields that no column takes, and columns whose field is gone
 * @param ignored fields that no column takes, and that are not told
 * @param gone columns whose field is gone, which is not told again
 * @param alternates columns that take the values of another one since their type changed
 */
public record SchemaWatch(
        boolean follows, boolean fields, Set<String> ignored, Set<String> gone, Set<String> alternates)
        implements Serializable {
    /** Columns are named by hand: only types matter. */
    public static final SchemaWatch TYPES = new SchemaWatch(false, false, Set.of(), Set.of(), Set.of());
}
