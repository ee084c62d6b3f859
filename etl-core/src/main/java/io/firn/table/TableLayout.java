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

/** A table definition in Iceberg's terms. */
record TableLayout(
        Schema schema, PartitionSpec spec, SortOrder sortOrder, String location, Map<String, String> properties) {
    /** What a table that Firn creates starts with, unless its definition says otherwise. */
    private static final Map<String, String> CREATED_WITH = Map.of(
            "format-version",
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
            "100",
            // Source files share long prefixes; whole bounds let a replaced file's rows be found without a full scan.
            "write.metadata.metrics.column." + LoadColumns.FILE,
            "full");

    /** @param columns the table's own, without the load columns */
    static TableLayout of(TableDefinition definition, List<Column> columns) {
        Schema schema = withIdentifier(IcebergTypes.schema(LoadColumns.after(columns)), definition.idColumns());
        try {
            return new TableLayout(
                    schema,
                    spec(schema, orEmpty(definition.partitionBy())),
                    sortOrder(schema, orEmpty(definition.sortBy())),
                    definition.location(),
                    definition.properties() == null ? Map.of() : definition.properties());
        } catch (ValidationException | IllegalArgumentException e) {
            throw new SchemaConflict(
                    "Table " + definition.table() + " cannot be laid out as its partition-by and sort-by" + " say: "
                            + e.getMessage() + ". Mend them in its definition.");
        }
    }

    Map<String, String> propertiesAtCreation() {
        Map<String, String> all = new LinkedHashMap<>(CREATED_WITH);
        all.putAll(properties);
        return all;
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
