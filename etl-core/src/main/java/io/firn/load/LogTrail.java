package io.firn.load;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.firn.change.Change;
import io.firn.change.Snapshot;

/** The way of a partition's changes, in the order of their offsets, through the source's log. */
public final class LogTrail implements Serializable {
    private final String base;
    private final TopicPlace first;
    private TopicPlace renamed;
    private TopicPlace low;
    private LogPlace highest;
    private Long latest;
    private final List<SnapshotStart> snapshots = new ArrayList<>();

    /**
     * Begins with the first change.
     *
     * @param written when it was written to the topic, in milliseconds
     * @param enveloped whether its message always tells snapshots of whole tables from others
     */
    LogTrail(Change change, long written, boolean enveloped) {
        base = base(change);
        first = new TopicPlace(change.position().offset(), written);
        add(change, written, enveloped);
    }

    /** Whether a change tells its place in the log. */
    static boolean tells(Change change) {
        return change.position().isInLog();
    }

    /** Takes the next change. */
    void add(Change change, long written, boolean enveloped) {
        LogPlace place = LogPlace.of(change.position());
        if (renamed == null && !base.equals(base(change))) {
            renamed = new TopicPlace(change.position().offset(), written);
        }
        Snapshot snapshot = change.snapshot();
        if (snapshot != Snapshot.FALSE && snapshot != Snapshot.INCREMENTAL) {
            boolean whole = enveloped || snapshot != Snapshot.TRUE;
            TopicPlace row = new TopicPlace(change.position().offset(), written);
            put(new SnapshotStart(place, change.sourceTime(), row, whole, highest, latest));
        }
        if (highest == null || place.file() >= highest.file()) {
            low = null;
        } else if (low == null) {
            low = new TopicPlace(change.position().offset(), written);
        }
        highest = LogPlace.later(highest, place);
        latest = later(latest, change.sourceTime());
    }

    /** Takes what comes after it in the partition. */
    LogTrail then(LogTrail next) {
        if (renamed == null) {
            renamed = base.equals(next.base) ? next.renamed : next.first;
        }
        if (next.highest.file() >= highest.file()) {
            low = next.low;
        } else if (low == null) {
            low = next.first;
        }
        next.snapshots.forEach(start -> put(start.joined(highest, latest)));
        highest = LogPlace.later(highest, next.highest);
        latest = later(latest, next.latest);
        return this;
    }

    private void put(SnapshotStart start) {
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            if (snapshots.get(i).at().equals(start.at())) {
                if (start.whole()) {
                    snapshots.set(i, snapshots.get(i).ofWholeTable());
                }
                return;
            }
        }
        snapshots.add(start);
    }

    /** The later of two times, either of which may be null. */
    public static Long later(Long one, Long other) {
        return one == null || (other != null && other > one) ? other : one;
    }

    private static String base(Change change) {
        return change.log() == null ? "" : change.log();
    }

    /** The name of the log's files without their number; empty where the log has no files. */
    public String base() {
        return base;
    }

    /** The first change. */
    public TopicPlace first() {
        return first;
    }

    /** The first change from a log of another name; null: there is none. */
    public TopicPlace renamed() {
        return renamed;
    }

    /** The change from which on all are from files before one that was there already; null: there is none. */
    public TopicPlace low() {
        return low;
    }

    public LogPlace highest() {
        return highest;
    }

    /** The latest time of a change, in microseconds since 1970; null: none tells it. */
    public Long latest() {
        return latest;
    }

    /** The snapshots whose rows there are, in the order of their first rows. */
    public List<SnapshotStart> snapshots() {
        return List.copyOf(snapshots);
    }

    /** The first row of the snapshot that was read where the log stood at {@code place}. */
    public Optional<SnapshotStart> snapshotAt(LogPlace place) {
        return snapshots.stream().filter(start -> start.at().equals(place)).findFirst();
    }
}
