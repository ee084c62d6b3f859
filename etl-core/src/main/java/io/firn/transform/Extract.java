package io.firn.transform;

import java.util.ArrayList;
import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.JsonPath;

/**
 * Decodes a string column that holds JSON text into columns, which take its place. The text is decoded as strictly as
 * a line is; a null text makes all of them null.
 */
public record Extract(String column, List<Column> into) implements Transform {
    public Extract {
        into = List.copyOf(into);
    }

    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        int at = Columns.known(in, column, scope.at("column"));
        if (at >= 0 && in.get(at).type() != Scalar.STRING) {
            scope.at("column")
                    .problem("column \"" + in.get(at).name() + "\" is "
                            + in.get(at).type().text()
                            + "; extract needs a string that holds JSON text (declare it as string with format json)");
        }
        if (into.isEmpty()) {
            scope.at("into").problem("names no column; list at least one, or leave the transform out");
            return in;
        }
        List<Column> others = new ArrayList<>(in);
        if (at >= 0) {
            others.remove(at);
        }
        for (int i = 0; i < into.size(); i++) {
            checkName(into.get(i), others, scope.at("into").at(i).at("name"));
            others.add(into.get(i));
        }
        if (at < 0) {
            List<Column> out = new ArrayList<>(in);
            out.addAll(into);
            return List.copyOf(out);
        }
        JsonPath outer = in.get(at).location();
        return Columns.replace(in, at, into.stream().map(c -> below(outer, c)).toList());
    }

    @Override
    public void compile(RowCompiler rows) {
        rows.extract(column, into);
    }

    private static void checkName(Column column, List<Column> others, Scope at) {
        Columns.checkNew(column.name(), at);
        if (Columns.find(others, column.name()) >= 0) {
            at.problem("column \"" + column.name() + "\" exists already; choose another name");
        }
    }

    /** The column with its path told from the line's root. */
    private static Column below(JsonPath outer, Column c) {
        List<String> keys = new ArrayList<>(outer.keys());
        keys.addAll(c.location().keys());
        return new Column(c.name(), c.type(), new JsonPath(keys), c.format(), c.required(), c.comment());
    }
}
