package io.firn.transform;

import java.util.List;

import io.firn.config.Scope;
import io.firn.schema.Column;

/**
 * Keeps the rows for which a Spark SQL row expression is true; the others, null included, are counted as filtered.
 * Steps run in their order: a row that an earlier step refused is quarantined, also if this filter would drop it, and
 * no later step sees a row that this one dropped.
 */
public record Filter(String expr) implements Transform {
    @Override
    public List<Column> columns(List<Column> in, Scope scope) {
        if (expr == null || expr.isBlank()) {
            scope.at("expr").problem("the expression is empty; write a condition such as \"size > 0\"");
        }
        return in;
    }

    @Override
    public void compile(RowCompiler rows) {
        rows.filter(expr);
    }
}
