package io.firn;

import java.util.Optional;

import io.firn.source.TopicRange;
import io.firn.table.TopicOffsets;

/** One topic on its way into its table. */
interface TopicFeed {
    TopicRange range();

    /** What the table read last; empty: nothing yet, or it cannot be asked. */
    Optional<TopicOffsets> held();

    /** Takes all that the topic held when the run began; what becomes of it, trouble included, is told to the report. */
    void drain(TopicReport report);
}
