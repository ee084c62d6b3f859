package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;

/** Turns a column into another type, exactly: a value that does not fit is quarantined, never rounded. */
public record Cast(String column, ColumnType as) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        throw new UnsupportedOperationException();
    }
}
