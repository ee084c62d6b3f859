package io.firn.init;

import static io.firn.init.YamlText.quoted;
import static io.firn.init.YamlText.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the records of a topic cannot say.
 *
 * @param schema where editors find the JSON Schema of pipelines, relative to the file
 * @param pipeline the pipeline's name
 * @param settings of Kafka's clients, secrets as references
 * @param namespace where the tables go, {@code <catalog>.<namespace>.<table>}
 */
public record TopicNaming(
        String schema,
        String pipeline,
        String brokers,
        String topic,
        Map<String, String> settings,
        String catalog,
        String namespace) {

    /** The lines under {@code source:} that say where the records are. */
    List<String> source(String type) {
        List<String> lines = new ArrayList<>();
        lines.add("type: " + type);
        lines.add("brokers: " + quoted(brokers));
        lines.add("topic: " + scalar(topic));
        if (!settings.isEmpty()) {
            lines.add("settings:");
            new TreeMap<>(settings).forEach((key, value) -> lines.add("  " + scalar(key) + ": " + quoted(value)));
        }
        return lines;
    }
}
