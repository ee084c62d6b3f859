package io.firn.table;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The offsets of a topic that a table's last publish took.
 *
 * @param topicId Kafka's id of the topic, which a topic of the same name made anew does not have
 * @param partitions by partition; every partition known, those that gave nothing with an empty range
 */
public record TopicOffsets(String topicId, SortedMap<Integer, OffsetRange> partitions) {
    public TopicOffsets {
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    }

    /** Nothing more of the topic: empty ranges where these end. */
    public TopicOffsets ended() {
        SortedMap<Integer, OffsetRange> ended = new TreeMap<>();
        partitions.forEach((partition, range) -> ended.put(partition, new OffsetRange(range.to(), range.to())));
        return new TopicOffsets(topicId, ended);
    }
}
