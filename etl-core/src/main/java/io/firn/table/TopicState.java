package io.firn.table;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firn.change.SnapshotMark;

/**
 * What a table holds of the topics that feed it.
 *
 * @param topics by name
 * @param epoch the first number of positions
 * @param floor the text of a position; changes before it are void, as after a truncate. Null: none
 * @param logs how far the source's log was read, as text, by topic; null: not known
 * @param snapshot the last one that rows were taken of, where changes may come after it that were written before; null:
 *     none
 * @param columns those of the topic's rows where its messages tell them; null: they do not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopicState(
        SortedMap<String, TopicOffsets> topics,
        int epoch,
        String floor,
        SortedMap<String, String> logs,
        SnapshotMark snapshot,
        List<SourceColumn> columns) {
    public TopicState {
        topics = Collections.unmodifiableSortedMap(new TreeMap<>(topics));
        logs = Collections.unmodifiableSortedMap(new TreeMap<>(logs == null ? Map.of() : logs));
        columns = columns == null ? null : List.copyOf(columns);
    }

    /** A state of topics whose rows are not told by their messages. */
    public TopicState(SortedMap<String, TopicOffsets> topics, int epoch, String floor, SortedMap<String, String> logs) {
        this(topics, epoch, floor, logs, null, null);
    }

    /** Where the next read of a partition begins; empty: nothing of it was read. */
    public Optional<Long> next(String topic, int partition) {
        return Optional.ofNullable(topics.get(topic))
                .map(offsets -> offsets.partitions().get(partition))
                .map(OffsetRange::to);
    }

    /** Whether this state has read all that {@code other} has read. */
    boolean reaches(TopicState other) {
        return other.topics.entrySet().stream().allMatch(topic -> {
            TopicOffsets mine = topics.get(topic.getKey());
            return mine != null
                    && mine.topicId().equals(topic.getValue().topicId())
                    && topic.getValue().partitions().entrySet().stream()
                            .allMatch(partition ->
                                    next(topic.getKey(), partition.getKey()).orElse(-1L)
                                            >= partition.getValue().to());
        });
    }

    /** The first partition that this state does not take up where {@code before} ended, as text for people. */
    Optional<String> gapAfter(TopicState before) {
        for (Map.Entry<String, TopicOffsets> topic : before.topics.entrySet()) {
            TopicOffsets mine = topics.get(topic.getKey());
            if (mine == null || !mine.topicId().equals(topic.getValue().topicId())) {
                return Optional.of("topic " + topic.getKey() + " is gone, or another one of the same name");
            }
            for (Map.Entry<Integer, OffsetRange> partition :
                    topic.getValue().partitions().entrySet()) {
                OffsetRange range = mine.partitions().get(partition.getKey());
                long ended = partition.getValue().to();
                if (range == null || range.from() != ended) {
                    return Optional.of("partition " + partition.getKey() + " of topic " + topic.getKey() + " ended at "
                            + ended + " and goes on at " + (range == null ? "nothing" : range.from()));
                }
            }
        }
        return Optional.empty();
    }
}
