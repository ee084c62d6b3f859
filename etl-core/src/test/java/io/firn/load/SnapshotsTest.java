package io.firn.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firn.change.Change;
import io.firn.change.Key;
import io.firn.change.Operation;
import io.firn.change.Position;
import io.firn.change.Snapshot;

class SnapshotsTest {
    private final Snapshots seen = new Snapshots();

    private static void note(Snapshots in, int partition, long offset, long log, Snapshot snapshot) {
        Position at = new Position(0, 0, log, 0, partition, offset);
        in.note(new Change(Operation.READ, Key.of(1), null, new BitSet(), at, null, snapshot, null));
    }

    private static String place(long log) {
        return new Position(0, 0, log, 0, 0, 0).text();
    }

    @Test
    void theNewestThatEndedCounts() {
        note(seen, 0, 0, 5, Snapshot.FIRST);
        note(seen, 0, 1, 9, Snapshot.FIRST);
        note(seen, 0, 2, 9, Snapshot.LAST);
        note(seen, 0, 3, 12, Snapshot.FIRST_IN_DATA_COLLECTION);
        note(seen, 0, 4, 12, Snapshot.TRUE);

        assertThat(seen.shown()).isEqualTo(place(9));
        assertThat(seen.began()).isTrue();
        assertThat(seen.firstAlone()).isFalse();
    }

    @Test
    void theFirstRowOfAnotherIsNotItsOwn() {
        note(seen, 0, 7, 5, Snapshot.LAST);
        note(seen, 0, 8, 9, Snapshot.FIRST);

        assertThat(seen.shown()).isEqualTo(place(5));
        assertThat(seen.began()).isFalse();
        assertThat(seen.firstAlone()).isTrue();
    }

    @Test
    void tasksSeePartsOfOne() {
        Snapshots other = new Snapshots();
        note(seen, 0, 0, 5, Snapshot.FIRST);
        note(other, 1, 3, 4, Snapshot.FALSE);
        note(other, 1, 4, 5, Snapshot.LAST);

        Snapshots all = Snapshots.of(List.of(seen, other));

        assertThat(all.shown()).isEqualTo(place(5));
        assertThat(all.began()).isTrue();
        assertThat(all.firstAlone()).isFalse();
    }

    @Test
    void rowsOfItMayLieBeforeWhatWasRead() {
        note(seen, 0, 7, 5, Snapshot.LAST);
        note(seen, 1, 7, 4, Snapshot.FALSE);
        note(seen, 2, 0, 5, Snapshot.TRUE);

        assertThat(seen.unsure(Map.of(0, 7L, 1, 7L, 2, 0L, 3, 0L, 4, 2L))).containsExactly(0, 4);
    }

    @Test
    void chunksAndChangesAreOfNoSnapshot() {
        note(seen, 0, 0, 5, Snapshot.FALSE);
        note(seen, 0, 1, 6, Snapshot.INCREMENTAL);

        assertThat(seen.shown()).isNull();
        assertThat(seen.began()).isFalse();
        assertThat(seen.firstAlone()).isFalse();
    }
}
