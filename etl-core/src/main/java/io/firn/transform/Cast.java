package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;

/**
 * Turns a column into another type, exactly: a value that does not fit is quarantined, never rounded; null stays null.
 *
 * <ul>
 *   <li>string to a number: a JSON number and nothing around it; double and float take the nearest value
 *   <li>number to number: the value must be the same (decimals of up to 15 digits fit double, 6 fit float)
 *   <li>number, boolean, date, timestamp, timestamptz, uuid to string: the canonical, ISO text; and back, strictly
 *   <li>date to timestamp: midnight; timestamp and timestamptz to date: the day (UTC) they lie in
 *   <li>binary to fixed[n]: the length must match; and back
 * </ul>
 *
 * Everything else is a mistake in the YAML, mostly because the value does not say what it counts.
 */
public record Cast(String column, ColumnType as) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        int at = Columns.known(in, column, scope.at("column"));
        if (at < 0) {
            return Columns.put(in, Columns.computed(column, as));
        }
        Column old = in.get(at);
        String refusal = CastMatrix.refusal(old.type(), as);
        if (refusal != null) {
            scope.at("as").problem("column \"" + old.name() + "\": " + refusal);
        }
        Column cast = new Column(old.name(), as, old.location(), null, old.required(), old.comment());
        return Columns.replace(in, at, List.of(cast));
    }

    @Override
    public void compile(RowCompiler rows) {
        rows.convert(column, as);
    }
}
