package io.firn.table;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The offsets of a topic that a table's last publish took.
 *
 * @param topicId Kafka's id of the topic, which a topic of the same name made anew does not have
 * @param partitions by partition; every partition known, those that gave nothing with an empty range
 * @param epoch where the records of the present epoch begin, by partition; null: with the topic
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopicOffsets(
        String topicId, SortedMap<Integer, OffsetRange> partitions, SortedMap<Integer, Long> epoch) {
    @JsonCreator
    public TopicOffsets {
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
        epoch = epoch == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(epoch));
    }

    /** Offsets of a topic that was of one epoch from its beginning. */
    public TopicOffsets(String topicId, SortedMap<Integer, OffsetRange> partitions) {
        this(topicId, partitions, null);
    }

    /** The same topic, of which other offsets were read. */
    public TopicOffsets at(SortedMap<Integer, OffsetRange> now) {
        return new TopicOffsets(topicId, now, epoch);
    }

    /** Nothing more of the topic: empty ranges where these end. */
    public TopicOffsets ended() {
        SortedMap<Integer, OffsetRange> ended = new TreeMap<>();
        partitions.forEach((partition, range) -> ended.put(partition, new OffsetRange(range.to(), range.to())));
        return at(ended);
    }

    /** Nothing more of the topic, and what follows is of a new epoch. */
    public TopicOffsets newEpoch() {
        TopicOffsets ended = ended();
        SortedMap<Integer, Long> begins = new TreeMap<>();
        ended.partitions.forEach((partition, range) -> begins.put(partition, range.to()));
        return new TopicOffsets(topicId, ended.partitions, begins);
    }

    /** Where records of the present epoch begin. */
    public long epochBegin(int partition) {
        return epoch == null ? 0 : epoch.getOrDefault(partition, 0L);
    }
}
