package io.firn.init;

import static io.firn.init.YamlText.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.firn.schema.Column;

/** A column as a line of YAML, {@code {name: size, type: long, path: payload.size}}. */
public final class ColumnYaml {
    private ColumnYaml() {}

    /** The line, without indentation and dash. */
    public static String of(Column column) {
        return of(column, 0, 0);
    }

    /** The same with names and types in line with those of other columns. */
    static String of(Column column, int nameWidth, int typeWidth) {
        List<String> more = new ArrayList<>();
        if (column.path() != null && !column.path().keys().equals(List.of(column.name()))) {
            more.add("path: " + scalar(column.path().text()));
        }
        if (column.format() != null) {
            more.add("format: " + scalar(column.format().text()));
        }
        if (column.required()) {
            more.add("required: true");
        }
        if (column.onTypeChange() != null) {
            more.add("on-type-change: "
                    + column.onTypeChange().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        String name = pad("name: " + scalar(column.name()) + ",", nameWidth + "name: ".length() + 1);
        String type = scalar(column.type().text());
        if (more.isEmpty()) {
            return "{" + name + " type: " + type + "}";
        }
        return "{" + name + " " + pad("type: " + type + ",", typeWidth + "type: ".length() + 1) + " "
                + String.join(", ", more) + "}";
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
