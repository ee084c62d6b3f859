package io.firn.parquet;

import java.util.Arrays;

/** The distinct numbers of a column chunk, in the order in which they came. */
final class LongDictionary {
    private static final int SMALL = 16;
    /** Small numbers, which are the most frequent, have their place looked up directly. */
    private static final int MAX_DIRECT = 1 << 14;

    private static final int[] NONE = {};

    private final Memory memory;
    private long[] values = new long[SMALL];
    private int[] table = new int[2 * SMALL];
    private int[] direct = NONE;
    private int size;
    private long last;
    private int lastId = -1;

    LongDictionary(Memory memory) {
        this.memory = memory;
        memory.add(held());
    }

    int size() {
        return size;
    }

    long value(int id) {
        return values[id];
    }

    /** The number's place, new if it was not here. */
    int idOf(long value) {
        if (value == last && lastId >= 0) {
            return lastId;
        }
        last = value;
        if (value >= 0 && value < MAX_DIRECT) {
            return small((int) value);
        }
        int mask = table.length - 1;
        int slot = Spans.hash(value) & mask;
        // Slots hold the place plus one, zero where there is none.
        for (int entry = table[slot]; entry != 0; entry = table[slot]) {
            if (values[entry - 1] == value) {
                lastId = entry - 1;
                return lastId;
            }
            slot = (slot + 1) & mask;
        }
        if (size == values.length) {
            grow();
            return idOf(value, table.length - 1);
        }
        return add(value, slot);
    }

    void release() {
        memory.add(-held());
    }

    private int small(int value) {
        if (value >= direct.length) {
            int length = Math.max(SMALL, Integer.highestOneBit(value) * 2);
            memory.add((length - direct.length) * 4L);
            direct = Arrays.copyOf(direct, length);
        }
        int entry = direct[value];
        if (entry == 0) {
            if (size == values.length) {
                grow();
            }
            values[size] = value;
            entry = ++size;
            direct[value] = entry;
        }
        lastId = entry - 1;
        return lastId;
    }

    private int idOf(long value, int mask) {
        int slot = Spans.hash(value) & mask;
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        return add(value, slot);
    }

    private int add(long value, int slot) {
        values[size] = value;
        table[slot] = ++size;
        lastId = size - 1;
        return lastId;
    }

    private void grow() {
        memory.add(-held());
        values = Arrays.copyOf(values, size * 2);
        table = new int[values.length * 2];
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) {
            if (values[i] >= 0 && values[i] < MAX_DIRECT) {
                continue;
            }
            int slot = Spans.hash(values[i]) & mask;
            while (table[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            table[slot] = i + 1;
        }
        memory.add(held());
    }

    private long held() {
        return values.length * 8L + (table.length + direct.length) * 4L;
    }
}
