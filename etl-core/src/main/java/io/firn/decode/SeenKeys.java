package io.firn.decode;

import java.util.Arrays;

/** The keys of a line that no {@link KeyNode} stands for, told apart by the object they are in. */
final class SeenKeys {
    private static final int KEPT = 1024;

    private byte[][] sources = new byte[KEPT][];
    private int[] froms = new int[KEPT];
    private int[] tos = new int[KEPT];
    private long[] hashes = new long[KEPT];
    private long[] objects = new long[KEPT];
    private int size;

    /** Notes a key; false when the object had it already. The bytes must not change until {@link #clear}. */
    boolean add(long object, byte[] source, int from, int to, long keyHash) {
        if (size * 2 >= sources.length) {
            grow();
        }
        long hash = Bytes.mix(keyHash + object);
        int i = (int) hash & (sources.length - 1);
        while (sources[i] != null) {
            if (hashes[i] == hash
                    && objects[i] == object
                    && Arrays.equals(sources[i], froms[i], tos[i], source, from, to)) {
                return false;
            }
            i = (i + 1) & (sources.length - 1);
        }
        put(i, source, from, to, hash, object);
        size++;
        return true;
    }

    void clear() {
        if (size == 0) {
            return;
        }
        if (sources.length > KEPT) {
            allocate(KEPT);
        } else {
            Arrays.fill(sources, null);
        }
        size = 0;
    }

    private void grow() {
        byte[][] oldSources = sources;
        int[] oldFroms = froms;
        int[] oldTos = tos;
        long[] oldHashes = hashes;
        long[] oldObjects = objects;
        allocate(oldSources.length * 2);
        for (int k = 0; k < oldSources.length; k++) {
            if (oldSources[k] != null) {
                int i = (int) oldHashes[k] & (sources.length - 1);
                while (sources[i] != null) {
                    i = (i + 1) & (sources.length - 1);
                }
                put(i, oldSources[k], oldFroms[k], oldTos[k], oldHashes[k], oldObjects[k]);
            }
        }
    }

    private void allocate(int capacity) {
        sources = new byte[capacity][];
        froms = new int[capacity];
        tos = new int[capacity];
        hashes = new long[capacity];
        objects = new long[capacity];
    }

    private void put(int i, byte[] source, int from, int to, long hash, long object) {
        sources[i] = source;
        froms[i] = from;
        tos[i] = to;
        hashes[i] = hash;
        objects[i] = object;
    }
}
