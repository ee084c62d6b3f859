package io.firn.change;

import java.util.BitSet;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * A change of one row.
 *
 * @param key the values of the key columns, as catalyst holds them; empty where the table has no key, and for truncate
 * @param row the table's columns and the caller's slots; null when the operation leaves no row. Holds until the decoder
 *     reads its next record: {@link #copy} makes it last
 * @param unavailable the columns, by position, that the source did not send: their value is what it was before
 * @param sourceTime when the source changed the row, in microseconds since 1970; null when the message does not say
 * @param log the base name of the source's log, {@code binlog} of binlog.000007; null for PostgreSQL
 * @param moved whether this deletes a row that goes on under another key, as the connector's header says
 * @param origin for a row that took another key, as long as not all its columns are known: the {@link Position#place}
 *     where it did, and where its former key was deleted; else null
 */
public record Change(
        Operation operation,
        Key key,
        InternalRow row,
        BitSet unavailable,
        Position position,
        Long sourceTime,
        Snapshot snapshot,
        String log,
        boolean moved,
        String origin)
        implements Message {

    /** A change of a row that keeps its key. */
    public Change(
            Operation operation,
            Key key,
            InternalRow row,
            BitSet unavailable,
            Position position,
            Long sourceTime,
            Snapshot snapshot,
            String log) {
        this(operation, key, row, unavailable, position, sourceTime, snapshot, log, false, null);
    }

    /** The same change, counted where it is after the rows of snapshots before it. */
    public Change after(Iterable<SnapshotMark> marks) {
        Position at = position;
        for (SnapshotMark mark : marks) {
            at = mark.after(at);
        }
        return at.equals(position)
                ? this
                : new Change(
                        operation,
                        key,
                        row,
                        unavailable,
                        at,
                        sourceTime,
                        snapshot,
                        log,
                        moved,
                        origin == null ? null : at.place());
    }

    /** The same change, whose values last. */
    public Change copy() {
        return new Change(
                operation,
                key.copy(),
                row == null ? null : row.copy(),
                (BitSet) unavailable.clone(),
                position,
                sourceTime,
                snapshot,
                log,
                moved,
                origin);
    }
}
