package io.firn.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.firn.change.Change;
import io.firn.change.KafkaRecord;
import io.firn.change.Key;
import io.firn.change.Operation;
import io.firn.change.Position;
import io.firn.change.Snapshot;

/** Partition 0 holds deletes under former keys, partition 1 the inserts under new ones, each at the offset of its place. */
class KeyChangesTest {
    private static final Set<Integer> ONE = Set.of(0);
    private static final Set<Integer> TWO = Set.of(0, 1);

    private final KeyChanges seen = new KeyChanges();

    private static void delete(KeyChanges in, int partition, long place, String log) {
        Position at = new Position(0, 0, place, 0, partition, place);
        in.note(
                new Change(Operation.DELETE, Key.of(1), null, new BitSet(), at, null, Snapshot.FALSE, log, true, null),
                record(at, List.of()));
    }

    private static void insert(KeyChanges in, int partition, long place, boolean lacking) {
        Position at = new Position(0, 0, place, 0, partition, place + 2);
        BitSet unavailable = BitSet.valueOf(new long[] {lacking ? 1 : 0});
        in.note(
                new Change(Operation.CREATE, Key.of(1), null, unavailable, at, null, Snapshot.FALSE, null),
                record(at, List.of(new KafkaRecord.Header("__debezium.oldkey", null))));
    }

    private static void update(KeyChanges in, int partition, long place) {
        Position at = new Position(0, 0, place, 0, partition, place);
        in.note(
                new Change(Operation.UPDATE, Key.of(1), null, new BitSet(), at, null, Snapshot.FALSE, null),
                record(at, List.of()));
    }

    private static KafkaRecord record(Position at, List<KafkaRecord.Header> headers) {
        return new KafkaRecord("t", at.partition(), at.offset(), 0, null, null, headers);
    }

    @Test
    void aBatchEndsBeforeADeleteWhoseInsertIsNotThere() {
        update(seen, 0, 5);
        delete(seen, 0, 10, null);

        assertThat(KeyChanges.of(List.of(seen)).ends(ONE, true, 0)).isEqualTo(Map.of(0, 10L));
    }

    /** Where messages tell no place, halves cannot be told from those of other rows. */
    @Test
    void halvesWithoutAPlaceWaitForNothing() {
        delete(seen, 0, 0, null);
        update(seen, 0, 0);

        assertThat(KeyChanges.of(List.of(seen)).ends(ONE, true, 0)).isEmpty();
    }

    @Test
    void bothHalvesAreTaken() {
        delete(seen, 0, 10, null);
        insert(seen, 0, 10, true);

        assertThat(KeyChanges.of(List.of(seen)).ends(ONE, false, 0)).isEmpty();
    }

    @Test
    void halvesMayLieInPartitionsThatTwoTasksRead() {
        KeyChanges other = new KeyChanges();
        delete(seen, 0, 10, null);
        delete(seen, 0, 20, null);
        insert(other, 1, 10, true);

        assertThat(KeyChanges.of(List.of(seen, other)).ends(TWO, true, 0)).isEqualTo(Map.of(0, 20L));
    }

    @Test
    void aHalfThatEveryPartitionIsPastHasNoOther() {
        delete(seen, 0, 10, null);
        update(seen, 0, 11);

        assertThat(KeyChanges.of(List.of(seen)).ends(ONE, true, 0)).isEmpty();
        assertThat(KeyChanges.of(List.of(seen)).ends(TWO, true, 0)).isEqualTo(Map.of(0, 10L));
    }

    @Test
    void anInsertThatLacksValuesWaitsForItsDeleteUnlessTheTopicEnds() {
        insert(seen, 1, 10, true);
        insert(seen, 1, 20, false);
        update(seen, 0, 3);

        assertThat(KeyChanges.of(List.of(seen)).ends(TWO, false, 0)).isEqualTo(Map.of(1, 12L));
        assertThat(KeyChanges.of(List.of(seen)).ends(TWO, true, 0)).isEmpty();
    }

    @Test
    void aDeleteThatWasWrittenLongAgoWaitsNoMore() {
        delete(seen, 0, 10, null);

        assertThat(KeyChanges.of(List.of(seen)).ends(TWO, true, 1)).isEmpty();
    }

    @Test
    void binlogsTellWholeRows() {
        delete(seen, 0, 10, "binlog");

        assertThat(KeyChanges.of(List.of(seen)).ends(ONE, true, 0)).isEmpty();
    }
}
