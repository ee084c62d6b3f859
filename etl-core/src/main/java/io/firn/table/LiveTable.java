package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.DefaultValue;
import io.firn.table.TableDefinition.WriteMode;

/** Says of a live table what its definition would say. */
final class LiveTable {
    private static final Set<String> SAID_ELSEWHERE = Set.of(TableLayout.COMMENT, TableLayout.FORMAT_VERSION);
    private static final List<String> MODES = List.of("write.delete.mode", "write.update.mode", "write.merge.mode");

    private static final String OWN = "firn_";

    private LiveTable() {}

    /** Throws {@link TableException} where YAML has no words for what the table is. */
    static TableDefinition definition(TableName name, TableState live) {
        List<String> ids =
                live.schema().identifierFieldNames().stream().sorted().toList();
        List<TableColumn> columns = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (NestedField field : live.schema().columns()) {
            if (!field.name().startsWith(OWN)) {
                try {
                    columns.add(column(field));
                } catch (IllegalArgumentException e) {
                    problems.add("column " + field.name() + ": " + e.getMessage());
                }
            }
        }
        List<PartitionField> partitionBy = new ArrayList<>();
        List<SortField> sortBy = new ArrayList<>();
        try {
            live.partitioning().forEach(field -> partitionBy.add(PartitionField.parse(field)));
            live.sorting().forEach(field -> sortBy.add(SortField.parse(field)));
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new TableException(
                    "Table " + name + " cannot be written as YAML, which has no words for all of it:\n  "
                            + String.join("\n  ", problems));
        }
        WriteMode mode = writeMode(live.properties());
        return new TableDefinition(
                name,
                columns,
                live.properties().get(TableLayout.COMMENT),
                live.location(),
                partitionBy,
                sortBy,
                ids,
                properties(live.properties(), mode),
                null,
                mode,
                live.formatVersion(),
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The columns of types that Firn writes, without its own. */
    static List<Column> columns(Schema schema) {
        List<Column> columns = new ArrayList<>();
        for (NestedField field : schema.columns()) {
            if (!field.name().startsWith(OWN)) {
                try {
                    columns.add(column(field).column());
                } catch (IllegalArgumentException e) {
                    // Somebody else's column, which no row has a value for.
                }
            }
        }
        return columns;
    }

    private static TableColumn column(NestedField field) {
        DefaultValue value = field.initialDefault() == null
                ? null
                : new DefaultValue(TypeText.value(field.type(), field.initialDefault()));
        return new TableColumn(
                field.name(),
                ColumnType.parse(TypeText.of(field.type())),
                field.isRequired(),
                field.doc(),
                value,
                null,
                null,
                null,
                null);
    }

    /** What the three ways to change rows have in common; null: nothing, or it is not said. */
    private static WriteMode writeMode(Map<String, String> properties) {
        String mode = properties.get(MODES.get(0));
        boolean same = mode != null && MODES.stream().allMatch(key -> mode.equals(properties.get(key)));
        return same ? WriteMode.valueOf(mode.toUpperCase(Locale.ROOT).replace('-', '_')) : null;
    }

    /** Without what Firn sets by itself, what other keys say, and what Firn remembers. */
    private static Map<String, String> properties(Map<String, String> all, WriteMode mode) {
        Map<String, String> properties = new TreeMap<>();
        all.forEach((key, value) -> {
            boolean elsewhere = SAID_ELSEWHERE.contains(key) || (mode != null && MODES.contains(key));
            String column = KnownProperties.column(key);
            boolean own = key.startsWith("firn.")
                    || (column != null && column.startsWith(OWN))
                    || value.equals(TableLayout.CREATED_WITH.get(key));
            if (!elsewhere && !own) {
                properties.put(key, value);
            }
        });
        return properties;
    }
}
