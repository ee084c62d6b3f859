package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/**
 * Adds a column from a Spark SQL row expression, or replaces the one of that name. The expression's own type must fit
 * {@code as} without loss (int into long, decimal(5,2) into decimal(10,2)); Spark tells that, so {@code plan} and
 * {@code run} do, not {@code validate}. A row whose expression fails is quarantined.
 */
public record Derive(String name, ColumnType as, String expr) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        Columns.checkNew(name, scope.at("name"));
        if (expr == null || expr.isBlank()) {
            scope.at("expr").problem("the expression is empty; write one such as \"hour(created_at)\"");
        }
        if (!isChecked(as) && holdsUnchecked(as)) {
            scope.at("as")
                    .problem(
                            "uuid and fixed inside " + as.text() + " cannot be derived; derive string or binary there");
        }
        return Columns.put(in, Columns.computed(name, as));
    }

    @Override
    public void compile(RowCompiler rows) {
        rows.derive(name, as, expr);
    }

    /** Spark knows these types as string and binary only, so that their values are checked after the expression. */
    private static boolean isChecked(ColumnType type) {
        return type == Scalar.UUID || type instanceof Fixed;
    }

    private static boolean holdsUnchecked(ColumnType type) {
        if (type instanceof Struct struct) {
            return struct.fields().stream().anyMatch(f -> holdsUnchecked(f.type()));
        }
        if (type instanceof Listing list) {
            return holdsUnchecked(list.element());
        }
        if (type instanceof Mapping map) {
            return holdsUnchecked(map.value());
        }
        return isChecked(type);
    }
}
