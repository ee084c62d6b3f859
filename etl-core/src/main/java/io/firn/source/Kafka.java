package io.firn.source;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.firn.config.Scope;
import io.firn.schema.JsonPath;

/**
 * Plain JSON messages, one event in each, read as the lines of a dump are.
 *
 * @param brokers brokers to ask first, host:port joined by commas
 * @param topic the one topic; null: see topic-pattern
 * @param topicPattern a regular expression that the names of all topics match; null: see topic
 * @param eventName where a message says which event it is
 * @param eventTime where a message says when it happened; null if nowhere
 * @param settings settings of Kafka's clients, such as security.protocol; null: none
 * @param retention how long brokers keep records, 7d or 36h; null: as the topic says
 * @param consumers the least number of tasks that read at a time; null: one for each partition
 * @param recordsPerBatch most records of a topic that one commit takes; null: 1,000,000
 */
public record Kafka(
        String brokers,
        String topic,
        String topicPattern,
        JsonPath eventName,
        JsonPath eventTime,
        Map<String, String> settings,
        Duration retention,
        Integer consumers,
        Integer recordsPerBatch)
        implements Source, TopicSource {

    @Override
    public void check(Scope scope) {
        checkTopics(scope);
    }

    @Override
    public Kafka located(UnaryOperator<String> absolute) {
        return this;
    }
}
