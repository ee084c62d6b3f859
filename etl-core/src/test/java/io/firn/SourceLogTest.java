package io.firn;

import static io.firn.change.Snapshot.FALSE;
import static io.firn.change.Snapshot.FIRST;
import static io.firn.change.Snapshot.INCREMENTAL;
import static io.firn.change.Snapshot.TRUE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import io.firn.SourceLog.Other;
import io.firn.SourceLog.Sign;
import io.firn.change.Change;
import io.firn.change.Position;
import io.firn.change.Snapshot;
import io.firn.change.SnapshotMark;
import io.firn.load.LogTrail;
import io.firn.load.Trails;
import io.firn.table.OffsetRange;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicState;

class SourceLogTest {
    private static final long MINUTE = 60_000_000;

    private static Change change(long at, long offset, Snapshot snapshot, Long time) {
        return Trails.change("binlog", 1, at, offset, snapshot, time);
    }

    private static Change change(long at, long offset, Snapshot snapshot) {
        return change(at, offset, snapshot, null);
    }

    private static Map<Integer, LogTrail> batch(Change... changes) {
        return new TreeMap<>(Map.of(0, Trails.of(List.of(changes))));
    }

    private static SourceLog held(Change... changes) {
        return SourceLog.parse(SourceLog.after(null, batch(changes)).text());
    }

    @Test
    void aSnapshotBeforeWhatWasThereIsOfAnotherLog() {
        SourceLog held = held(change(100, 0, FIRST), change(900, 1, FALSE));

        assertThat(SourceLog.other(held, batch(change(950, 2, FALSE), change(330, 3, FIRST), change(340, 4, FALSE))))
                .contains(new Other(Sign.SNAPSHOT_BEFORE, new TreeMap<>(Map.of(0, 3L)), 3));
        assertThat(SourceLog.other(held, batch(change(100, 2, TRUE), change(400, 3, INCREMENTAL))))
                .as("rows that are sent again, and of parts of a table")
                .isEmpty();
        assertThat(SourceLog.other(held, batch(change(900, 2, FIRST)))).isEmpty();
        assertThat(SourceLog.other(null, batch(change(100, 0, FIRST), change(900, 1, FALSE), change(330, 2, FIRST))))
                .isPresent();
    }

    /** As after firn reset --from-earliest, where the topic still has the first of two snapshots. */
    @Test
    void aFormerSnapshotMayBeReadAgain() {
        Change first = change(100, 0, FIRST, MINUTE);
        Change second = change(500, 2, FIRST, 5 * MINUTE);
        SourceLog held = held(first, change(450, 1, FALSE, 4 * MINUTE), second, change(900, 3, FALSE, 9 * MINUTE));

        assertThat(SourceLog.other(held, batch(first))).isEmpty();
        SourceLog again = SourceLog.after(held, batch(first));
        assertThat(SourceLog.other(again, batch(change(450, 1, FALSE, 4 * MINUTE), second)))
                .isEmpty();
        assertThat(SourceLog.other(again, batch(change(330, 4, FIRST, 10 * MINUTE))))
                .map(Other::sign)
                .contains(Sign.SNAPSHOT_BEFORE);
    }

    @Test
    void theOnlySnapshotMayBeDeliveredLate() {
        SourceLog held = held(change(900, 1, FALSE, MINUTE));

        assertThat(SourceLog.other(held, batch(change(330, 2, FIRST, 2 * MINUTE))))
                .isEmpty();
        assertThat(SourceLog.other(held, batch(change(330, 2, FIRST)))).isEmpty();
        assertThat(SourceLog.other(held, batch(change(330, 2, FIRST, 2 * MINUTE + 1))))
                .isPresent();
    }

    /** The other partition has all of the snapshot that was before; this one was empty. */
    @Test
    void whatOtherPartitionsHoldCounts() {
        SourceLog held = held(change(100, 0, FIRST), change(900, 1, FALSE, MINUTE));
        Map<Integer, LogTrail> empty =
                Map.of(1, Trails.of(List.of(change(330, 7, FIRST, 3 * MINUTE), change(340, 8, FALSE))));
        Map<Integer, LogTrail> both = new TreeMap<>(empty);
        both.put(0, Trails.of(List.of(change(330, 5, TRUE))));

        assertThat(SourceLog.other(held, empty))
                .contains(new Other(Sign.SNAPSHOT_BEFORE, new TreeMap<>(Map.of(1, 7L)), 7));
        assertThat(SourceLog.other(held, both))
                .contains(new Other(Sign.SNAPSHOT_BEFORE, new TreeMap<>(Map.of(0, 5L, 1, 7L)), 5));
        assertThat(SourceLog.other(SourceLog.after(held, empty), batch(change(330, 9, TRUE))))
                .as("since when the log may have been another")
                .contains(new Other(Sign.SNAPSHOT_BEFORE, new TreeMap<>(Map.of(0, 9L)), 7));
    }

    @Test
    void filesThatGoBackOrHaveAnotherName() {
        SourceLog held = SourceLog.parse("binlog 0:7 1:9");

        assertThat(held.text()).isEqualTo("binlog 0:7/0/ 1:9/0/");
        assertThat(SourceLog.other(held, batch(change(330, 2, FALSE))))
                .map(Other::sign)
                .contains(Sign.FILES_WENT_BACK);
        assertThat(SourceLog.other(null, batch(change(5, 2, FALSE), Trails.change("log", 1, 9, 3, FALSE, null))))
                .contains(new Other(Sign.RENAMED, new TreeMap<>(Map.of(0, 3L)), 3));
        assertThat(SourceLog.other(
                        held,
                        batch(
                                Trails.change("binlog", 6, 9, 2, FALSE, null),
                                Trails.change("binlog", 7, 9, 3, FALSE, null))))
                .as("old changes that are sent again up to where the log was")
                .isEmpty();
    }

    /** As tables know it that were last loaded by a version that kept nothing else, or were rewound. */
    @Test
    void aSnapshotOfPostgresThatTheTableStandsAfter() {
        Change row = Trails.change(null, 0, 50, 40, FIRST, null);
        SnapshotMark mark = new SnapshotMark(new Position(0, 0, 200, 0, 0, 0), new TreeMap<>(Map.of(0, 30L)));
        for (long next : new long[] {40, 10}) {
            TopicOffsets offsets = new TopicOffsets("id", new TreeMap<>(Map.of(0, new OffsetRange(next, next))));
            TopicState state = new TopicState(new TreeMap<>(Map.of("t", offsets)), 0, null, null, mark, null);

            Optional<Other> other = SourceLog.other(SourceLog.held(state, "t"), batch(row));

            assertThat(other.isPresent()).isEqualTo(next == 40);
        }
    }
}
