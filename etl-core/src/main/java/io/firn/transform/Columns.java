package io.firn.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.JsonPath;

/** Looks columns up by name, which never depends on case: neither Spark nor Hive-like catalogs tell cases apart. */
final class Columns {
    /** Where a computed column lies in the JSON: nowhere. */
    static final JsonPath NOWHERE = new JsonPath(List.of());

    private Columns() {}

    /** The index of a column, or -1. */
    static int find(List<Column> in, String name) {
        for (int i = 0; i < in.size(); i++) {
            if (in.get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        return -1;
    }

    static List<String> names(List<Column> in) {
        return in.stream().map(Column::name).toList();
    }

    /** Like {@link #find}, and an unknown name is reported. */
    static int known(List<Column> in, String name, Scope at) {
        int index = find(in, name);
        if (index < 0) {
            at.unknown("column", name, names(in));
        }
        return index;
    }

    /** Reports a name that a new column must not have. */
    static void checkNew(String name, Scope at) {
        if (name == null || name.isBlank()) {
            at.problem("the column's name is empty");
        } else if (name.toLowerCase(Locale.ROOT).startsWith("firn_")) {
            at.problem("column names that begin with firn_ belong to Firn's own metadata; choose another name than \""
                    + name + "\"");
        }
    }

    /** Reports names that do not exist or stand twice; returns whether all are fine. */
    static boolean checkList(List<Column> in, List<String> names, Scope at) {
        if (names.isEmpty()) {
            at.problem("names no column; list at least one, or leave the transform out");
            return false;
        }
        boolean fine = true;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            fine &= known(in, name, at.at(i)) >= 0;
            if (names.subList(0, i).stream().anyMatch(name::equalsIgnoreCase)) {
                at.at(i).problem("column \"" + name + "\" stands twice in the list");
                fine = false;
            }
        }
        return fine;
    }

    static boolean contains(List<String> names, Column column) {
        return names.stream().anyMatch(column.name()::equalsIgnoreCase);
    }

    /** The columns with one replaced by any number of others. */
    static List<Column> replace(List<Column> in, int at, List<Column> by) {
        List<Column> out = new ArrayList<>(in.subList(0, at));
        out.addAll(by);
        out.addAll(in.subList(at + 1, in.size()));
        return List.copyOf(out);
    }

    /** The columns with one more at the end, or in the place of the one of that name. */
    static List<Column> put(List<Column> in, Column column) {
        int at = find(in, column.name());
        if (at >= 0) {
            return replace(in, at, List.of(column));
        }
        List<Column> out = new ArrayList<>(in);
        out.add(column);
        return List.copyOf(out);
    }

    static Column computed(String name, ColumnType type) {
        return new Column(name, type, NOWHERE, null, false, null);
    }
}
