package io.firn.source;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import io.firn.change.PartitionCounts;
import io.firn.table.OffsetRange;
import io.firn.table.TopicOffsets;

/**
 * The next batch of a topic.
 *
 * @param offsets the ranges to read: every partition, going on where the table stands
 * @param behind records that are left after it, markers of transactions counted in
 */
public record OffsetPlan(String topic, TopicOffsets offsets, long behind) {

    /**
     * Plans a batch. Throws {@link PositionLost} when brokers do not hold what the table has not read, or the topic is
     * another one.
     *
     * @param held what the table read last; null: nothing yet
     * @param most records that a batch may have
     */
    public static OffsetPlan next(TopicRange now, TopicOffsets held, long most) {
        if (held != null) {
            requireSame(now, held);
        }
        SortedMap<Integer, OffsetRange> open = open(now, held);
        long lag = open.values().stream()
                .mapToLong(range -> range.to() - range.from())
                .sum();
        SortedMap<Integer, OffsetRange> batch = new TreeMap<>();
        long taken = 0;
        for (Map.Entry<Integer, OffsetRange> partition : open.entrySet()) {
            OffsetRange range = partition.getValue();
            long share = range.to() - range.from();
            if (lag > most) {
                share = Math.min(share, (share * most + lag - 1) / lag);
            }
            batch.put(partition.getKey(), new OffsetRange(range.from(), range.from() + share));
            taken += share;
        }
        return new OffsetPlan(
                now.topic(),
                held == null
                        ? new TopicOffsets(now.id(), batch)
                        : new TopicOffsets(
                                now.id(),
                                batch,
                                held.countsWith(now.partitions().size()),
                                held.epoch()),
                lag - taken);
    }

    /** Throws {@link PositionLost} when the topic is another one. */
    public static void requireSame(TopicRange now, TopicOffsets held) {
        if (!held.topicId().equals(now.id())) {
            throw new PositionLost("topic " + now.topic()
                    + " was deleted and made anew since the table last read it (id " + held.topicId() + ", now "
                    + now.id() + "): its offsets mean other records. " + HOW_TO_GO_ON);
        }
    }

    private static final String HOW_TO_GO_ON =
            "Nothing was loaded. Let Debezium take a new snapshot, then run firn reset"
                    + " for the table, which says what that does";

    /** The same batch, which ends earlier in some partitions. */
    public OffsetPlan until(Map<Integer, Long> ends) {
        SortedMap<Integer, OffsetRange> shorter = new TreeMap<>();
        offsets.partitions().forEach((partition, range) -> {
            long end = Math.min(range.to(), ends.getOrDefault(partition, range.to()));
            shorter.put(partition, new OffsetRange(range.from(), Math.max(range.from(), end)));
        });
        OffsetPlan plan = new OffsetPlan(topic, offsets.at(shorter), 0);
        return new OffsetPlan(topic, plan.offsets, behind + records() - plan.records());
    }

    /** The same batch as if nothing were left after it. */
    public OffsetPlan alone() {
        return new OffsetPlan(topic, offsets, 0);
    }

    /** How many partitions the topic has had. */
    public PartitionCounts partitionCounts() {
        return offsets.partitionCounts(offsets.partitions().size());
    }

    /** Whether there is nothing to read. */
    public boolean isEmpty() {
        return records() == 0;
    }

    /** The records to read at most: markers of transactions, and what compaction removed, are no records. */
    public long records() {
        return offsets.partitions().values().stream()
                .mapToLong(range -> range.to() - range.from())
                .sum();
    }

    /** Offsets to begin at, by partition. */
    public Map<Integer, Long> from() {
        Map<Integer, Long> from = new HashMap<>();
        offsets.partitions().forEach((partition, range) -> from.put(partition, range.from()));
        return from;
    }

    /** Whether what is not read yet was written so long ago that three quarters of the retention are over. */
    public static boolean nearsRetention(Duration age, Duration retention) {
        return retention != null
                && !retention.isZero()
                && age.compareTo(retention.multipliedBy(3).dividedBy(4)) > 0;
    }

    private static SortedMap<Integer, OffsetRange> open(TopicRange now, TopicOffsets held) {
        SortedMap<Integer, OffsetRange> open = new TreeMap<>();
        List<String> lost = new ArrayList<>();
        now.partitions().forEach((partition, bounds) -> {
            OffsetRange last = held == null ? null : held.partitions().get(partition);
            long from = last == null ? bounds.earliest() : last.to();
            if (from < bounds.earliest()) {
                lost.add("offsets [" + from + ", " + bounds.earliest() + ") of partition " + partition
                        + " are gone: brokers keep records from " + bounds.earliest() + " on");
            } else if (from > bounds.end()) {
                lost.add("partition " + partition + " ends at " + bounds.end() + ", before offset " + from
                        + " where the table stands");
            } else {
                open.put(partition, new OffsetRange(from, bounds.end()));
            }
        });
        if (held != null) {
            held.partitions().keySet().stream()
                    .filter(partition -> !now.partitions().containsKey(partition))
                    .forEach(partition -> lost.add("partition " + partition + " is gone"));
        }
        if (!lost.isEmpty()) {
            throw new PositionLost("topic " + now.topic() + " no longer holds what the table has not read: "
                    + String.join("; ", lost) + ". " + HOW_TO_GO_ON);
        }
        return open;
    }
}
