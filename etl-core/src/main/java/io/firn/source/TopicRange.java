package io.firn.source;

import java.time.Duration;
import java.util.SortedMap;

/**
 * What brokers hold of a topic.
 *
 * @param id the topic's own, another one when it was made anew under its name
 * @param partitions by number
 * @param retention how long records are kept; null: for ever, or not known
 * @param compacted whether, within a day, brokers may drop records that a later one of their key follows
 */
public record TopicRange(
        String topic, String id, SortedMap<Integer, Bounds> partitions, Duration retention, boolean compacted) {
    /** The first offset that is there, and the one after the last that a reader of committed records sees. */
    public record Bounds(long earliest, long end) {}
}
