package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** Leaves columns out. */
public record Drop(List<String> names) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        throw new UnsupportedOperationException();
    }
}
