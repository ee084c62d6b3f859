package io.firn.change;

import java.io.Serializable;
import java.util.List;

/**
 * How many partitions a topic has had. Kafka writes a record to the partition that its key's hash falls into, so keys move
 * when partitions are added, and the partition of a record tells how many there were when it was written.
 *
 * @param counts ascending; partitions are never taken away
 */
public record PartitionCounts(List<Integer> counts) implements Serializable {
    /** Of topics about which nothing is known. */
    public static final PartitionCounts UNKNOWN = new PartitionCounts(List.of());

    public PartitionCounts {
        counts = List.copyOf(counts);
    }

    /**
     * The largest number of partitions with which Kafka puts the key into the partition, 0 where there is none. What has
     * no key, and so concerns all keys, counts as written with the last.
     */
    public int of(byte[] key, int partition) {
        if (counts.isEmpty() || key == null) {
            return counts.isEmpty() ? 0 : counts.get(counts.size() - 1);
        }
        int hash = hash(key) & Integer.MAX_VALUE;
        for (int i = counts.size() - 1; i >= 0; i--) {
            if (hash % counts.get(i) == partition) {
                return counts.get(i);
            }
        }
        return 0;
    }

    /** Whether keys have moved. */
    public boolean grew() {
        return counts.size() > 1;
    }

    /** MurmurHash2 with the seed of Kafka's producers. */
    static int hash(byte[] key) {
        int factor = 0x5bd1e995;
        int hash = 0x9747b28c ^ key.length;
        int whole = key.length & ~3;
        for (int i = 0; i < whole; i += 4) {
            int word = (key[i] & 0xff) | ((key[i + 1] & 0xff) << 8) | ((key[i + 2] & 0xff) << 16) | (key[i + 3] << 24);
            word *= factor;
            word ^= word >>> 24;
            word *= factor;
            hash = (hash * factor) ^ word;
        }
        if (whole < key.length) {
            for (int i = key.length - 1; i >= whole; i--) {
                hash ^= (key[i] & 0xff) << (8 * (i - whole));
            }
            hash *= factor;
        }
        hash ^= hash >>> 13;
        hash *= factor;
        return hash ^ (hash >>> 15);
    }
}
