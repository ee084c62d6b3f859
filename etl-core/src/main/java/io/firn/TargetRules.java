package io.firn;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.KnownProperties;
import io.firn.table.PartitionField;
import io.firn.table.PartitionField.Transform;
import io.firn.table.TableDefinition;

/** What a table's partitioning, order and keys must fulfil given its columns. */
final class TargetRules {
    static final Set<Transform> TIME = EnumSet.of(Transform.YEAR, Transform.MONTH, Transform.DAY, Transform.HOUR);
    private static final Set<Scalar> INSTANTS = EnumSet.of(Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ);
    private static final Set<Scalar> UNHASHABLE = EnumSet.of(Scalar.BOOLEAN, Scalar.FLOAT, Scalar.DOUBLE);
    private static final Set<Scalar> CUTTABLE = EnumSet.of(Scalar.INT, Scalar.LONG, Scalar.STRING, Scalar.BINARY);

    private final List<Column> columns;
    private final List<String> names;

    TargetRules(List<Column> columns) {
        this.columns = columns;
        this.names = columns.stream().map(Column::name).toList();
    }

    void check(TableDefinition target, Scope scope) {
        if (target.partitionBy() != null) {
            partitioning(target.partitionBy(), scope.at("partition-by"));
        }
        if (target.properties() != null) {
            KnownProperties.check(target.properties(), names, scope.at("properties"));
        }
        UpkeepRules.check(target, columns, scope);
        for (int i = 0; target.sortBy() != null && i < target.sortBy().size(); i++) {
            if (target.sortBy().get(i) != null) {
                Scope at = scope.at("sort-by").at(i);
                find(target.sortBy().get(i).column(), at)
                        .filter(type -> !primitive(type))
                        .ifPresent(type -> at.problem("a table cannot be sorted by a value of type " + type.text()));
            }
        }
        for (int i = 0; target.idColumns() != null && i < target.idColumns().size(); i++) {
            if (target.idColumns().get(i) != null) {
                Scope at = scope.at("id-columns").at(i);
                find(target.idColumns().get(i), at)
                        .filter(type -> !primitive(type) || type == Scalar.FLOAT || type == Scalar.DOUBLE)
                        .ifPresent(type -> at.problem("a column of type " + type.text() + " cannot name a row"));
            }
        }
    }

    private void partitioning(List<PartitionField> fields, Scope scope) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            PartitionField field = fields.get(i);
            if (field == null) {
                continue;
            }
            Scope at = scope.at(i);
            // Iceberg takes one time unit per column: the finer one already implies the coarser.
            String source = (TIME.contains(field.transform()) ? "time" : field.text()) + ' ' + field.column();
            if (!seen.add(source)) {
                at.problem("column \"" + field.column() + "\" is already partitioned that way; keep one of them");
            }
            find(field.column(), at)
                    .filter(type -> !allowed(field.transform(), type))
                    .ifPresent(type -> at.problem("partition field " + field.text() + ": " + name(field.transform())
                            + " does not take type " + type.text() + "; it takes " + taken(field.transform())));
        }
    }

    /** The type of a column or of a struct's field, {@code payload.size}; reported if there is none. */
    private Optional<ColumnType> find(String path, Scope at) {
        String head = names.contains(path) ? path : path.replaceFirst("\\..*", "");
        if (!names.contains(head)) {
            at.unknown("column", head, names);
            return Optional.empty();
        }
        ColumnType type = columns.get(names.indexOf(head)).type();
        String rest = path.substring(Math.min(path.length(), head.length() + 1));
        for (String step : rest.isEmpty() ? List.<String>of() : List.of(rest.split("\\."))) {
            List<ColumnType.Field> fields = type instanceof ColumnType.Struct struct ? struct.fields() : List.of();
            Optional<ColumnType.Field> field =
                    fields.stream().filter(f -> f.name().equals(step)).findFirst();
            if (field.isEmpty()) {
                at.unknown(
                        "field",
                        step,
                        fields.stream().map(ColumnType.Field::name).toList());
                return Optional.empty();
            }
            type = field.get().type();
        }
        return Optional.ofNullable(type);
    }

    /** Iceberg's table specification, "Partition Transforms". */
    private static boolean allowed(Transform transform, ColumnType type) {
        return switch (transform) {
            case IDENTITY -> primitive(type);
            case YEAR, MONTH, DAY -> type == Scalar.DATE || INSTANTS.contains(type);
            case HOUR -> INSTANTS.contains(type);
            case BUCKET -> primitive(type) && !UNHASHABLE.contains(type);
            case TRUNCATE -> CUTTABLE.contains(type) || type instanceof ColumnType.Decimal;
        };
    }

    private static String taken(Transform transform) {
        return switch (transform) {
            case IDENTITY -> "single values";
            case YEAR, MONTH, DAY -> "date, timestamp and timestamptz";
            case HOUR -> "timestamp and timestamptz";
            case BUCKET -> "int, long, decimal, date, timestamp, timestamptz, string, uuid, fixed and binary";
            case TRUNCATE -> "int, long, decimal, string and binary";
        };
    }

    private static boolean primitive(ColumnType type) {
        return !(type instanceof ColumnType.Struct
                || type instanceof ColumnType.Listing
                || type instanceof ColumnType.Mapping);
    }

    private static String name(Transform transform) {
        return transform.name().toLowerCase(Locale.ROOT);
    }
}
