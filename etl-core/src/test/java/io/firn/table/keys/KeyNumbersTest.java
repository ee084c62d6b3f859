package io.firn.table.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class KeyNumbersTest {
    @Test
    void anyBetweenIsWhatALoopFinds() {
        Random random = new Random(7);
        for (int round = 0; round < 2_000; round++) {
            long[] numbers = random.longs(random.nextInt(5), -20, 20).toArray();
            long least = random.nextLong(-25, 25);
            long greatest = random.nextLong(least, 26);
            boolean any = Arrays.stream(numbers).anyMatch(number -> number >= least && number <= greatest);
            assertThat(new KeyNumbers(numbers).anyBetween(least, greatest)).isEqualTo(any);
        }
    }

    /** All that are there pass, of others few, also of those that lie regularly. */
    @Test
    void rowsAreChosenByTheirNumbers() {
        for (long apart : new long[] {1, 64, 1_000_000, 1L << 40}) {
            long[] numbers = LongStream.range(-500, 500).map(i -> i * 7 * apart).toArray();
            OnHeapColumnVector values = new OnHeapColumnVector(7_001, DataTypes.LongType);
            for (int row = 0; row < 7_000; row++) {
                values.putLong(row, (row - 3_500) * apart);
            }
            values.putNull(7_000);
            int[] chosen = new int[7_001];
            int count = new KeyNumbers(numbers).choose(values, 7_001, chosen);
            Set<Integer> rows = Arrays.stream(chosen).limit(count).boxed().collect(Collectors.toSet());
            assertThat(rows)
                    .containsAll(
                            IntStream.range(0, 1_000).map(i -> i * 7).boxed().toList())
                    .doesNotContain(7_000);
            assertThat(count).isBetween(1_000, 1_400);
        }
    }

    @Test
    void theEndsOfTheRange() {
        KeyNumbers ends = new KeyNumbers(new long[] {Long.MAX_VALUE, Long.MIN_VALUE});
        assertThat(ends.anyBetween(Long.MIN_VALUE, Long.MIN_VALUE)).isTrue();
        assertThat(ends.anyBetween(Long.MIN_VALUE + 1, Long.MAX_VALUE - 1)).isFalse();
        assertThat(ends.anyBetween(0, Long.MAX_VALUE)).isTrue();
    }
}
