package io.firn.jobs;

import io.firn.RegistryPreview;
import io.firn.RegistryPreview.TopicSchema;

/** What registered schemas would change, for people. */
final class RegistryPlanText {
    private RegistryPlanText() {}

    static String of(RegistryPreview preview) {
        StringBuilder out = new StringBuilder(preview.pipeline()).append("\n");
        if (preview.topics().isEmpty()) {
            out.append("\nno topic of that name is there yet\n");
        }
        preview.topics().forEach(topic -> details(topic, out));
        return out.toString();
    }

    private static void details(TopicSchema topic, StringBuilder out) {
        out.append("\n").append(topic.topic());
        out.append(topic.schema() == null ? "" : " (" + topic.schema() + ")");
        out.append(topic.table() == null ? "" : " -> " + topic.table());
        if (topic.create()) {
            out.append("  create");
        } else if (topic.inPlace()) {
            out.append("  as its schema says");
        }
        out.append('\n');
        topic.changes().forEach(change -> out.append("  + ").append(change).append('\n'));
        topic.conflicts()
                .forEach(conflict ->
                        out.append("  ! ").append(conflict.indent(4).strip()).append('\n'));
        topic.notes()
                .forEach(note ->
                        out.append("    note: ").append(note.indent(4).strip()).append('\n'));
        if (topic.problem() != null) {
            out.append("  ! ").append(topic.problem()).append('\n');
        }
    }
}
