package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.spark.unsafe.types.UTF8String;

/** Counts, keeps or refuses the keys that no column names. */
final class Unknowns {
    private final UnknownFields policy;
    private final List<UnknownKey> keys = new ArrayList<>();
    private long more;
    private byte[] kept = new byte[64];
    private int keptSize;

    /** The indexes and keys that lead to the value being decoded, for lists and maps only. */
    private final List<String> filling = new ArrayList<>();

    private final List<Object> open = new ArrayList<>();

    Unknowns(UnknownFields policy) {
        this.policy = policy;
    }

    void reset() {
        keptSize = 0;
        open.clear();
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
        if (key.unknown == null && keys.size() < UnknownReport.MAX_PATHS) {
            key.unknown = new UnknownKey(parent.place.key(key.key()).text());
            keys.add(key.unknown);
        }
        if (key.unknown == null) {
            more++;
        } else {
            key.unknown.saw(bytes, from, to);
        }
        if (policy != UnknownFields.REPORT) {
            act(parent, key.key(), bytes, from, to);
        }
    }

    /** A value that lies under a key of {@code parent} that has none. */
    void sawUnlearned(KeyNode parent, UTF8String key, byte[] bytes, int from, int to) {
        more++;
        if (policy != UnknownFields.REPORT) {
            act(parent, key.toString(), bytes, from, to);
        }
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
        return UnknownReport.of(keys.stream().map(UnknownKey::report).toList(), more);
    }

    private void act(KeyNode parent, String key, byte[] bytes, int from, int to) {
        if (policy == UnknownFields.FAIL) {
            throw new Refusal(parent.place.key(key).text(), "no column names this key");
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
