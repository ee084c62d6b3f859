package io.firn;

import io.firn.Evolution.Rows;

/** The event of a topic at some place of the topic, and how it goes on. */
record TopicEvent(ResolvedEvent event, Evolution evolution, Rows rows) {}
