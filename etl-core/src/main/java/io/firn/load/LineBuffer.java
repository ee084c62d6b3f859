package io.firn.load;

import java.util.Arrays;

/**
 * Lines of one event, gathered so that a batch of them is decoded and written column by column while that event's
 * encoders are in the CPU's caches: the cheapest large gain there is (docs/performance.md).
 */
final class LineBuffer {
    private static final int SMALL = 1 << 16;

    private byte[] bytes = new byte[SMALL];
    private int used;
    private int count;
    private int[] ends = new int[256];
    private int[] files = new int[256];
    private long[] offsets = new long[256];
    private long[] numbers = new long[256];

    /** Copies a line: the {@code file}-th of the bundle, its byte offset and line number there (0: not known). */
    void add(byte[] source, int from, int to, int file, long offset, long number) {
        int length = to - from;
        if (bytes.length - used < length) {
            bytes = Arrays.copyOf(
                    bytes, Math.max(used + length, (int) Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8)));
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

    /** Forgets the lines; memory beyond {@code keep} bytes is given back. */
    void clear(int keep) {
        used = 0;
        count = 0;
        if (bytes.length > keep) {
            bytes = new byte[SMALL];
        }
    }

    int count() {
        return count;
    }

    int used() {
        return used;
    }

    int allocated() {
        return bytes.length;
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
