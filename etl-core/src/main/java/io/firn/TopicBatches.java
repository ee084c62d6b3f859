package io.firn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import io.firn.source.OffsetPlan;
import io.firn.source.TopicRange;
import io.firn.table.TopicLoad;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;

/** Batches of tables that all topics of a pipeline feed together. */
final class TopicBatches {
    private TopicBatches() {}

    /** The next batch of each topic after a table's position, so that all together have about {@code most} records. */
    static List<OffsetPlan> next(Collection<TopicRange> ranges, Optional<TopicPosition> position, long most) {
        List<OffsetPlan> batch = new ArrayList<>();
        for (TopicRange range : ranges) {
            TopicOffsets held =
                    position.map(p -> p.state().topics().get(range.topic())).orElse(null);
            batch.add(OffsetPlan.next(range, held, Math.max(1, most / ranges.size())));
        }
        return batch;
    }

    /** What the table's position becomes with a batch; topics that are no more stay where they ended. */
    static TopicLoad load(Optional<TopicPosition> position, List<OffsetPlan> batch) {
        SortedMap<String, TopicOffsets> next = new TreeMap<>();
        position.ifPresent(p -> p.state().topics().forEach((topic, held) -> next.put(topic, held.ended())));
        batch.forEach(topic -> next.put(topic.topic(), topic.offsets()));
        return TopicLoad.after(position, new TopicState(next, 0, null, null));
    }
}
