package io.firn.bench;

import java.util.List;
import java.util.Locale;

import io.firn.schema.Column;

/** The Firn pipeline for a generated dump. */
record PipelineFile(String path, List<EventType> types, String partition) {
    String text() {
        StringBuilder out = new StringBuilder(String.format(
                Locale.ROOT,
                """
                pipeline: bench
                catalog: lake
                source: {type: json-dump, path: "%s", event-name: event, event-time: event_time}
                defaults: {namespace: bench, mode: append, unknown-columns: report, max-quarantined: 0.05}
                events:
                """,
                path));
        for (EventType type : types) {
            out.append("  ").append(type.name()).append(":\n    columns:\n");
            type.columns().forEach(c -> out.append(column(c)));
            out.append("    target: {table: ").append(Lake.table(type));
            out.append(", partition-by: [\"").append(partition).append("(event_time)\"]}\n");
        }
        return out.toString();
    }

    private static String column(Column column) {
        String path = column.path() == null ? "" : ", path: " + column.path().text();
        return "      - {name: " + column.name() + ", type: \"" + column.type().text() + '"' + path + "}\n";
    }
}
