package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** Gives a column another name. */
public record Rename(String column, String to) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        throw new UnsupportedOperationException();
    }
}
