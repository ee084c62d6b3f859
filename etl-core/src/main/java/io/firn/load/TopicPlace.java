package io.firn.load;

import java.io.Serializable;

/**
 * A record of a partition.
 *
 * @param written when it was written to the topic, in milliseconds
 */
public record TopicPlace(long offset, long written) implements Serializable {}
