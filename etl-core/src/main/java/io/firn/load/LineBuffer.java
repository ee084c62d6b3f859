package io.firn.load;

import java.util.Arrays;

/**
 * Lines of one event, gathered so that a batch of them is decoded and written column by column while that event's
 * encoders are in the CPU's caches: the cheapest large gain there is (docs/performance.md).
 */
final class LineBuffer {
    private static final int SMALL = 1 << 16;
    private static final int NO_KEY = -1;

    private final int capacity;
    private byte[] bytes = new byte[SMALL];
    private int used;
    private int count;
    private int[] ends = new int[256];
    private int[] files = new int[256];
    private long[] offsets = new long[256];
    private long[] numbers = new long[256];
    private int[] keys = new int[256];

    /** A buffer of {@code capacity} bytes, reached by and by; one longer line alone finds room too. */
    LineBuffer(int capacity) {
        this.capacity = capacity;
    }

    /** How many bytes a line takes with its key. */
    static int length(int from, int to, byte[] key) {
        return to - from + (key == null ? 0 : key.length);
    }

    boolean hasRoom(int length) {
        return used == 0 || length <= capacity - used;
    }

    /**
     * Copies a line: the {@code file}-th of the bundle, its byte offset and line number there (0: not known).
     *
     * @param key that of the record whose value the line is; null: none
     */
    void add(byte[] source, int from, int to, byte[] key, int file, long offset, long number) {
        int length = length(from, to, key);
        if (bytes.length - used < length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + length, (int) Math.min(bytes.length * 2L, capacity)));
        }
        System.arraycopy(source, from, bytes, used, to - from);
        if (key != null) {
            System.arraycopy(key, 0, bytes, used + to - from, key.length);
        }
        used += length;
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            files = Arrays.copyOf(files, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
            numbers = Arrays.copyOf(numbers, count * 2);
            keys = Arrays.copyOf(keys, count * 2);
        }
        keys[count] = key == null ? NO_KEY : key.length;
        ends[count] = used;
        files[count] = file;
        offsets[count] = offset;
        numbers[count++] = number;
    }

    /** Forgets the lines; what one long line took beyond the capacity is given back. */
    void clear() {
        used = 0;
        count = 0;
        if (bytes.length > Math.max(capacity, SMALL)) {
            bytes = new byte[SMALL];
        }
    }

    int count() {
        return count;
    }

    byte[] bytes() {
        return bytes;
    }

    int from(int line) {
        return line == 0 ? 0 : ends[line - 1];
    }

    int to(int line) {
        return ends[line] - Math.max(keys[line], 0);
    }

    /** A copy of the key of the record that the line is; null: none. */
    byte[] key(int line) {
        return keys[line] == NO_KEY ? null : Arrays.copyOfRange(bytes, to(line), ends[line]);
    }

    int file(int line) {
        return files[line];
    }

    long offset(int line) {
        return offsets[line];
    }

    long number(int line) {
        return numbers[line];
    }
}
