package io.firn.source;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

import io.firn.config.Secrets;

/** The settings of Kafka's clients, with their secrets: for clients alone, never to be logged. */
final class KafkaSettings {
    /** What a user may not set. */
    static final Set<String> OURS = Set.of(
            "bootstrap.servers",
            "group.id",
            "auto.offset.reset",
            "enable.auto.commit",
            "isolation.level",
            "key.deserializer",
            "value.deserializer",
            "interceptor.classes");

    private KafkaSettings() {}

    static Properties of(TopicSource source) {
        Properties properties = new Properties();
        properties.putAll(resolved(source));
        return properties;
    }

    /** As options of Spark's reader. */
    static Map<String, String> options(TopicSource source) {
        Map<String, String> options = new TreeMap<>();
        resolved(source).forEach((name, value) -> options.put("kafka." + name, value));
        options.put("kafka.isolation.level", "read_committed");
        return options;
    }

    private static Map<String, String> resolved(TopicSource source) {
        Map<String, String> settings = new TreeMap<>();
        // What is read is there already: brokers need not wait for more, as they would after the last record of a
        // batch,
        // and the next batch for their answer.
        settings.put("fetch.max.wait.ms", "20");
        if (source.settings() != null) {
            source.settings().forEach((name, value) -> settings.put(name, Secrets.resolve(value)));
        }
        settings.put("bootstrap.servers", Secrets.resolve(source.brokers()));
        return settings;
    }
}
