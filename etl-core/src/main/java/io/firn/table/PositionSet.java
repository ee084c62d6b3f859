package io.firn.table;

/**
 * A position that was set by hand.
 *
 * @param before what it was until then
 * @param snapshot the empty snapshot that it came with
 */
public record PositionSet(TopicState before, TopicState after, long snapshot) {}
