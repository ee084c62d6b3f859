package io.firn.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;
import io.firn.table.PartitionField.Transform;

/** A declared table in Spark's SQL. */
final class SparkDdl {
    private final TableDefinition table;
    private final Map<String, String> properties;
    /** What Spark's SQL has no words for. */
    private final List<String> unsaid = new ArrayList<>();

    SparkDdl(TableDefinition table) {
        this.table = table;
        this.properties = new TreeMap<>(TableLayout.declared(table).propertiesAtCreation());
    }

    String text() {
        String columns = table.columns().stream().map(this::column).collect(Collectors.joining(",\n  ", "  ", "\n"));
        StringBuilder sql = new StringBuilder();
        unsaid.forEach(line -> sql.append("-- ").append(line).append('\n'));
        String namespace = table.table().quoted().replaceFirst("\\.`[^`]*`$", "");
        sql.append("CREATE NAMESPACE IF NOT EXISTS ").append(namespace).append(";\n\n");
        sql.append("CREATE TABLE ").append(table.table().quoted()).append(" (\n");
        sql.append(columns).append(")\nUSING iceberg\n");
        if (table.partitionBy() != null && !table.partitionBy().isEmpty()) {
            sql.append(table.partitionBy().stream()
                    .map(SparkDdl::partition)
                    .collect(Collectors.joining(", ", "PARTITIONED BY (", ")\n")));
        }
        if (table.location() != null) {
            sql.append("LOCATION ").append(literal(table.location())).append('\n');
        }
        if (properties.containsKey(TableLayout.COMMENT)) {
            sql.append("COMMENT ")
                    .append(literal(properties.remove(TableLayout.COMMENT)))
                    .append('\n');
        }
        sql.append(properties.entrySet().stream()
                .map(p -> literal(p.getKey()) + " = " + literal(p.getValue()))
                .collect(Collectors.joining(",\n  ", "TBLPROPERTIES (\n  ", "\n);\n")));
        if (table.idColumns() != null && !table.idColumns().isEmpty()) {
            sql.append("\nALTER TABLE ").append(table.table().quoted()).append(" SET IDENTIFIER FIELDS ");
            sql.append(table.idColumns().stream().map(SparkDdl::path).collect(Collectors.joining(", ")))
                    .append(";\n");
        }
        if (table.sortBy() != null && !table.sortBy().isEmpty()) {
            sql.append("\nALTER TABLE ").append(table.table().quoted()).append(" WRITE LOCALLY ORDERED BY ");
            sql.append(table.sortBy().stream().map(SparkDdl::sort).collect(Collectors.joining(", ")))
                    .append(";\n");
        }
        return sql.toString();
    }

    private String column(TableColumn column) {
        if (column.initialDefault() != null) {
            unsaid.add("Spark's SQL does not say what older rows read: initial-default of " + column.name()
                    + " is set by firn apply.");
        }
        return SqlNames.quoted(column.name()) + " " + type(column.type(), column.name())
                + (column.required() ? " NOT NULL" : "")
                + (column.comment() == null ? "" : " COMMENT " + literal(column.comment()));
    }

    private String type(ColumnType type, String column) {
        if (type instanceof Scalar scalar) {
            return scalar(scalar, column);
        }
        if (type instanceof Decimal decimal) {
            return "DECIMAL(" + decimal.precision() + ", " + decimal.scale() + ")";
        }
        if (type instanceof Listing list) {
            return "ARRAY<" + type(list.element(), column) + ">";
        }
        if (type instanceof Mapping map) {
            return "MAP<STRING, " + type(map.value(), column) + ">";
        }
        if (type instanceof Struct struct) {
            return struct.fields().stream()
                    .map(field -> SqlNames.quoted(field.name()) + ": " + type(field.type(), column)
                            + (field.required() ? " NOT NULL" : ""))
                    .collect(Collectors.joining(", ", "STRUCT<", ">"));
        }
        return unsaid(type, "BINARY", column);
    }

    private String scalar(Scalar scalar, String column) {
        return switch (scalar) {
            case LONG -> "BIGINT";
            case TIMESTAMP -> "TIMESTAMP_NTZ";
            case TIMESTAMPTZ -> "TIMESTAMP";
            case UUID -> unsaid(scalar, "STRING", column);
            default -> scalar.name();
        };
    }

    private String unsaid(ColumnType type, String instead, String column) {
        unsaid.add("Spark's SQL has no type " + type.text() + ": in column " + column + " it is "
                + instead.toLowerCase(Locale.ROOT) + " here, and as declared only by firn apply.");
        return instead;
    }

    private static String partition(PartitionField field) {
        String column = path(field.column());
        if (field.transform() == Transform.IDENTITY) {
            return column;
        }
        String name = field.transform().name().toLowerCase(Locale.ROOT);
        return field.transform().hasWidth()
                ? name + "(" + field.width() + ", " + column + ")"
                : name + "s(" + column + ")";
    }

    private static String sort(SortField field) {
        return path(field.column()) + (field.descending() ? " DESC NULLS LAST" : " ASC NULLS FIRST");
    }

    private static String path(String path) {
        return Arrays.stream(path.split("\\.")).map(SqlNames::quoted).collect(Collectors.joining("."));
    }

    static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
    }
}
