package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/** Leaves columns out. */
public record Drop(List<String> names) implements Transform {
    public Drop {
        names = List.copyOf(names);
    }

    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        boolean fine = Columns.checkList(in, names, scope.at("names"));
        List<Column> out = in.stream().filter(c -> !Columns.contains(names, c)).toList();
        if (fine && out.isEmpty()) {
            scope.at("names").problem("drops every column; a table needs at least one");
            return in;
        }
        return out;
    }

    @Override
    public void compile(RowCompiler rows) {
        rows.retain(c -> !Columns.contains(names, c));
    }
}
