package io.firn.table.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

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

    @Test
    void theEndsOfTheRange() {
        KeyNumbers ends = new KeyNumbers(new long[] {Long.MAX_VALUE, Long.MIN_VALUE});
        assertThat(ends.anyBetween(Long.MIN_VALUE, Long.MIN_VALUE)).isTrue();
        assertThat(ends.anyBetween(Long.MIN_VALUE + 1, Long.MAX_VALUE - 1)).isFalse();
        assertThat(ends.anyBetween(0, Long.MAX_VALUE)).isTrue();
    }
}
