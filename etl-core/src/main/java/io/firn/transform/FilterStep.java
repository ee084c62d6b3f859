package io.firn.transform;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BasePredicate;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Predicate;

import io.firn.schema.Rejection;

/** Drops rows for which a condition is false or null. */
record FilterStep(Expression condition) implements Step {
    @Override
    public Running start(InternalRow[] rows) {
        BasePredicate predicate = Predicate.create(condition);
        return variables -> test(predicate, variables);
    }

    private static Rejection test(BasePredicate predicate, InternalRow variables) {
        try {
            return predicate.eval(variables) ? null : FILTERED;
        } catch (Exception e) {
            return new Rejection(null, "filter: " + ExpressionFailure.reason(e));
        }
    }
}
