package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;

/** Adds a column from a Spark SQL row expression, or replaces the one of that name. */
public record Derive(String name, ColumnType as, String expr) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        throw new UnsupportedOperationException();
    }
}
