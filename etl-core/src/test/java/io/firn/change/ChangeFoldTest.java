package io.firn.change;

import static io.firn.change.Recorded.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firn.schema.Column;

class ChangeFoldTest {
    private static final List<Column> COLUMNS = List.of(column("id", "long"), column("a", "long"), column("b", "long"));
    private static final long UNSENT = -1;

    static List<Long> seeds() {
        return java.util.stream.LongStream.range(0, 200).boxed().toList();
    }

    /** What is known of a key after a batch: null when deleted, else a value or {@code UNSENT} per column. */
    private static final class Oracle {
        private final Map<Long, List<Long>> rows = new HashMap<>();

        void apply(long id, long[] values) {
            List<Long> old = rows.get(id);
            if (values == null) {
                rows.put(id, null);
                return;
            }
            List<Long> row = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                row.add(values[i] == UNSENT && old != null ? old.get(i) : (Long) values[i]);
            }
            rows.put(id, row);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void equalsTheLogPlayedInOrderHoweverItIsDelivered(long seed) {
        Random random = new Random(seed);
        Oracle oracle = new Oracle();
        List<Change> delivered = new ArrayList<>();
        long truncatedAt = random.nextInt(4) == 0 ? random.nextInt(60) : -1;
        int length = 1 + random.nextInt(120);
        for (int i = 0; i < length; i++) {
            long id = random.nextInt(8);
            if (i == truncatedAt) {
                oracle.rows.clear();
                continue;
            }
            long[] values = random.nextInt(5) == 0 ? null : values(random, id, oracle.rows.get(id) != null);
            oracle.apply(id, values);
            for (int copy = random.nextInt(4) == 0 ? 2 : 1; copy > 0; copy--) {
                delivered.add(change(id, values, new Position(0, i / 50, i % 50 * 100L, 0, 0, random.nextInt(1000))));
            }
        }
        Position truncated = truncatedAt < 0 || truncatedAt >= length
                ? null
                : new Position(0, truncatedAt / 50, truncatedAt % 50 * 100L, 0, 0, 5);
        Collections.shuffle(delivered, random);
        delivered.sort(
                Comparator.<Change, Long>comparing(c -> (Long) c.key().values().get(0))
                        .thenComparing(Change::position));

        ChangeFold fold = new ChangeFold(delivered.iterator(), ChangeFold.copying(COLUMNS), truncated);
        Map<Long, List<Long>> found = new HashMap<>();
        while (fold.hasNext()) {
            Change last = fold.next();
            assertThat(found).doesNotContainKey((Long) last.key().values().get(0));
            found.put((Long) last.key().values().get(0), last.row() == null ? null : told(last));
        }

        assertThat(found).isEqualTo(oracle.rows);
        assertThat(fold.in()).isEqualTo(delivered.size());
        assertThat(fold.out()).isEqualTo(oracle.rows.size());
        assertThat(fold.superseded()).isEqualTo(delivered.size() - oracle.rows.size());
    }

    /** Else the row under the new key would look for its large values where they no longer are. */
    @Test
    void aMoveThatIsSentAgainTellsOnceWhatTheRowWas() {
        List<Change> changes = List.of(
                change(1, new long[] {1, 10, 20}, new Position(0, 0, 100, 0, 0, 1)),
                moved(1, new Position(0, 0, 200, 0, 0, 2)),
                moved(1, new Position(0, 0, 200, 0, 0, 4)));
        List<Change> rows = new ArrayList<>();

        new ChangeFold(
                        changes.iterator(),
                        ChangeFold.copying(COLUMNS),
                        null,
                        (before, delete) -> rows.add(before),
                        null)
                .forEachRemaining(change -> {});

        assertThat(rows).hasSize(1);
        assertThat(told(rows.get(0))).containsExactly(1L, 10L, 20L);
    }

    private static Change moved(long id, Position position) {
        return new Change(
                Operation.DELETE, Key.of(id), null, new BitSet(), position, 0L, Snapshot.FALSE, null, true, null);
    }

    private static long[] values(Random random, long id, boolean updates) {
        // Only an update of a row that the batch, or the table before it, has can leave values out.
        boolean mayLeaveOut = updates || random.nextInt(3) == 0;
        long a = mayLeaveOut && random.nextBoolean() ? UNSENT : random.nextInt(1000);
        long b = mayLeaveOut && random.nextBoolean() ? UNSENT : random.nextInt(1000);
        return new long[] {id, a, b};
    }

    private static Change change(long id, long[] values, Position position) {
        BitSet unavailable = new BitSet();
        GenericInternalRow row = values == null ? null : new GenericInternalRow(3);
        for (int i = 0; values != null && i < 3; i++) {
            if (values[i] == UNSENT) {
                unavailable.set(i);
            } else {
                row.setLong(i, values[i]);
            }
        }
        Operation operation = values == null ? Operation.DELETE : Operation.UPDATE;
        return new Change(operation, Key.of(id), row, unavailable, position, 0L, Snapshot.FALSE, null);
    }

    private static List<Long> told(Change change) {
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(change.row().isNullAt(i)).isEqualTo(change.unavailable().get(i));
            values.add(
                    change.unavailable().get(i)
                            ? (Long) UNSENT
                            : (Long) change.row().getLong(i));
        }
        return values;
    }

    @Test
    void refusesWhatIsNotSorted() {
        List<Change> changes = Arrays.asList(
                change(1, new long[] {1, 1, 1}, new Position(0, 0, 7, 0, 0, 0)),
                change(1, new long[] {1, 2, 2}, new Position(0, 0, 6, 0, 0, 0)));
        ChangeFold fold = new ChangeFold(changes.iterator(), ChangeFold.copying(COLUMNS), null);

        assertThatThrownBy(fold::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("changes of one key are not sorted by position");
    }

    @Test
    void aDeleteForgetsWhatTheRowHeld() {
        List<Change> changes = Arrays.asList(
                change(1, new long[] {1, 1, 1}, new Position(0, 0, 1, 0, 0, 0)),
                change(1, null, new Position(0, 0, 2, 0, 0, 0)),
                change(1, new long[] {1, 5, UNSENT}, new Position(0, 0, 3, 0, 0, 0)));

        Change last = new ChangeFold(changes.iterator(), ChangeFold.copying(COLUMNS), null).next();

        assertThat(told(last)).containsExactly(1L, 5L, UNSENT);
    }
}
