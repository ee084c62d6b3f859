package io.firn.source;

import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.firn.change.ChangeFormat;
import io.firn.config.Scope;
import io.firn.table.TableName;

/**
 * Changes of database tables that Debezium wrote to Kafka, one topic for each table.
 *
 * @param brokers brokers to ask first, host:port joined by commas
 * @param topic the one topic; null: see topic-pattern
 * @param topicPattern a regular expression that the names of all topics match; null: see topic
 * @param format how the connector writes; null: its defaults, messages with their schema in Debezium's envelope
 * @param settings settings of Kafka's clients, such as security.protocol; null: none
 * @param retention how long brokers keep records, 7d or 36h; null: as the topic says
 * @param consumers the least number of tasks that read at a time; null: one for each partition
 * @param recordsPerBatch most records of a topic that one commit takes; null: 1,000,000
 * @param raw a table that keeps every record of all topics as it came, partitioned by day; null: none
 * @param sweep whether rows that a new snapshot of the whole table does not show are deleted; false where snapshots leave
 *     rows out by additional-conditions or snapshot.select.statement.overrides, which nothing in them tells; null: true
 */
public record Debezium(
        String brokers,
        String topic,
        String topicPattern,
        ChangeFormat format,
        Map<String, String> settings,
        Duration retention,
        Integer consumers,
        Integer recordsPerBatch,
        Boolean sweep,
        TableName raw)
        implements Source, TopicSource {

    @Override
    public void check(Scope scope) {
        checkTopics(scope);
        if (format != null) {
            format.check(scope.at("format"));
        }
    }

    @Override
    public Debezium located(UnaryOperator<String> absolute) {
        return new Debezium(
                brokers,
                topic,
                topicPattern,
                format == null ? null : format.located(absolute),
                settings,
                retention,
                consumers,
                recordsPerBatch,
                sweep,
                raw);
    }

    /** How the connector writes. */
    public ChangeFormat messages() {
        return format == null ? ChangeFormat.DEFAULT : format;
    }

    /** Whether rows that a new snapshot does not show are deleted. */
    public boolean sweeps() {
        return sweep == null || sweep;
    }
}
