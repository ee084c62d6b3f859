package io.firn.load;

import java.io.Serializable;

/**
 * The first row of a snapshot in a partition.
 *
 * @param at where the log stood for the snapshot
 * @param time when the table was read, in microseconds since 1970; null: not told
 * @param row its record
 * @param whole whether it is known to be a snapshot of the whole table
 * @param after the highest place among the changes before it in its batch; null: there are none
 * @param latest the time of the latest of them; null: there are none, or they do not tell
 */
public record SnapshotStart(LogPlace at, Long time, TopicPlace row, boolean whole, LogPlace after, Long latest)
        implements Serializable {

    SnapshotStart joined(LogPlace highest, Long time) {
        return new SnapshotStart(
                at, this.time, row, whole, LogPlace.later(highest, after), LogTrail.later(time, latest));
    }

    SnapshotStart ofWholeTable() {
        return new SnapshotStart(at, time, row, true, after, latest);
    }
}
