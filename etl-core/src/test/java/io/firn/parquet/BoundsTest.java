package io.firn.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;

import org.junit.jupiter.api.Test;

class BoundsTest {
    @Test
    void spansAreOrderedUnsignedWhateverTheirLength() {
        check(new Bounds(false), Arrays::compareUnsigned, 0);
    }

    @Test
    void decimalsAreOrderedByTheirNumber() {
        check(new Bounds(true), Comparator.comparing(BigInteger::new), 13);
    }

    private static void check(Bounds bounds, Comparator<byte[]> order, int fixed) {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            byte[] least = null;
            byte[] greatest = null;
            for (int i = 0; i < 10; i++) {
                byte[] value = new byte[fixed == 0 ? random.nextInt(20) : fixed];
                if (random.nextBoolean()) {
                    random.nextBytes(value); // the others share long heads of zeros
                } else if (value.length > 0) {
                    value[value.length - 1] = (byte) random.nextInt();
                }
                byte[] line = new byte[value.length + 3];
                System.arraycopy(value, 0, line, 3, value.length);
                bounds.see(line, 3, value.length);
                least = least == null || order.compare(value, least) < 0 ? value : least;
                greatest = greatest == null || order.compare(value, greatest) > 0 ? value : greatest;
            }
            assertThat(bounds.lower()).isEqualTo(least);
            assertThat(bounds.upper()).isEqualTo(greatest);
            bounds.clear();
        }
    }
}
