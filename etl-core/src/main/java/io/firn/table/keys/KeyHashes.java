package io.firn.table.keys;

import java.io.Serializable;

/**
 * A set of hashes that may answer yes for one it lacks, at most once in two hundred times: a Bloom filter whose three bits
 * lie in one word, so that a question costs one look into memory. Spark's own took more time than reading the column.
 */
public final class KeyHashes implements Serializable {
    private static final long serialVersionUID = 1;

    private final long[] words;
    private final int shift;
    private final KeyNumbers numbers;

    /**
     * @param hashes of whole keys, by Spark's XxHash64
     * @param numbers the first column's values, by which a scan leaves out whole pages; null: it has no whole numbers
     */
    public KeyHashes(long[] hashes, long[] numbers) {
        words = new long[Math.max(2, Integer.highestOneBit(hashes.length))];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(words.length);
        for (long hash : hashes) {
            words[word(hash)] |= bits(hash);
        }
        this.numbers = numbers == null ? null : new KeyNumbers(numbers);
    }

    /** For code that Spark generates. */
    public boolean mayContain(long hash) {
        long bits = bits(hash);
        return (words[word(hash)] & bits) == bits;
    }

    /** Null: the first column has no whole numbers. */
    KeyNumbers numbers() {
        return numbers;
    }

    private int word(long hash) {
        return (int) (hash >>> shift);
    }

    private static long bits(long hash) {
        return 1L << hash | 1L << (hash >>> 6) | 1L << (hash >>> 12);
    }
}
