package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** Keeps the rows for which a Spark SQL row expression is true; the others are counted as filtered. */
public record Filter(String expr) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        throw new UnsupportedOperationException();
    }
}
