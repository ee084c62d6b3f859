package io.firn;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.firn.source.OffsetPlan;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.OffsetRange;
import io.firn.table.Outcome;
import io.firn.table.PositionSet;
import io.firn.table.Publication;
import io.firn.table.RowRemoval;
import io.firn.table.RowStatement;
import io.firn.table.SqlLiterals;
import io.firn.table.StagedFile;
import io.firn.table.TopicLoad;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;
import io.firn.table.Write.AddFiles;

/**
 * The part of the quarantine that a topic, or all topics of plain messages, fill. It is published before any table, so
 * that no record is missing from both; what an earlier try of the same records left is replaced.
 */
final class TopicQuarantine {
    private final TopicContext context;
    private final LakeTable table;
    private final String feed;

    /** @param feed whose position in the quarantine goes on by itself */
    TopicQuarantine(TopicContext context, LakeTable table, String feed) {
        this.context = context;
        this.table = table;
        this.feed = feed;
    }

    LakeTable table() {
        return table;
    }

    /**
     * The records of a batch that were looked at, as a condition on the quarantine's rows: those of others stay.
     *
     * @param condition empty, or led by AND
     */
    record Judged(String condition) {
        static final Judged ALL = new Judged("");

        /** Those of no event too. */
        static Judged allBut(List<String> events) {
            return events.isEmpty()
                    ? ALL
                    : new Judged(" AND (event IS NULL OR event NOT IN " + SqlLiterals.list(events) + ")");
        }

        static Judged only(List<String> events) {
            return new Judged(" AND event IN " + SqlLiterals.list(events));
        }
    }

    /**
     * Publishes what was refused of a batch. False when another run was faster with other records: the batch is to be
     * planned again.
     *
     * @param judged whose records were looked at
     */
    boolean publish(List<OffsetPlan> batch, List<StagedFile> refused, Judged judged) {
        Optional<TopicPosition> position = position(batch);
        SortedMap<String, TopicOffsets> next = new TreeMap<>();
        position.ifPresent(p -> p.state().topics().forEach((topic, held) -> next.put(topic, held.ended())));
        SortedMap<String, OffsetRange> again = new TreeMap<>();
        for (OffsetPlan plan : batch) {
            TopicOffsets held = next.get(plan.topic());
            SortedMap<Integer, OffsetRange> ranges = new TreeMap<>();
            plan.offsets().partitions().forEach((partition, range) -> {
                OffsetRange last = held == null ? null : held.partitions().get(partition);
                long from = last == null ? range.from() : last.to();
                ranges.put(partition, new OffsetRange(from, Math.max(from, range.to())));
                if (from > range.from()) {
                    again.put(plan.topic() + "/" + partition, range);
                }
            });
            next.put(plan.topic(), new TopicOffsets(plan.offsets().topicId(), ranges));
        }
        if (refused.isEmpty() && again.isEmpty()) {
            return true;
        }
        // The number tells the publication of a repeated batch, which may be judged otherwise, from the one before it.
        int repeated = position.map(p -> p.state().epoch()).orElse(0) + (again.isEmpty() ? 0 : 1);
        TopicState state = new TopicState(next, repeated, null, null);
        TopicLoad load =
                new TopicLoad(state, position.map(TopicPosition::commit).orElse(null), again.keySet());
        Outcome outcome = new Publication(table, name(), context.runId(), removal(again, judged))
                .publish(load, new AddFiles(refused));
        return !(outcome instanceof Outcome.Conflict);
    }

    /** Without topics that were made anew since: their offsets mean other records. */
    private Optional<TopicPosition> position(List<OffsetPlan> batch) {
        table.refresh();
        Optional<TopicPosition> position = table.position(name());
        if (position.isEmpty()) {
            return position;
        }
        SortedMap<String, TopicOffsets> held = position.get().state().topics();
        SortedMap<String, TopicOffsets> same = same(position.get().state(), batch);
        if (same.equals(held)) {
            return position;
        }
        held.forEach((topic, read) -> {
            if (!same.containsKey(topic)) {
                setAside(topic, read.topicId());
            }
        });
        PositionSet unused =
                table.setPosition(name(), now -> new TopicState(same(now, batch), now.epoch(), null, null));
        return table.position(name());
    }

    private static SortedMap<String, TopicOffsets> same(TopicState held, List<OffsetPlan> batch) {
        SortedMap<String, TopicOffsets> same = new TreeMap<>(held.topics());
        for (OffsetPlan plan : batch) {
            TopicOffsets read = same.get(plan.topic());
            if (read != null && !read.topicId().equals(plan.offsets().topicId())) {
                same.remove(plan.topic());
            }
        }
        return same;
    }

    /** Gives what was refused of a topic that is no more a place of its own: offsets of its successor are not its. */
    private void setAside(String topic, String id) {
        String update = "UPDATE " + table.name().quoted() + " SET " + LoadColumns.FILE + " = concat("
                + SqlLiterals.text(topic + " (" + id + ")/") + ", substring_index(" + LoadColumns.FILE
                + ", '/', -1)) WHERE pipeline = " + SqlLiterals.text(context.name()) + " AND startswith("
                + LoadColumns.FILE + ", " + SqlLiterals.text(topic + "/") + ")";
        RowStatement.run(
                () -> context.spark().sql(update),
                "What was refused of topic " + topic + " before it was made anew could not be told apart in "
                        + table.name());
    }

    private String name() {
        return context.name() + "." + feed;
    }

    /** Goes no further than what was read again: another run may have read on, and what it refused has to stay. */
    private RowRemoval removal(SortedMap<String, OffsetRange> again, Judged judged) {
        return (files, branch) -> context.spark()
                .sql("DELETE FROM " + branch + " WHERE pipeline = " + SqlLiterals.text(context.name())
                        + judged.condition()
                        + " AND ("
                        + again.entrySet().stream()
                                .map(entry -> "(" + LoadColumns.FILE + " = " + SqlLiterals.text(entry.getKey())
                                        + " AND " + LoadColumns.OFFSET + " >= "
                                        + entry.getValue().from() + " AND " + LoadColumns.OFFSET + " < "
                                        + entry.getValue().to() + ")")
                                .collect(Collectors.joining(" OR "))
                        + ")");
    }
}
