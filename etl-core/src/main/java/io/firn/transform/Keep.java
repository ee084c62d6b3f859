package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** Leaves all other columns out; those kept stay in the order they had. */
public record Keep(List<String> names) implements Transform {
    public Keep {
        names = List.copyOf(names);
    }

    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        boolean fine = Columns.checkList(in, names, scope.at("names"));
        List<Column> out = in.stream().filter(c -> Columns.contains(names, c)).toList();
        return fine ? out : in;
    }

    @Override
    public void compile(RowCompiler rows) {
        rows.retain(c -> Columns.contains(names, c));
    }
}
