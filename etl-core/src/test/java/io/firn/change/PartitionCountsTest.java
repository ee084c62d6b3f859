package io.firn.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;

import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class PartitionCountsTest {

    @Test
    void keysHashAsKafkasProducersHashThem() {
        Random random = new Random(7);
        for (int length = 0; length < 200; length++) {
            byte[] key = new byte[length];
            random.nextBytes(key);
            assertThat(PartitionCounts.hash(key)).isEqualTo(Utils.murmur2(key));
        }
    }

    /** Whatever is known of the topic, of two records of a key the one that was written to more partitions is later. */
    @Test
    void keysThatMovedAreLaterThanBefore() {
        PartitionCounts grown = new PartitionCounts(List.of(3, 4));
        PartitionCounts all = new PartitionCounts(List.of(4));
        int moved = 0;
        for (int i = 0; i < 500; i++) {
            byte[] key = {(byte) i, (byte) (i >> 8)};
            int hash = Utils.toPositive(Utils.murmur2(key));
            if (hash % 3 != hash % 4) {
                moved++;
                assertThat(grown.of(key, hash % 3)).isEqualTo(3).isLessThan(grown.of(key, hash % 4));
                assertThat(all.of(key, hash % 3)).isZero();
            }
            assertThat(grown.of(key, hash % 4)).isEqualTo(4);
        }
        assertThat(moved).isGreaterThan(100);
        assertThat(grown.of(null, 1)).as("what concerns all keys").isEqualTo(4);
        assertThat(PartitionCounts.UNKNOWN.of(new byte[1], 1)).isZero();
    }
}
