package io.firn.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortDirection;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.schema.Column;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableDefinition.WriteMode;

/** A table definition in Iceberg's terms. */
record TableLayout(
        Schema schema,
        PartitionSpec spec,
        SortOrder sortOrder,
        String location,
        Map<String, String> propertiesAtCreation,
        Map<String, String> properties,
        boolean declared) {
    static final String SERIALIZABLE = "serializable";
    static final String COMMENT = "comment";
    static final String FORMAT_VERSION = "format-version";

    /** What a table that Firn creates starts with, unless its definition says otherwise. */
    static final Map<String, String> CREATED_WITH = Map.of(
            FORMAT_VERSION,
            "2",
            "write.parquet.compression-codec",
            "zstd",
            "commit.retry.num-retries",
            "10",
            "commit.retry.min-wait-ms",
            "20",
            "write.metadata.delete-after-commit.enabled",
            "true",
            "write.metadata.previous-versions-max",
            "100");

    private static final List<String> CHANGING = List.of("delete", "update", "merge");
    private static final String BOUNDS_OF = "write.metadata.metrics.column.";

    /** @param columns the table's own, without the load columns */
    static TableLayout of(TableDefinition definition, List<Column> columns, LoadColumns loadColumns) {
        List<Column> all = loadColumns.after(definition.columnsFor(columns));
        return of(definition, all, atCreation(definition, loadColumns));
    }

    /** A table that is declared, before the first load adds the columns of its own. */
    static TableLayout declared(TableDefinition definition) {
        Map<String, String> properties = new LinkedHashMap<>(CREATED_WITH);
        if (definition.mode() == Mode.UPSERT) {
            merging(definition, properties);
        }
        properties.putAll(asked(definition));
        return of(definition, definition.columnsFor(List.of()), properties);
    }

    private static TableLayout of(TableDefinition definition, List<Column> columns, Map<String, String> atCreation) {
        Schema schema =
                withIdentifier(IcebergTypes.declared(columns, orEmpty(definition.columns())), definition.idColumns());
        try {
            return new TableLayout(
                    schema,
                    spec(schema, orEmpty(definition.partitionBy())),
                    sortOrder(schema, orEmpty(definition.sortBy())),
                    definition.location(),
                    atCreation,
                    asked(definition),
                    definition.declared());
        } catch (ValidationException | IllegalArgumentException e) {
            throw new SchemaConflict(
                    "Table " + definition.table() + " cannot be laid out as its partition-by and sort-by" + " say: "
                            + e.getMessage() + ". Mend them in its definition.");
        }
    }

    private static Map<String, String> atCreation(TableDefinition definition, LoadColumns loadColumns) {
        Map<String, String> all = new LinkedHashMap<>(CREATED_WITH);
        if (loadColumns.columns().stream().anyMatch(column -> column.name().equals(LoadColumns.FILE))) {
            // Source files share long prefixes; whole bounds let a replaced file's rows be found without a full scan.
            all.put(BOUNDS_OF + LoadColumns.FILE, "full");
        }
        if (loadColumns.merged()) {
            merging(definition, all);
            all.put(BOUNDS_OF + LoadColumns.POSITION, "full");
        }
        all.putAll(asked(definition));
        return all;
    }

    private static void merging(TableDefinition definition, Map<String, String> all) {
        modes(WriteMode.MERGE_ON_READ, all);
        CHANGING.forEach(what -> all.put(isolationOf(what), SERIALIZABLE));
        // Files without a batch's keys are found by these bounds, which wide tables do not keep of every column.
        orEmpty(definition.idColumns()).forEach(key -> all.put(BOUNDS_OF + key, "full"));
    }

    /** What the definition itself says, which holds for a table that exists too. */
    private static Map<String, String> asked(TableDefinition definition) {
        Map<String, String> all =
                new LinkedHashMap<>(definition.properties() == null ? Map.of() : definition.properties());
        all.putAll(definition.upkeep());
        if (definition.writeMode() != null) {
            modes(definition.writeMode(), all);
        }
        if (definition.comment() != null) {
            all.put(COMMENT, definition.comment());
        }
        if (definition.formatVersion() != null) {
            all.put(FORMAT_VERSION, definition.formatVersion().toString());
        }
        return all;
    }

    private static void modes(WriteMode mode, Map<String, String> properties) {
        String text = mode == WriteMode.MERGE_ON_READ ? "merge-on-read" : "copy-on-write";
        CHANGING.forEach(what -> properties.put("write." + what + ".mode", text));
    }

    /** The property that says against what Iceberg checks a rival's changes. */
    static String isolationOf(String what) {
        return "write." + what + ".isolation-level";
    }

    private static Schema withIdentifier(Schema schema, List<String> idColumns) {
        List<NestedField> ids =
                orEmpty(idColumns).stream().map(schema::findField).toList();
        // Iceberg demands that identifier fields are required.
        if (ids.isEmpty() || ids.stream().anyMatch(id -> id == null || id.isOptional())) {
            return schema;
        }
        Set<Integer> fieldIds = ids.stream().map(NestedField::fieldId).collect(Collectors.toSet());
        return new Schema(schema.columns(), fieldIds);
    }

    private static PartitionSpec spec(Schema schema, List<PartitionField> fields) {
        PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
        for (PartitionField field : fields) {
            String column = field.column();
            switch (field.transform()) {
                case IDENTITY -> spec.identity(column);
                case YEAR -> spec.year(column);
                case MONTH -> spec.month(column);
                case DAY -> spec.day(column);
                case HOUR -> spec.hour(column);
                case BUCKET -> spec.bucket(column, field.width());
                case TRUNCATE -> spec.truncate(column, field.width());
            }
        }
        return spec.build();
    }

    private static SortOrder sortOrder(Schema schema, List<SortField> fields) {
        SortOrder.Builder order = SortOrder.builderFor(schema);
        for (SortField field : fields) {
            SortDirection direction = field.descending() ? SortDirection.DESC : SortDirection.ASC;
            NullOrder nulls = field.descending() ? NullOrder.NULLS_LAST : NullOrder.NULLS_FIRST;
            order.sortBy(field.column(), direction, nulls);
        }
        return order.build();
    }

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : list;
    }
}
