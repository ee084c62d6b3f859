package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/** Gives a column another name; its place, type and requiredness stay. */
public record Rename(String column, String to) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        int at = Columns.known(in, column, scope.at("column"));
        Columns.checkNew(to, scope.at("to"));
        int same = Columns.find(in, to);
        if (same >= 0 && same != at) {
            scope.at("to")
                    .problem("column \"" + in.get(same).name() + "\" exists already; drop it before, or choose another"
                            + " name");
            return in;
        }
        if (at < 0) {
            return Columns.put(in, Columns.computed(to, Scalar.STRING));
        }
        Column old = in.get(at);
        Column renamed = new Column(to, old.type(), old.location(), old.format(), old.required(), old.comment());
        return Columns.replace(in, at, List.of(renamed));
    }

    @Override
    public void compile(RowCompiler rows) {
        // The columns after this step say it all: values stay where they are.
    }
}
