package io.firn;

import io.firn.Evolution.Rows;

/**
 * The event of a topic at some place of the topic, and how it goes on.
 *
 * @param schema what people call the schema that tells its columns; null: none does
 */
record TopicEvent(ResolvedEvent event, Evolution evolution, Rows rows, String schema) {}
