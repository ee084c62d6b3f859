package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.firn.decode.ValueReader.Kind;

/**
 * Where several columns read one value, a key is unknown only if none of them names it, and it is counted once: by the
 * first reading that comes by.
 */
final class Overlap {
    private Overlap() {}

    static void settle(KeyNode node) {
        List<ValueReader> readings = readings(node);
        for (int i = 0; i < readings.size(); i++) {
            for (int j = i + 1; j < readings.size(); j++) {
                settle(readings.get(i), readings.get(j));
            }
        }
        if (node.columnBelow != null || node.place.equals(Place.ROOT)) {
            node.all().forEach(Overlap::settle);
        }
    }

    private static void settle(ValueReader first, ValueReader second) {
        if (first.kind == Kind.STRUCT && second.kind == Kind.STRUCT) {
            settle(first.node, second.node);
        } else if (first.kind == second.kind && first.element != null) {
            settle(first.element, second.element);
        } else {
            silence(first);
            silence(second);
        }
    }

    private static void settle(KeyNode first, KeyNode second) {
        second.counting = false;
        for (KeyNode theirs : second.all()) {
            KeyNode ours = first.child(theirs.key());
            if (ours == null) {
                KeyNode covered = new KeyNode(theirs.key().getBytes(StandardCharsets.UTF_8), theirs.place);
                covered.covered = true;
                first.add(covered);
                continue;
            }
            for (ValueReader a : readings(ours)) {
                for (ValueReader b : readings(theirs)) {
                    settle(a, b);
                }
            }
        }
    }

    /** Somebody reads the value as a whole: nothing in it is unknown. */
    private static void silence(ValueReader reader) {
        if (reader.element != null) {
            silence(reader.element);
        }
        if (reader.node != null) {
            reader.node.counting = false;
            reader.node.all().forEach(key -> readings(key).forEach(Overlap::silence));
        }
    }

    private static List<ValueReader> readings(KeyNode node) {
        List<ValueReader> all = new ArrayList<>();
        node.readings.forEach(reading -> all.add(reading.reader().read()));
        if (node.columnBelow != null) {
            all.add(ValueReader.below(node));
        }
        return all;
    }
}
