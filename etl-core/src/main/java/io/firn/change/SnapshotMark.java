package io.firn.change;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where PostgreSQL's log stood when a snapshot read a table. Changes are sent when their transaction commits, with the
 * place where they were written: that of a transaction which was open meanwhile lies before the snapshot. What follows
 * a snapshot's rows in a partition is newer than they are all the same.
 *
 * @param at the place of the snapshot's rows, before any of their records
 * @param from the offset of the first of them in each partition
 */
public record SnapshotMark(Position at, SortedMap<Integer, Long> from) implements Serializable {
    public SnapshotMark {
        from = Collections.unmodifiableSortedMap(new TreeMap<>(from));
    }

    /** The mark that a change makes after those of {@code before}, which may be null. */
    public static SnapshotMark of(SnapshotMark before, Change change) {
        Position row = change.position();
        boolean marks =
                switch (change.snapshot()) {
                    case FALSE, INCREMENTAL -> false;
                    default -> row.inOneLog();
                };
        if (!marks || (before != null && before.at.samePlace(row) && before.from.containsKey(row.partition()))) {
            return before;
        }
        SortedMap<Integer, Long> first = new TreeMap<>();
        first.put(row.partition(), row.offset());
        return later(before, new SnapshotMark(new Position(row.epoch(), 0, row.log(), 0, 0, 0), first));
    }

    /** The mark of the later of two snapshots; of one that is told twice, all its partitions. Either may be null. */
    public static SnapshotMark later(SnapshotMark one, SnapshotMark other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        int order = one.at.compareTo(other.at);
        if (order != 0) {
            return order > 0 ? one : other;
        }
        SortedMap<Integer, Long> first = new TreeMap<>(one.from);
        other.from.forEach((partition, offset) -> first.merge(partition, offset, Math::min));
        return new SnapshotMark(one.at, first);
    }

    /** Where a change counts that is sent as being at {@code sent}. */
    Position after(Position sent) {
        boolean older = sent.inOneLog() && sent.epoch() == at.epoch() && Long.compareUnsigned(sent.log(), at.log()) < 0;
        return older && from.getOrDefault(sent.partition(), Long.MAX_VALUE) < sent.offset()
                ? sent.countedAt(at.log())
                : sent;
    }
}
