package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** Decodes a string column that holds JSON text into columns, which replace it. */
public record Extract(String column, List<Column> into) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        throw new UnsupportedOperationException();
    }
}
