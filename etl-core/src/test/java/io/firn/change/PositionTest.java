package io.firn.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

class PositionTest {

    @Test
    void textSortsAsPositionsDo() {
        Random random = new Random(7);
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            positions.add(new Position(
                    random.nextInt(3),
                    random.nextInt(20),
                    random.nextLong() >>> random.nextInt(64),
                    random.nextLong() >>> random.nextInt(64),
                    random.nextInt(20),
                    random.nextLong() >>> 1 >>> random.nextInt(63)));
        }
        for (Position a : positions) {
            assertThat(Position.parse(a.text())).isEqualTo(a);
            for (Position b : positions) {
                assertThat(Integer.signum(a.text().compareTo(b.text()))).isEqualTo(a.compareTo(b));
            }
        }
    }

    @Test
    void laterFilesCountMoreThanLaterBytesAndTheLogMoreThanKafka() {
        assertThat(new Position(0, 10, 4, 0, 0, 0)).isGreaterThan(new Position(0, 9, 9000, 3, 1, 77));
        assertThat(new Position(1, 1, 4, 0, 0, 0)).isGreaterThan(new Position(0, 9, 9000, 0, 0, 0));
        assertThat(new Position(0, 0, 100, 0, 0, 5)).isGreaterThan(new Position(0, 0, 99, 0, 0, 900));
        assertThat(new Position(0, 0, 100, 0, 0, 6)).isGreaterThan(new Position(0, 0, 100, 0, 0, 5));
        assertThat(new Position(0, 0, 100, 70, 0, 5)).isGreaterThan(new Position(0, 0, 100, 60, 2, 6));
    }

    @Test
    void whatWasWrittenBeforeASnapshotAndSentAfterItIsNewer() {
        Position row = new Position(0, 0, 200, 0, 1, 30);
        SnapshotMark mark = new SnapshotMark(new Position(0, 0, 200, 0, 0, 0), new TreeMap<>(Map.of(1, 30L)));
        Position one = new Position(0, 0, 150, 150, 1, 40);
        Position other = new Position(0, 0, 160, 160, 1, 41);

        assertThat(mark.after(one)).isGreaterThan(row).isLessThan(mark.after(other));
        assertThat(mark.after(one).place()).isNotEqualTo(mark.after(other).place());
        assertThat(List.of(
                        new Position(0, 0, 150, 150, 1, 20),
                        new Position(0, 0, 150, 150, 2, 40),
                        new Position(1, 0, 150, 150, 1, 40),
                        new Position(0, 0, 250, 250, 1, 40)))
                .as("sent before, in another partition, of another log, written after")
                .allSatisfy(sent -> assertThat(mark.after(sent)).isEqualTo(sent));
    }

    /** Its former key's delete counts later too, and is found by the place where it counts. */
    @Test
    void aRowThatTookAnotherKeyAcrossASnapshotIsLookedForWhereItsDeleteCounts() {
        SnapshotMark mark = new SnapshotMark(new Position(0, 0, 200, 0, 0, 0), new TreeMap<>(Map.of(1, 30L)));
        Position deleted = new Position(0, 0, 150, 150, 1, 40);
        Position inserted = new Position(0, 0, 150, 150, 1, 41);
        Change insert = new Change(
                Operation.CREATE,
                Key.of(1),
                null,
                BitSet.valueOf(new long[] {2}),
                inserted,
                null,
                Snapshot.FALSE,
                null,
                false,
                inserted.place());

        assertThat(insert.after(List.of(mark)).origin())
                .isEqualTo(mark.after(deleted).place());
    }

    @Test
    void textBeginsWithThePlace() {
        Position position = new Position(1, 0, 200, 150, 3, 40);

        assertThat(position.text()).startsWith(position.place() + "-");
        assertThat(position.place().split("-")).hasSize(Position.PLACES);
    }

    @Test
    void refusesOtherText() {
        assertThatThrownBy(() -> Position.parse("a0-a0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no position: six numbers joined by '-' are expected");
        assertThatThrownBy(() -> Position.parse("a0-a0-b0-a0-a0-a0")).hasMessage("no position: not as Firn writes it");
    }
}
