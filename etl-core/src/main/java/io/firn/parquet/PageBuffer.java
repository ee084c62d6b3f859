package io.firn.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes that grow, written as Parquet has them: numbers with the lowest byte first. */
final class PageBuffer {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int SMALL = 64;

    private final Memory memory;
    private byte[] bytes = new byte[SMALL];
    private int length;

    PageBuffer(Memory memory) {
        this.memory = memory;
        memory.add(SMALL);
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Forgets the content; of more room than {@code kept} the rest is given back. */
    void clear(int kept) {
        length = 0;
        if (bytes.length > Math.max(kept, SMALL)) {
            memory.add((long) SMALL - bytes.length);
            bytes = new byte[SMALL];
        }
    }

    void put(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    void putInt(int value) {
        room(4);
        INTS.set(bytes, length, value);
        length += 4;
    }

    void putLong(long value) {
        room(8);
        LONGS.set(bytes, length, value);
        length += 8;
    }

    void put(byte[] source, int from, int count) {
        room(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** A number of unknown size, seven bits a byte. */
    void putVarInt(int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            put((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        put(rest);
    }

    void setInt(int at, int value) {
        INTS.set(bytes, at, value);
    }

    void or(int at, int bits) {
        bytes[at] |= (byte) bits;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int count) {
        if (bytes.length - length < count) {
            grow(count);
        }
    }

    private void grow(int count) {
        long wanted = Math.max((long) length + count, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 8));
        if (wanted > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("a Parquet page cannot hold more than 2 GiB");
        }
        memory.add(wanted - bytes.length);
        bytes = Arrays.copyOf(bytes, (int) wanted);
    }
}
