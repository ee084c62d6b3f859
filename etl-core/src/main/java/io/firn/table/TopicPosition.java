package io.firn.table;

import java.time.Instant;

/**
 * The position that a table holds for a pipeline.
 *
 * @param commit names the publication it came with
 * @param snapshot the snapshot it came with
 * @param published when that was
 */
public record TopicPosition(TopicState state, String commit, long snapshot, Instant published) {}
