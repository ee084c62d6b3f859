package io.firn.table;

import java.util.Map;
import java.util.TreeMap;

/** States of one topic of two partitions. */
final class Topics {
    private Topics() {}

    /** Both partitions read up to an offset. */
    static TopicState upTo(long offset) {
        return range(0, offset);
    }

    static TopicState after(TopicState before, long to) {
        return range(before.next("orders", 0).orElseThrow(), to);
    }

    static TopicState range(long from, long to) {
        TopicOffsets offsets = new TopicOffsets(
                "id-1", new TreeMap<>(Map.of(0, new OffsetRange(from, to), 1, new OffsetRange(from, to))));
        return new TopicState(new TreeMap<>(Map.of("orders", offsets)), 0, null, null);
    }
}
