package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads keys, finds their nodes, refuses duplicates, and learns keys that nobody named while there is room. */
final class Keys {
    private static final int MAX_LEARNED = 4096;
    private static final int MAX_CHILDREN = 512;
    private static final int MAX_LENGTH = 256;

    private final JsonScanner in;
    private final SeenKeys seen = new SeenKeys();
    private int learned;
    private long objects;

    Keys(JsonScanner in) {
        this.in = in;
    }

    void reset() {
        seen.clear();
    }

    /** A number for an object that begins, unlike that of any other. */
    long begin() {
        return ++objects;
    }

    /**
     * Reads the key at the cursor and goes on to its value.
     *
     * @param node the object's node, or null where nothing is learned any more
     * @param before the node of the key before, or null
     * @return the key's node, or null when it has none; then its text is the scanner's
     */
    KeyNode next(KeyNode node, KeyNode before, long object) {
        KeyNode found = node == null ? null : before == null ? node.first : before.next;
        int stop = found == null ? -1 : found.match(in.bytes, in.at + 1, in.end);
        if (stop >= 0) {
            in.at = stop;
        } else {
            found = find(node, before, object);
            if (found == null) {
                in.colon();
                return null;
            }
        }
        if (found.seenIn == object) {
            throw duplicate(found.name, 0, found.name.length);
        }
        found.seenIn = object;
        in.colon();
        return found;
    }

    /** Reads a key that has no node, and goes on to its value; the key's text is the scanner's. */
    void nextUnlearned(long object) {
        in.string();
        note(object, Bytes.hash(in.text, in.textFrom, in.textTo));
        in.colon();
    }

    private KeyNode find(KeyNode node, KeyNode before, long object) {
        in.string();
        long hash = Bytes.hash(in.text, in.textFrom, in.textTo);
        KeyNode found = node == null ? null : node.child(in.text, in.textFrom, in.textTo, hash);
        if (found == null && node != null && mayLearn(node)) {
            found = new KeyNode(Arrays.copyOfRange(in.text, in.textFrom, in.textTo), null);
            node.add(found);
            learned++;
        }
        if (found == null) {
            note(object, hash);
        } else if (before == null) {
            node.first = found;
        } else {
            before.next = found;
        }
        return found;
    }

    private boolean mayLearn(KeyNode node) {
        return learned < MAX_LEARNED && node.children < MAX_CHILDREN && in.textTo - in.textFrom <= MAX_LENGTH;
    }

    private void note(long object, long hash) {
        if (!seen.add(object, in.text, in.textFrom, in.textTo, hash)) {
            throw duplicate(in.text, in.textFrom, in.textTo);
        }
    }

    private Refusal duplicate(byte[] key, int from, int to) {
        String text = new String(key, from, Math.min(to - from, 80), StandardCharsets.UTF_8);
        return in.malformed(in.at, "the key \"" + text + "\" stands twice in one object");
    }
}
