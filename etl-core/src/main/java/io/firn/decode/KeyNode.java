package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A key of an object and, below it, the keys seen or declared in its own value: a trie over documents of one kind. Each
 * node remembers which key came after it last time, so that in documents of like order a key costs one comparison.
 * Elements of an array share their array's node.
 */
final class KeyNode {
    /** One way to read the value of a key: columns may share a path. */
    record Reading(ValueReader reader, int slot) {}

    final byte[] name;
    final long hash;

    /** The object in which this key was seen last; the same one again is a duplicate. */
    long seenIn;

    KeyNode first;
    KeyNode next;
    int children;

    /** The columns or struct fields that this key holds. */
    List<Reading> readings = List.of();

    /** The only reading; null when there are several, or keys below are named too, or none. */
    ValueReader reader;

    int slot;

    /** Columns lie below this key, so that it must hold an object; the first of them. */
    String columnBelow;

    /** The column whose policy holds for what is no object where columns lie below; null: the line is refused. */
    Reading watchedBelow;

    /** The columns that take what is no object where columns lie below, in the order in which they are asked. */
    List<Reading> strangers = List.of();

    /** Keys below that nobody names are to be reported. */
    boolean counting;

    /** Named by a column in another way: not read here, not unknown either. */
    boolean covered;

    /** Where the value lies; null when it is only skipped. */
    Place place;

    UnknownKey unknown;

    private final byte[] quoted;
    private final long word;
    private final long mask;
    private KeyNode[] table = new KeyNode[8];

    KeyNode(byte[] name, Place place) {
        this.name = name;
        this.place = place;
        hash = Bytes.hash(name, 0, name.length);
        quoted = Arrays.copyOf(name, Math.max(8, name.length + 1));
        quoted[name.length] = '"';
        boolean plain = true;
        for (byte c : name) {
            plain &= (c >= ' ' || c < 0) && c != '"' && c != '\\';
        }
        // A key that JSON must write with an escape never equals its bytes in the line: no word matches.
        mask = plain ? name.length >= 7 ? -1L : (1L << ((name.length + 1) * 8)) - 1 : 0;
        word = plain ? Bytes.word(quoted, 0) & mask : 1;
    }

    static KeyNode root() {
        KeyNode root = new KeyNode(new byte[0], Place.ROOT);
        root.counting = true;
        return root;
    }

    /** Adds a reading of this key's value. */
    void read(ValueReader by, int into) {
        List<Reading> more = new ArrayList<>(readings);
        more.add(new Reading(by, into));
        readings = List.copyOf(more);
        settle();
    }

    /** Says that a column lies below this key. */
    void lead(String column) {
        columnBelow = columnBelow == null ? column : columnBelow;
        counting = true;
        settle();
    }

    private void settle() {
        boolean single = readings.size() == 1 && columnBelow == null;
        reader = single ? readings.get(0).reader() : null;
        slot = single ? readings.get(0).slot() : -1;
    }

    String key() {
        return new String(name, StandardCharsets.UTF_8);
    }

    boolean isNamed() {
        return columnBelow != null || !readings.isEmpty();
    }

    /** Where the key's closing quote ends if exactly this key starts at {@code i}, else -1. */
    int match(byte[] b, int i, int end) {
        int stop = i + name.length + 1;
        if (stop > end || i + 8 > b.length || (Bytes.word(b, i) & mask) != word) {
            return -1;
        }
        int last = name.length - 7;
        for (int k = 8; k < last; k += 8) {
            if (Bytes.word(b, i + k) != Bytes.word(quoted, k)) {
                return -1;
            }
        }
        return last <= 0 || Bytes.word(b, i + last) == Bytes.word(quoted, last) ? stop : -1;
    }

    KeyNode child(byte[] b, int from, int to, long keyHash) {
        int i = (int) keyHash & (table.length - 1);
        for (KeyNode node = table[i]; node != null; node = table[i]) {
            if (node.hash == keyHash && Arrays.equals(node.name, 0, node.name.length, b, from, to)) {
                return node;
            }
            i = (i + 1) & (table.length - 1);
        }
        return null;
    }

    KeyNode child(String key) {
        byte[] b = key.getBytes(StandardCharsets.UTF_8);
        return child(b, 0, b.length, Bytes.hash(b, 0, b.length));
    }

    /** The child of that name, new if there was none. */
    KeyNode declare(String key) {
        KeyNode node = child(key);
        if (node == null) {
            node = new KeyNode(key.getBytes(StandardCharsets.UTF_8), place.key(key));
            add(node);
        }
        return node;
    }

    void add(KeyNode child) {
        if (++children * 2 > table.length) {
            KeyNode[] old = table;
            table = new KeyNode[old.length * 2];
            for (KeyNode node : old) {
                if (node != null) {
                    put(node);
                }
            }
        }
        put(child);
    }

    List<KeyNode> all() {
        List<KeyNode> all = new ArrayList<>();
        for (KeyNode node : table) {
            if (node != null) {
                all.add(node);
            }
        }
        return all;
    }

    private void put(KeyNode node) {
        int i = (int) node.hash & (table.length - 1);
        while (table[i] != null) {
            i = (i + 1) & (table.length - 1);
        }
        table[i] = node;
    }
}
