package io.firn;

import java.util.List;
import java.util.Optional;

import io.firn.change.SnapshotMark;
import io.firn.source.OffsetPlan;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;

/**
 * The records of a topic that are to become one snapshot of its table.
 *
 * @param planned what the batch was before it was found to hold halves of changes
 * @param position of the table; empty: it holds nothing yet
 * @param marks of snapshots that the batch was found to hold, with older changes after them
 * @param endsLog whether the batch ends because the source began another log
 */
record FeedBatch(
        OffsetPlan offsets,
        OffsetPlan planned,
        Optional<TopicPosition> position,
        List<SnapshotMark> marks,
        boolean endsLog) {

    static FeedBatch of(OffsetPlan planned, Optional<TopicPosition> position) {
        return new FeedBatch(planned, planned, position, List.of(), false);
    }

    /** What the table holds; null: nothing yet. */
    TopicState held() {
        return position.map(TopicPosition::state).orElse(null);
    }

    FeedBatch marked(SnapshotMark mark) {
        return new FeedBatch(offsets, planned, position, List.of(mark), endsLog);
    }

    /** To be read again, since the table now takes another schema. */
    FeedBatch again() {
        return shortened(offsets);
    }

    /** @param before offsets of the batch's beginning */
    FeedBatch shortened(OffsetPlan before) {
        return new FeedBatch(before, planned, position, List.of(), endsLog);
    }

    /** @param last the offsets before another log of the source */
    FeedBatch endingLog(OffsetPlan last) {
        return new FeedBatch(last, last, position, List.of(), true);
    }
}
