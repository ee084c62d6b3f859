package io.firn.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

/**
 * A declared table in Athena's SQL, which makes tables of format 2 at a place on S3, without NOT NULL, sort order and
 * most of Iceberg's properties (Athena's user guide, "Create Iceberg tables").
 */
final class AthenaDdl {
    /** Athena's names of the properties that it takes. */
    private static final Map<String, String> TAKEN = Map.of(
            "write.format.default", "format",
            "write.parquet.compression-codec", "write_compression",
            "write.parquet.compression-level", "compression_level",
            "history.expire.min-snapshots-to-keep", "vacuum_min_snapshots_to_keep",
            "history.expire.max-snapshot-age-ms", "vacuum_max_snapshot_age_seconds",
            "write.metadata.previous-versions-max", "vacuum_max_metadata_files_to_keep",
            "write.data.path", "write.data.path",
            "write.object-storage.path", "write.object-storage.path");

    private final TableDefinition table;
    private final List<String> unsaid = new ArrayList<>();

    AthenaDdl(TableDefinition table) {
        this.table = table;
    }

    String text() {
        String name = "`" + String.join("_", table.table().namespace()) + "`.`"
                + table.table().name() + "`";
        StringBuilder sql = new StringBuilder("CREATE TABLE " + name + " (\n");
        sql.append(table.columns().stream().map(this::column).collect(Collectors.joining(",\n  ", "  ", "\n)\n")));
        if (table.partitionBy() != null && !table.partitionBy().isEmpty()) {
            sql.append(table.partitionBy().stream()
                    .map(AthenaDdl::partition)
                    .collect(Collectors.joining(", ", "PARTITIONED BY (", ")\n")));
        }
        sql.append("LOCATION ").append(SparkDdl.literal(location())).append('\n');
        sql.append(properties().entrySet().stream()
                .map(p -> SparkDdl.literal(p.getKey()) + " = " + SparkDdl.literal(p.getValue()))
                .collect(Collectors.joining(",\n  ", "TBLPROPERTIES (\n  ", "\n);\n")));
        rest();
        String head = unsaid.isEmpty()
                ? ""
                : unsaid.stream()
                        .map(line -> line.replaceAll("\\s+", " "))
                        .collect(Collectors.joining("\n--   ", "-- Athena's SQL cannot say:\n--   ", "\n"));
        return head + sql;
    }

    private String column(TableColumn column) {
        if (column.required()) {
            unsaid.add(column.name() + " is required");
        }
        if (column.initialDefault() != null) {
            unsaid.add(column.name() + " has initial-default "
                    + column.initialDefault().text());
        }
        return SqlNames.quoted(column.name()) + " " + type(column.type(), column.name())
                + (column.comment() == null ? "" : " COMMENT " + SparkDdl.literal(column.comment()));
    }

    private String location() {
        if (table.location() != null) {
            return table.location();
        }
        unsaid.add("where the catalog puts the table: write its place for BUCKET, or location: into the YAML");
        return "s3://BUCKET/" + String.join("/", table.table().namespace()) + "/"
                + table.table().name() + "/";
    }

    private Map<String, String> properties() {
        Map<String, String> taken = new LinkedHashMap<>(Map.of("table_type", "ICEBERG"));
        new TreeMap<>(TableLayout.declared(table).propertiesAtCreation()).forEach((key, value) -> {
            String athena = TAKEN.get(key);
            if (athena != null) {
                taken.put(athena, key.endsWith("-ms") ? seconds(value) : value);
            } else if (!(key.equals(TableLayout.FORMAT_VERSION) && value.equals("2"))) {
                unsaid.add(key + " = " + value);
            }
        });
        return taken;
    }

    private static String seconds(String millis) {
        return Long.toString(Math.max(1, Long.parseLong(millis) / 1000));
    }

    private void rest() {
        if (table.idColumns() != null && !table.idColumns().isEmpty()) {
            unsaid.add("id-columns " + String.join(", ", table.idColumns()));
        }
        if (table.sortBy() != null && !table.sortBy().isEmpty()) {
            unsaid.add("sort-by " + table.sortBy().stream().map(SortField::text).collect(Collectors.joining(", ")));
        }
    }

    private String type(ColumnType type, String column) {
        if (type instanceof Scalar scalar) {
            return scalar(scalar, column);
        }
        if (type instanceof Decimal decimal) {
            return "decimal(" + decimal.precision() + ", " + decimal.scale() + ")";
        }
        if (type instanceof Listing list) {
            return "array<" + type(list.element(), column) + ">";
        }
        if (type instanceof Mapping map) {
            return "map<string, " + type(map.value(), column) + ">";
        }
        if (type instanceof Struct struct) {
            return struct.fields().stream()
                    .map(field -> plain(field.name()) + ": " + type(field.type(), column))
                    .collect(Collectors.joining(", ", "struct<", ">"));
        }
        return instead(type, "binary", column);
    }

    private String scalar(Scalar scalar, String column) {
        return switch (scalar) {
            case LONG -> "bigint";
            case UUID -> instead(scalar, "string", column);
            case TIMESTAMPTZ -> instead(scalar, "timestamp", column);
            default -> scalar.text();
        };
    }

    private String instead(ColumnType type, String instead, String column) {
        unsaid.add(type.text() + " in column " + column + ", which is " + instead + " here");
        return instead;
    }

    private static String partition(PartitionField field) {
        String column = plain(field.column());
        if (field.transform() == Transform.IDENTITY) {
            return column;
        }
        String name = field.transform().name().toLowerCase(Locale.ROOT);
        return name + "(" + (field.transform().hasWidth() ? field.width() + ", " : "") + column + ")";
    }

    /** Within types and partitions, names stand as they are where they can. */
    private static String plain(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : SqlNames.quoted(name);
    }
}
