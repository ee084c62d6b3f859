package io.firn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.firn.source.OffsetPlan;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.OffsetRange;
import io.firn.table.Outcome;
import io.firn.table.Publication;
import io.firn.table.RowRemoval;
import io.firn.table.SqlLiterals;
import io.firn.table.StagedFile;
import io.firn.table.TopicLoad;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;
import io.firn.table.Write.AddFiles;

/**
 * The part of the quarantine that one topic fills. It is published before the topic's table, so that no record is missing
 * from both; what an earlier try of the same records left is replaced.
 */
final class TopicQuarantine {
    private final TopicContext context;
    private final LakeTable table;
    private final String topic;

    TopicQuarantine(TopicContext context, LakeTable table, String topic) {
        this.context = context;
        this.table = table;
        this.topic = topic;
    }

    LakeTable table() {
        return table;
    }

    /** Publishes what was refused of a batch. */
    void publish(OffsetPlan batch, List<StagedFile> refused) {
        table.refresh();
        Optional<TopicPosition> position = table.position(name());
        TopicOffsets held = position.map(p -> p.state().topics().get(topic)).orElse(null);
        SortedMap<Integer, OffsetRange> next = new TreeMap<>();
        Map<Integer, Long> again = new TreeMap<>();
        batch.offsets().partitions().forEach((partition, range) -> {
            OffsetRange last = held == null ? null : held.partitions().get(partition);
            long from = last == null ? range.from() : last.to();
            next.put(partition, new OffsetRange(from, Math.max(from, range.to())));
            if (from > range.from()) {
                again.put(partition, range.from());
            }
        });
        if (refused.isEmpty() && again.isEmpty()) {
            return;
        }
        TopicState state = new TopicState(
                new TreeMap<>(Map.of(topic, new TopicOffsets(batch.offsets().topicId(), next))), 0, null, null);
        Set<String> files = again.keySet().stream()
                .map(partition -> topic + "/" + partition)
                .collect(Collectors.toCollection(TreeSet::new));
        TopicLoad load =
                new TopicLoad(state, position.map(TopicPosition::commit).orElse(null), files);
        Outcome outcome =
                new Publication(table, name(), context.runId(), removal(again)).publish(load, new AddFiles(refused));
        if (outcome instanceof Outcome.Conflict) {
            table.discard(refused);
        }
    }

    /** Each topic has its own position in the quarantine, as topics are read one by one. */
    private String name() {
        return context.name() + "." + topic;
    }

    private RowRemoval removal(Map<Integer, Long> from) {
        return (files, branch) -> context.spark()
                .sql("DELETE FROM " + branch + " WHERE pipeline = " + SqlLiterals.text(context.name()) + " AND ("
                        + from.entrySet().stream()
                                .map(entry -> "(" + LoadColumns.FILE + " = "
                                        + SqlLiterals.text(topic + "/" + entry.getKey()) + " AND " + LoadColumns.OFFSET
                                        + " >= " + entry.getValue() + ")")
                                .collect(Collectors.joining(" OR "))
                        + ")");
    }
}
