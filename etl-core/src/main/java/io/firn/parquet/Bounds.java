package io.firn.parquet;

import java.util.Arrays;

/** The least and the greatest of spans of bytes, as Parquet orders them: unsigned, but for decimals. */
final class Bounds {
    private static final byte[] NONE = {};

    /** Makes the order of unsigned heads that of signed longs. */
    private final long flip;

    private boolean empty = true;
    private byte[] least = NONE;
    private int leastLength;
    private long leastHead;
    private byte[] greatest = NONE;
    private int greatestLength;
    private long greatestHead;

    Bounds(boolean signed) {
        flip = signed ? 0 : Long.MIN_VALUE;
    }

    boolean isEmpty() {
        return empty;
    }

    void see(byte[] bytes, int from, int length) {
        long head = Spans.head(bytes, from, length) ^ flip;
        if (empty || head < leastHead || (head == leastHead && isLess(bytes, from, length))) {
            least = least.length < length ? new byte[length] : least;
            System.arraycopy(bytes, from, least, 0, length);
            leastLength = length;
            leastHead = head;
        }
        if (empty || head > greatestHead || (head == greatestHead && isGreater(bytes, from, length))) {
            greatest = greatest.length < length ? new byte[length] : greatest;
            System.arraycopy(bytes, from, greatest, 0, length);
            greatestLength = length;
            greatestHead = head;
        }
        empty = false;
    }

    byte[] lower() {
        return Arrays.copyOf(least, leastLength);
    }

    byte[] upper() {
        return Arrays.copyOf(greatest, greatestLength);
    }

    void clear() {
        empty = true;
    }

    // With equal heads the whole spans are compared: short ones may differ in length alone.
    private boolean isLess(byte[] bytes, int from, int length) {
        return Arrays.compareUnsigned(bytes, from, from + length, least, 0, leastLength) < 0;
    }

    private boolean isGreater(byte[] bytes, int from, int length) {
        return Arrays.compareUnsigned(bytes, from, from + length, greatest, 0, greatestLength) > 0;
    }
}
