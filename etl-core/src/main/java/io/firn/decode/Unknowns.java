package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.spark.unsafe.types.UTF8String;

/** Counts, keeps or refuses the keys that no column names. */
final class Unknowns {
    private final UnknownFields policy;
    private final boolean revocable;
    private final List<UnknownKey> keys = new ArrayList<>();
    private long more;
    private byte[] kept = new byte[64];
    private int keptSize;

    /** The indexes and keys that lead to the value being decoded, for lists and maps only. */
    private final List<String> filling = new ArrayList<>();

    private final List<Object> open = new ArrayList<>();

    /** What the line at hand added to the counts, in case that it is decoded again. */
    private final List<UnknownKey> counted = new ArrayList<>();

    private long countedMore;
    private boolean unplaced;
    private int markedKept;
    private int markedOpen;
    private int markedCounted;
    private long markedMore;
    private boolean markedUnplaced;

    /** @param revocable whether {@link #forget} or {@link #back} may be called */
    Unknowns(UnknownFields policy, boolean revocable) {
        this.policy = policy;
        this.revocable = revocable;
    }

    void reset() {
        keptSize = 0;
        open.clear();
        if (revocable) {
            counted.clear();
            countedMore = 0;
            unplaced = false;
        }
    }

    /** Whether the line has a key that nobody names and that holds something; only {@code EVOLVE} tells. */
    boolean unplaced() {
        return unplaced;
    }

    /** Counts nothing of the line at hand: it is decoded once more, and counted then. */
    void forget() {
        forget(0, 0);
    }

    /** Remembers what is known of the line before a value that may turn out not to fit. */
    void mark() {
        markedKept = keptSize;
        markedOpen = open.size();
        markedCounted = counted.size();
        markedMore = countedMore;
        markedUnplaced = unplaced;
    }

    /** Forgets what was seen since {@link #mark}. */
    void back() {
        keptSize = markedKept;
        open.subList(markedOpen, open.size()).clear();
        forget(markedCounted, markedMore);
        unplaced = markedUnplaced;
    }

    private void forget(int from, long fromMore) {
        List<UnknownKey> last = counted.subList(from, counted.size());
        last.forEach(UnknownKey::forget);
        last.clear();
        more -= countedMore - fromMore;
        countedMore = fromMore;
    }

    /** Remembers where in a list or map the next values lie; only what is kept tells. */
    void enter() {
        if (policy == UnknownFields.KEEP) {
            open.add(null);
        }
    }

    void at(long index) {
        if (policy == UnknownFields.KEEP) {
            open.set(open.size() - 1, index);
        }
    }

    void at(UTF8String key) {
        if (policy == UnknownFields.KEEP) {
            open.set(open.size() - 1, key);
        }
    }

    void leave() {
        if (policy == UnknownFields.KEEP) {
            open.remove(open.size() - 1);
        }
    }

    /** A value that lies under a key of {@code parent} that has a node. */
    void saw(KeyNode parent, KeyNode key, byte[] bytes, int from, int to) {
        if (policy == UnknownFields.EVOLVE && isFilled(bytes, from, to)) {
            unplaced = true;
            return;
        }
        if (key.unknown == null && keys.size() < UnknownReport.MAX_PATHS) {
            key.unknown = new UnknownKey(parent.place.key(key.key()).text());
            keys.add(key.unknown);
        }
        if (key.unknown == null) {
            more++;
            countedMore++;
        } else {
            key.unknown.saw(bytes, from, to);
            if (revocable) {
                counted.add(key.unknown);
            }
        }
        if (policy == UnknownFields.KEEP || policy == UnknownFields.FAIL) {
            act(parent, key.key(), bytes, from, to);
        }
    }

    /** A value that lies under a key of {@code parent} that has none. */
    void sawUnlearned(KeyNode parent, UTF8String key, byte[] bytes, int from, int to) {
        if (policy == UnknownFields.EVOLVE && isFilled(bytes, from, to)) {
            unplaced = true;
            return;
        }
        more++;
        countedMore++;
        if (policy == UnknownFields.KEEP || policy == UnknownFields.FAIL) {
            act(parent, key.toString(), bytes, from, to);
        }
    }

    /** Whether some value in it tells a type: nulls do not, nor objects and lists with nothing but them. */
    private static boolean isFilled(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            switch (bytes[i]) {
                case '"' -> {
                    i = afterString(bytes, i);
                    while (i < to && JsonScanner.isSpace(bytes[i])) {
                        i++;
                    }
                    if (i >= to || bytes[i] != ':') {
                        return true;
                    }
                }
                case 'n' -> i += "null".length();
                case '{', '}', '[', ']', ',', ':', ' ', '\t', '\r', '\n' -> i++;
                default -> {
                    return true;
                }
            }
        }
        return false;
    }

    private static int afterString(byte[] bytes, int quote) {
        int i = quote + 1;
        while (bytes[i] != '"') {
            i += bytes[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    /** The column of unknown keys for the line just read; null when there were none. */
    UTF8String kept() {
        if (keptSize == 0) {
            return null;
        }
        append((byte) '}');
        return UTF8String.fromBytes(Arrays.copyOf(kept, keptSize));
    }

    UnknownReport report() {
        return UnknownReport.of(
                keys.stream()
                        .filter(UnknownKey::isCounted)
                        .map(UnknownKey::report)
                        .toList(),
                more);
    }

    private void act(KeyNode parent, String key, byte[] bytes, int from, int to) {
        if (policy == UnknownFields.FAIL) {
            throw Refusal.ofLine(parent.place.key(key).text(), "no column names this key");
        }
        filling.clear();
        for (Object step : open) {
            filling.add(step instanceof Long index ? Place.index(index) : Place.entry(String.valueOf(step)));
        }
        append((byte) (keptSize == 0 ? '{' : ','));
        string(parent.place.key(key).text(filling));
        append((byte) ':');
        append(bytes, from, to);
    }

    private void string(String text) {
        append((byte) '"');
        for (byte c : text.getBytes(StandardCharsets.UTF_8)) {
            if (c >= 0 && c < ' ') {
                byte[] escape = String.format("\\u%04x", c).getBytes(StandardCharsets.US_ASCII);
                append(escape, 0, escape.length);
                continue;
            }
            if (c == '"' || c == '\\') {
                append((byte) '\\');
            }
            append(c);
        }
        append((byte) '"');
    }

    private void append(byte c) {
        if (keptSize == kept.length) {
            kept = Arrays.copyOf(kept, keptSize * 2);
        }
        kept[keptSize++] = c;
    }

    private void append(byte[] bytes, int from, int to) {
        int size = keptSize + to - from;
        if (size > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(size, kept.length * 2));
        }
        System.arraycopy(bytes, from, kept, keptSize, to - from);
        keptSize = size;
    }
}
