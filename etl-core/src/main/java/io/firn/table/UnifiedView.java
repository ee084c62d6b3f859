package io.firn.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.view.SQLViewRepresentation;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;
import io.firn.schema.TypeGrowth;

/**
 * The view that shows columns between which a source's values wandered, since their type changed, as one: of the type that
 * holds all of them, else as text.
 */
final class UnifiedView {
    private static final String DIALECT = "spark";

    private final TableName table;
    private final List<Column> columns;

    /** @param columns the table's, those of Firn's own included; those that share a path are one */
    UnifiedView(TableName table, List<Column> columns) {
        this.table = table;
        this.columns = columns;
    }

    /** Makes it what it is to be; false: the catalog has no views. */
    boolean ensure(Object catalog) {
        if (!(catalog instanceof ViewCatalog views)) {
            return false;
        }
        Namespace namespace = Namespace.of(table.namespace().toArray(String[]::new));
        TableIdentifier name = TableIdentifier.of(namespace, table.name() + LakeTable.UNIFIED);
        String sql = sql();
        boolean there = views.viewExists(name)
                && views.loadView(name).currentVersion().representations().stream()
                        .anyMatch(held -> held instanceof SQLViewRepresentation query
                                && query.sql().equals(sql));
        if (!there) {
            views.buildView(name)
                    .withSchema(schema())
                    .withDefaultCatalog(table.catalog())
                    .withDefaultNamespace(namespace)
                    .withQuery(DIALECT, sql)
                    .createOrReplace();
        }
        return true;
    }

    String sql() {
        return shown().entrySet().stream()
                .map(shown -> {
                    ColumnType type = type(shown.getValue());
                    List<String> values = shown.getValue().stream()
                            .map(column -> value(column, type))
                            .toList();
                    String name = quoted(shown.getKey().name());
                    return values.size() == 1 ? name : "coalesce(" + String.join(", ", values) + ") AS " + name;
                })
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + table.quoted()));
    }

    private Schema schema() {
        List<Column> all = new ArrayList<>();
        shown().forEach((first, takers) -> all.add(new Column(first.name(), type(takers), null, null, false, null)));
        List<NestedField> fields = IcebergTypes.schema(all).columns();
        return new Schema(fields);
    }

    /** The columns of the view, each with the table's columns that it shows. */
    private Map<Column, List<Column>> shown() {
        Map<Column, List<Column>> shown = new LinkedHashMap<>();
        for (Column column : columns) {
            Optional<Column> first = shown.keySet().stream()
                    .filter(other -> Objects.equals(other.location(), column.location()))
                    .findFirst();
            shown.computeIfAbsent(first.orElse(column), unused -> new ArrayList<>())
                    .add(column);
        }
        return shown;
    }

    private static ColumnType type(List<Column> takers) {
        return takers.stream()
                .map(Column::type)
                .filter(type -> takers.stream().allMatch(taker -> TypeGrowth.covers(type, taker.type())))
                .findFirst()
                .orElse(Scalar.STRING);
    }

    private static String value(Column column, ColumnType as) {
        String name = quoted(column.name());
        ColumnType type = column.type();
        if (type.equals(as)) {
            return name;
        }
        if (type == Scalar.BINARY) {
            return "base64(" + name + ")";
        }
        boolean nested = type instanceof Struct || type instanceof Listing || type instanceof Mapping;
        return nested
                ? "to_json(" + name + ")"
                : "CAST(" + name + " AS " + as.toSpark().sql() + ")";
    }

    private static String quoted(String name) {
        return '`' + name.replace("`", "``") + '`';
    }
}
