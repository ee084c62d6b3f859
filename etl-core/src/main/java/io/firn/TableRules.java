package io.firn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.firn.config.Place;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Struct;
import io.firn.table.TableColumn;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;

/** What a table's definition under {@code ddl/} must fulfil beyond its structure. */
final class TableRules {
    private final Place scope;

    TableRules(Place scope) {
        this.scope = scope;
    }

    void check(TableDefinition table) {
        List<TableColumn> columns = table.columns() == null
                ? List.of()
                : table.columns().stream().filter(Objects::nonNull).toList();
        if (columns.isEmpty() && scope.at("columns").sound()) {
            scope.at("columns").problem("no column is listed; name at least one");
        }
        boolean named = table.columns() != null
                && table.columns().stream()
                        .allMatch(column -> column != null && column.name() != null && column.type() != null);
        if (!named) {
            return;
        }
        List<Column> plain = columns.stream().map(TableColumn::column).toList();
        ColumnRules.check(plain, null, scope.at("columns"));
        new TargetRules(plain).check(table, scope);
        ModeRules.checkFormat(table, scope);
        Map<String, Integer> old = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            initialDefault(columns.get(i), table, scope.at("columns").at(i));
            renames(columns.get(i), columns, old, scope.at("columns").at(i));
        }
        idColumns(table, columns);
    }

    private static void initialDefault(TableColumn column, TableDefinition table, Place at) {
        if (column.initialDefault() == null) {
            return;
        }
        if (table.formatVersion() == null || table.formatVersion() < 3) {
            at.at("initial-default")
                    .problem("initial-default takes format-version: 3; in older formats rows that were written before"
                            + " the column read null");
        }
        try {
            Object unused = column.initialDefault().of(column.type());
        } catch (IllegalArgumentException e) {
            at.at("initial-default").problem(e.getMessage());
        }
    }

    private static void renames(TableColumn column, List<TableColumn> columns, Map<String, Integer> old, Place at) {
        String from = column.renamedFrom();
        if (from != null) {
            if (columns.stream().anyMatch(other -> from.equals(other.name()))) {
                at.at("renamed-from")
                        .problem(
                                "column \"" + from + "\" is listed too, so it was not renamed; once a rename is applied"
                                        + " everywhere, remove renamed-from");
            } else if (old.putIfAbsent(from, 0) != null) {
                at.at("renamed-from").problem("column \"" + from + "\" became another column already");
            }
        }
        if (column.renamedFields() != null) {
            column.renamedFields().forEach((path, name) -> {
                if (!holds(column.type(), List.of(path.split("\\.")))) {
                    at.at("renamed-fields")
                            .at(path)
                            .problem("there is no field " + path + " in type "
                                    + column.type().text()
                                    + "; write the new path within the column, as in address.zip or element.zip for"
                                    + " lists, and the old name behind it");
                }
            });
        }
    }

    private static boolean holds(ColumnType type, List<String> path) {
        if (path.isEmpty()) {
            return true;
        }
        List<String> rest = path.subList(1, path.size());
        if (type instanceof Listing list) {
            return path.get(0).equals("element") && holds(list.element(), rest);
        }
        if (type instanceof Mapping map) {
            return path.get(0).equals("value") && holds(map.value(), rest);
        }
        return type instanceof Struct struct
                && struct.fields().stream()
                        .anyMatch(field -> field.name().equals(path.get(0)) && holds(field.type(), rest));
    }

    private void idColumns(TableDefinition table, List<TableColumn> columns) {
        List<String> ids = table.idColumns() == null ? List.of() : table.idColumns();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            if (columns.stream().anyMatch(column -> column.name().equals(id) && !column.required())) {
                scope.at("id-columns").at(i).problem("column \"" + id + "\" names rows, so it must be required");
            }
        }
        if (table.mode() == Mode.UPSERT
                && ids.isEmpty()
                && scope.at("id-columns").sound()) {
            scope.at("mode").problem("mode upsert needs \"id-columns\", which name a row");
        }
    }
}
