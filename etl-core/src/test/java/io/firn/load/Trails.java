package io.firn.load;

import java.util.BitSet;
import java.util.List;

import io.firn.change.Change;
import io.firn.change.Key;
import io.firn.change.Operation;
import io.firn.change.Position;
import io.firn.change.Snapshot;

/** Ways of changes through a log, for tests. */
public final class Trails {
    private Trails() {}

    /** A change that was written to the topic as many milliseconds after 1970 as its offset says. */
    public static Change change(String log, long file, long at, long offset, Snapshot snapshot, Long time) {
        Position position = new Position(0, file, at, 0, 0, offset);
        return new Change(Operation.UPDATE, Key.of(1), null, new BitSet(), position, time, snapshot, log);
    }

    public static LogTrail of(List<Change> changes) {
        LogTrail trail = null;
        for (Change change : changes) {
            if (trail == null) {
                trail = new LogTrail(change, change.position().offset(), true);
            } else {
                trail.add(change, change.position().offset(), true);
            }
        }
        return trail;
    }
}
