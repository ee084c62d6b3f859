package io.firn.source;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.firn.config.Scope;
import io.firn.config.Secrets;

/** What all sources that read topics of Kafka say. */
public interface TopicSource {
    /** The batch of a source that says nothing else, records of one topic. */
    int DEFAULT_RECORDS = 1_000_000;

    /** Brokers to ask first, host:port joined by commas. */
    String brokers();

    /** The one topic; null where {@link #topicPattern} says which. */
    String topic();

    /** A regular expression that the names of all topics match as a whole; null where {@link #topic} says which. */
    String topicPattern();

    /** Settings of Kafka's clients, secrets as references. */
    Map<String, String> settings();

    /** How long brokers keep records; null: as the topic says. */
    Duration retention();

    /** Least number of tasks that read at a time; null: one for each partition. */
    Integer consumers();

    /** Most records of a topic that one commit takes; null: {@link #DEFAULT_RECORDS}. */
    Integer recordsPerBatch();

    /** The most records of a topic that one commit takes. */
    default int batch() {
        return recordsPerBatch() == null ? DEFAULT_RECORDS : recordsPerBatch();
    }

    /** Whether a topic of this name is read. */
    default boolean reads(String name) {
        return topic() != null ? topic().equals(name) : Pattern.matches(topicPattern(), name);
    }

    /** Reports what cannot work. */
    default void checkTopics(Scope scope) {
        if ((topic() == null) == (topicPattern() == null)) {
            scope.problem("name either the \"topic\" or a \"topic-pattern\" that the names of all topics match");
        }
        if (topicPattern() != null) {
            try {
                Pattern.compile(topicPattern());
            } catch (PatternSyntaxException e) {
                scope.at("topic-pattern")
                        .problem("topic-pattern is no regular expression: " + e.getDescription() + " at character "
                                + (e.getIndex() + 1));
            }
        }
        boolean plain = brokers() != null && Secrets.masked(brokers()).equals(brokers());
        if (plain && !brokers().matches("[^,:\\s]+:\\d+(\\s*,\\s*[^,:\\s]+:\\d+)*")) {
            scope.at("brokers").problem("brokers are written as host:port, several joined by commas");
        }
        positive(consumers(), "consumers", scope);
        positive(recordsPerBatch(), "records-per-batch", scope);
        for (String name : settings() == null
                ? Map.<String, String>of().keySet()
                : settings().keySet()) {
            if (KafkaSettings.OURS.contains(name)) {
                scope.at("settings")
                        .at(name)
                        .problem(name + " is Firn's to set: tables alone say what is read, and"
                                + " aborted transactions never are");
            }
        }
    }

    private static void positive(Integer number, String key, Scope scope) {
        if (number != null && number < 1) {
            scope.at(key).problem(key + " is " + number + "; it must be at least 1");
        }
    }
}
