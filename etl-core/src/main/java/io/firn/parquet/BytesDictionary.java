package io.firn.parquet;

import java.util.Arrays;

/** The distinct byte strings of a column chunk, in the order in which they came. */
final class BytesDictionary {
    private static final int SMALL = 16;

    private final Memory memory;
    private final PageBuffer values;
    private int[] ends = new int[SMALL];
    private int[] hashes = new int[SMALL];
    private int[] table = new int[2 * SMALL];
    private int size;
    private int lastId = -1;

    BytesDictionary(Memory memory) {
        this.memory = memory;
        values = new PageBuffer(memory);
        memory.add(held());
    }

    int size() {
        return size;
    }

    /** The bytes that hold all values, one after the other. */
    byte[] bytes() {
        return values.bytes();
    }

    int from(int id) {
        return id == 0 ? 0 : ends[id - 1];
    }

    int length(int id) {
        return ends[id] - from(id);
    }

    /** All values together. */
    int totalLength() {
        return values.length();
    }

    /** The value's place, new if it was not here. */
    int idOf(byte[] source, int from, int length) {
        if (lastId >= 0 && same(lastId, source, from, length)) {
            return lastId;
        }
        int hash = Spans.hash(source, from, length);
        int mask = table.length - 1;
        int slot = hash & mask;
        // Slots hold the place plus one, zero where there is none.
        for (int entry = table[slot]; entry != 0; entry = table[slot]) {
            if (hashes[entry - 1] == hash && same(entry - 1, source, from, length)) {
                lastId = entry - 1;
                return lastId;
            }
            slot = (slot + 1) & mask;
        }
        if (size == ends.length) {
            grow();
            slot = free(hash);
        }
        values.put(source, from, length);
        ends[size] = values.length();
        hashes[size] = hash;
        lastId = size++;
        table[slot] = size;
        return lastId;
    }

    void release() {
        memory.add(-held());
        values.clear(0);
    }

    private boolean same(int id, byte[] source, int from, int length) {
        int begin = from(id);
        return ends[id] - begin == length
                && Arrays.equals(values.bytes(), begin, begin + length, source, from, from + length);
    }

    private void grow() {
        memory.add(-held());
        ends = Arrays.copyOf(ends, size * 2);
        hashes = Arrays.copyOf(hashes, size * 2);
        table = new int[size * 4];
        for (int i = 0; i < size; i++) {
            table[free(hashes[i])] = i + 1;
        }
        memory.add(held());
    }

    private int free(int hash) {
        int mask = table.length - 1;
        int slot = hash & mask;
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private long held() {
        return (ends.length + hashes.length + table.length) * 4L;
    }
}
