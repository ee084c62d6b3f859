package io.firn.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;

import io.firn.change.PartitionCounts;

/**
 * The offsets of a topic that a table's last publish took.
 *
 * @param topicId Kafka's id of the topic, which a topic of the same name made anew does not have
 * @param partitions by partition; every partition known, those that gave nothing with an empty range
 * @param counts how many partitions the topic has had, ascending; null: always as many as now
 * @param epoch where the records of the present epoch begin, by partition; null: with the topic
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopicOffsets(
        String topicId,
        SortedMap<Integer, OffsetRange> partitions,
        List<Integer> counts,
        SortedMap<Integer, Long> epoch) {
    @JsonCreator
    public TopicOffsets {
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
        counts = counts == null ? null : List.copyOf(counts);
        epoch = epoch == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(epoch));
    }

    /** Offsets of a topic that has had as many partitions, and one epoch, from its beginning. */
    public TopicOffsets(String topicId, SortedMap<Integer, OffsetRange> partitions) {
        this(topicId, partitions, null, null);
    }

    /** Of the topic now that it has {@code now} partitions. */
    public List<Integer> countsWith(int now) {
        int last = counts != null ? counts.get(counts.size() - 1) : partitions.isEmpty() ? now : partitions.size();
        if (last == now) {
            return counts;
        }
        List<Integer> all = new ArrayList<>(counts == null ? List.of(last) : counts);
        all.add(now);
        return all;
    }

    /** The same as is known for changes that only their offsets order. */
    public PartitionCounts partitionCounts(int now) {
        List<Integer> all = countsWith(now);
        return new PartitionCounts(all == null ? List.of(now) : all);
    }

    /** The same topic, of which other offsets were read. */
    public TopicOffsets at(SortedMap<Integer, OffsetRange> now) {
        return new TopicOffsets(topicId, now, counts, epoch);
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
        return new TopicOffsets(topicId, ended.partitions, counts, begins);
    }

    /** Where records of the present epoch begin. */
    public long epochBegin(int partition) {
        return epoch == null ? 0 : epoch.getOrDefault(partition, 0L);
    }
}
