package io.firn.load;

import java.util.Arrays;

/**
 * Lines of one event, gathered so that a batch of them is decoded and written column by column while that event's
 * encoders are in the CPU's caches: the cheapest large gain there is (docs/performance.md).
 */
final class LineBuffer {
    private static final int SMALL = 1 << 16;

    private final int capacity;
    private byte[] bytes = new byte[SMALL];
    private int used;
    private int count;
    private int[] ends = new int[256];
    private int[] files = new int[256];
    private long[] offsets = new long[256];
    private long[] numbers = new long[256];

    /** A buffer of {@code capacity} bytes, reached by and by; one longer line alone finds room too. */
    LineBuffer(int capacity) {
        this.capacity = capacity;
    }

    boolean hasRoom(int length) {
        return used == 0 || length <= capacity - used;
    }

    /** Copies a line: the {@code file}-th of the bundle, its byte offset and line number there (0: not known). */
    void add(byte[] source, int from, int to, int file, long offset, long number) {
        int length = to - from;
        if (bytes.length - used < length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + length, (int) Math.min(bytes.length * 2L, capacity)));
        }
        System.arraycopy(source, from, bytes, used, length);
        used += length;
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            files = Arrays.copyOf(files, count * 2);
            offsets = Arrays.copyOf(offsets, count * 2);
            numbers = Arrays.copyOf(numbers, count * 2);
        }
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
        return ends[line];
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
