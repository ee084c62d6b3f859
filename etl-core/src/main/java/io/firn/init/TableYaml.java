package io.firn.init;

import static io.firn.init.YamlText.quoted;
import static io.firn.init.YamlText.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

import io.firn.table.PartitionField;
import io.firn.table.SortField;
import io.firn.table.TableColumn;
import io.firn.table.TableDefinition;

/** Writes a table's definition the way people lay such files out. */
public final class TableYaml {
    private final StringBuilder out = new StringBuilder();
    private final TableDefinition table;

    private TableYaml(TableDefinition table) {
        this.table = table;
    }

    /**
     * The text of a file under {@code ddl/}.
     *
     * @param schema where an editor finds the JSON Schema
     */
    public static String of(TableDefinition table, String schema) {
        return of(table, schema, List.of());
    }

    /** The same with something said above it, a line of a comment each. */
    public static String of(TableDefinition table, String schema, List<String> notes) {
        return new TableYaml(table).text(schema, notes);
    }

    private String text(String schema, List<String> notes) {
        line("# yaml-language-server: $schema=" + schema);
        notes.forEach(note -> line("# " + PipelineYaml.comment(note)));
        line("table: " + table.table().text());
        if (table.comment() != null) {
            line("comment: " + scalar(table.comment()));
        }
        line("columns:");
        table.columns().forEach(column -> line("  - {" + column(column) + "}"));
        list(
                "partition-by",
                orEmpty(table.partitionBy()).stream().map(PartitionField::text).toList());
        list("sort-by", orEmpty(table.sortBy()).stream().map(SortField::text).toList());
        list("id-columns", orEmpty(table.idColumns()));
        if (table.mode() != null) {
            line("mode: " + table.mode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (table.formatVersion() != null) {
            line("format-version: " + table.formatVersion());
        }
        if (table.writeMode() != null) {
            line("write-mode: "
                    + table.writeMode().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        if (table.properties() != null && !table.properties().isEmpty()) {
            line("properties:");
            new TreeMap<>(table.properties()).forEach((key, value) -> line("  " + scalar(key) + ": " + scalar(value)));
        }
        if (table.location() != null) {
            line("location: " + quoted(table.location()));
        }
        return out.toString();
    }

    private static String column(TableColumn column) {
        List<String> parts = new ArrayList<>();
        parts.add("name: " + scalar(column.name()));
        parts.add("type: " + scalar(column.type().text()));
        if (column.required()) {
            parts.add("required: true");
        }
        if (column.initialDefault() != null) {
            parts.add("initial-default: " + quoted(column.initialDefault().text()));
        }
        if (column.comment() != null) {
            parts.add("comment: " + quoted(column.comment()));
        }
        return String.join(", ", parts);
    }

    private void list(String key, List<String> values) {
        if (!values.isEmpty()) {
            line(key + ": ["
                    + String.join(", ", values.stream().map(TableYaml::item).toList()) + "]");
        }
    }

    /** In a flow sequence a comma or a blank parts values. */
    private static String item(String text) {
        return text.matches("[A-Za-z_][\\w.]*") ? scalar(text) : quoted(text);
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
