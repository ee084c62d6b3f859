package io.firn;

import java.time.Instant;
import java.util.SortedMap;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where a table stands in its topics.
 *
 * @param table its name; the topic's where nothing tells it
 * @param next by topic and partition, the offset that is read next
 * @param behind records that it has not read, markers of transactions counted in
 * @param oldest when the oldest of them was written; null: there is none
 * @param published when a run last published to the table; null: never
 * @param problem why it cannot be told, or what stops the next run; null: nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TopicStanding(
        String table,
        SortedMap<String, SortedMap<Integer, Long>> next,
        long behind,
        Instant oldest,
        Instant published,
        String problem) {}
