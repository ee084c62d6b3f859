package io.firn.init;

import static io.firn.init.PipelineYaml.comment;
import static io.firn.init.PipelineYaml.count;
import static io.firn.init.PipelineYaml.width;
import static io.firn.init.YamlText.quoted;
import static io.firn.init.YamlText.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.firn.change.ChangeFormat;
import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Language;
import io.firn.registry.Confluent;
import io.firn.registry.Files;
import io.firn.registry.Glue;
import io.firn.registry.Registry;
import io.firn.schema.Column;
import io.firn.table.PartitionField;
import io.firn.table.TableColumn;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableName;

/** Writes the pipeline of a topic of changes, and its table's definition. */
public final class TopicYaml {
    private final InferredTopic inferred;
    private final TopicNaming naming;
    private final TableName table;
    private final StringBuilder out = new StringBuilder();

    /** @param table where the changes go */
    public TopicYaml(InferredTopic inferred, TopicNaming naming, TableName table) {
        this.inferred = inferred;
        this.naming = naming;
        this.table = table;
    }

    /** The pipeline's file. */
    public String pipeline() {
        ChangeFormat format = inferred.format();
        line("# yaml-language-server: $schema=" + naming.schema());
        line("# Inferred from topic " + comment(naming.topic()) + ": " + count(inferred.records(), "record") + ", "
                + schemas(format) + ".");
        inferred.notes().forEach(note -> line("# " + comment(sentence(note))));
        line("pipeline: " + scalar(naming.pipeline()));
        line("catalog: " + scalar(naming.catalog()));
        line("source:");
        naming.source("debezium").forEach(text -> line("  " + text));
        String written = format(format);
        if (!written.isEmpty()) {
            line("  format: {" + written + "}");
        }
        line("defaults: {namespace: " + scalar(naming.namespace()) + "}");
        line("");
        line("events:");
        line("  " + scalar(naming.topic()) + ":");
        if (!inferred.told()) {
            line("    columns:");
            int name =
                    width(inferred.columns().stream().map(c -> scalar(c.name())).toList());
            int type = width(inferred.columns().stream()
                    .map(c -> scalar(c.type().text()))
                    .toList());
            inferred.columns().forEach(column -> line("      - " + ColumnYaml.of(column, name, type)));
        }
        line("    target: {table: " + scalar(table.text()) + "} # keys, partitioning and properties: under ddl/");
        return out.toString();
    }

    /** The table's file under {@code ddl/}. */
    public TableDefinition definition() {
        List<Column> columns = inferred.columns().stream()
                .map(column -> new Column(
                        column.name(),
                        column.type(),
                        null,
                        null,
                        inferred.key().contains(column.name()),
                        column.comment()))
                .toList();
        return definition(table, columns, inferred.key(), inferred.key().isEmpty() ? Mode.APPEND : Mode.UPSERT, null);
    }

    /** What is said above the definition. */
    public List<String> definitionNotes() {
        List<String> notes = new ArrayList<>();
        notes.add("Inferred from topic " + naming.topic() + ".");
        inferred.notes().forEach(note -> notes.add(sentence(note)));
        notes.add("Only key columns are required, so that a column that the source relaxes or drops stops no run.");
        notes.add("Not partitioned: a large table that is merged into does well with partition-by:"
                + " [\"bucket(16, ID)\"].");
        return notes;
    }

    static TableDefinition definition(
            TableName table, List<Column> columns, List<String> key, Mode mode, List<PartitionField> partitionBy) {
        return new TableDefinition(
                table,
                columns.stream()
                        .map(column -> new TableColumn(
                                column.name(),
                                column.type(),
                                column.required(),
                                column.comment(),
                                null,
                                null,
                                null,
                                null,
                                null))
                        .toList(),
                null,
                null,
                partitionBy,
                null,
                key.isEmpty() ? null : key,
                null,
                mode,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static String schemas(ChangeFormat format) {
        if (format.registry() != null) {
            return "whose schemas a registry has";
        }
        return format.describes() ? "which carry their schema" : "which carry no schema";
    }

    private static String format(ChangeFormat format) {
        List<String> parts = new ArrayList<>();
        if (format.registry() != null) {
            parts.add("type: " + (format.type() == Language.AVRO ? "avro" : "json"));
            parts.add("registry: {" + registry(format.registry()) + "}");
        }
        if (!format.describes()) {
            parts.add("schemas: none");
        }
        if (format.envelope() == Envelope.UNWRAPPED) {
            parts.add("envelope: unwrapped");
        }
        return String.join(", ", parts);
    }

    private static String registry(Registry registry) {
        List<String> parts = new ArrayList<>();
        parts.add("type: " + registry.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (registry instanceof Confluent confluent) {
            add("url", confluent.url(), parts);
            add("user", confluent.user(), parts);
            add("password", confluent.password(), parts);
            add("token", confluent.token(), parts);
        } else if (registry instanceof Glue glue) {
            add("region", glue.region(), parts);
            add("endpoint", glue.endpoint(), parts);
            add("name", glue.name(), parts);
        } else if (registry instanceof Files files) {
            add("path", files.path(), parts);
        }
        return String.join(", ", parts);
    }

    private static void add(String key, String value, List<String> parts) {
        if (value != null) {
            parts.add(key + ": " + quoted(value));
        }
    }

    private static String sentence(String note) {
        return Character.toUpperCase(note.charAt(0)) + note.substring(1) + ".";
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
