package io.firn.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes and orders spans of bytes. */
final class Spans {
    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private Spans() {}

    /** A hash of a span; two halves go side by side, since each step waits for the one before it. */
    static int hash(byte[] bytes, int from, int length) {
        long a = length * FACTOR;
        long b = FACTOR;
        int i = from;
        int end = from + length;
        for (; i + 16 <= end; i += 16) {
            a = (a ^ (long) LITTLE.get(bytes, i)) * FACTOR;
            b = (b ^ (long) LITTLE.get(bytes, i + 8)) * FACTOR;
            a ^= a >>> 32;
            b ^= b >>> 32;
        }
        if (i + 8 <= end) {
            a = (a ^ (long) LITTLE.get(bytes, i)) * FACTOR;
            a ^= a >>> 32;
            i += 8;
        }
        if (i < end) {
            b = (b ^ rest(bytes, i, end)) * FACTOR;
            b ^= b >>> 32;
        }
        return hash(a + Long.rotateLeft(b, 17));
    }

    static int hash(long value) {
        long product = value * FACTOR;
        return (int) (product >>> 32);
    }

    /** The first eight bytes as a number that orders as they do; shorter spans as if zeros followed. */
    static long head(byte[] bytes, int from, int length) {
        if (length >= 8) {
            return (long) BIG.get(bytes, from);
        }
        if (from + 8 <= bytes.length) {
            return length == 0 ? 0 : (long) BIG.get(bytes, from) & (-1L << (64 - 8 * length));
        }
        long head = 0;
        for (int i = 0; i < length; i++) {
            head |= (bytes[from + i] & 0xFFL) << (56 - 8 * i);
        }
        return head;
    }

    private static long rest(byte[] bytes, int from, int end) {
        if (from + 8 <= bytes.length) {
            return (long) LITTLE.get(bytes, from) & ((1L << ((end - from) << 3)) - 1);
        }
        long rest = 0;
        for (int i = end - 1; i >= from; i--) {
            rest = (rest << 8) | (bytes[i] & 0xFF);
        }
        return rest;
    }
}
