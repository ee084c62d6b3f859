package io.firn.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks at eight bytes at a time. */
final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long BLANKS = ONES * ' ';
    private static final long NEWLINES = ONES * '\n';

    private Bytes() {}

    /** The eight bytes from {@code at}, the first one lowest. */
    static long word(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /**
     * The high bit of each byte that may not stand in a plain ASCII string: quote, backslash, control, non-ASCII. Borrows
     * may mark bytes after the first marked one falsely; the first one is always right.
     */
    static long special(long word) {
        return (((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - BLANKS) | word) & HIGH;
    }

    /** The high bit of each newline; the first one is always right. */
    static long newlines(long word) {
        long x = word ^ NEWLINES;
        return (x - ONES) & ~x & HIGH;
    }

    /** A hash of a span, the same wherever the span lies. */
    static long hash(byte[] bytes, int from, int to) {
        long hash = (long) to - from;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            hash = mix(hash ^ word(bytes, i));
        }
        if (i < to) {
            hash = mix(hash ^ tail(bytes, i, to));
        }
        return hash;
    }

    private static long tail(byte[] bytes, int from, int to) {
        if (from + 8 <= bytes.length) {
            return word(bytes, from) & ((1L << ((to - from) << 3)) - 1);
        }
        long word = 0;
        for (int i = to - 1; i >= from; i--) {
            word = (word << 8) | (bytes[i] & 0xff);
        }
        return word;
    }

    static long mix(long x) {
        long product = x * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 32);
    }
}
