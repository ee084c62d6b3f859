package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** An immutable map that is asked with bytes in place, without making a string. */
public final class ByteSpanMap<T> {
    private final byte[][] keys;
    private final Object[] values;

    /** A map of these entries, whose keys are asked for in UTF-8. */
    public ByteSpanMap(Map<String, T> entries) {
        int capacity = Integer.highestOneBit(Math.max(4, entries.size() * 2)) * 2;
        keys = new byte[capacity][];
        values = new Object[capacity];
        entries.forEach((name, value) -> {
            byte[] key = name.getBytes(StandardCharsets.UTF_8);
            int i = slot(key, 0, key.length);
            keys[i] = key;
            values[i] = value;
        });
    }

    /** The value of the key {@code bytes[from, to)}, or null. */
    @SuppressWarnings("unchecked")
    public T get(byte[] bytes, int from, int to) {
        return (T) values[slot(bytes, from, to)];
    }

    private int slot(byte[] bytes, int from, int to) {
        int i = (int) Bytes.hash(bytes, from, to) & (keys.length - 1);
        while (keys[i] != null && !Arrays.equals(keys[i], 0, keys[i].length, bytes, from, to)) {
            i = (i + 1) & (keys.length - 1);
        }
        return i;
    }
}
