package io.firn.transform;

import static scala.jdk.javaapi.CollectionConverters.asJava;
import static scala.jdk.javaapi.CollectionConverters.asScala;

import java.util.ArrayList;
import java.util.List;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.MutableProjection;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.DataType;

import io.firn.schema.Rejection;

/** Computes columns by expressions that do not depend on each other, as one piece of generated code. */
record EvaluateStep(int row, List<String> names, List<Expression> expressions) implements Step {

    EvaluateStep and(String name, Expression expression) {
        List<String> moreNames = new ArrayList<>(names);
        moreNames.add(name);
        List<Expression> moreExpressions = new ArrayList<>(expressions);
        moreExpressions.add(expression);
        return new EvaluateStep(row, List.copyOf(moreNames), List.copyOf(moreExpressions));
    }

    /** Whether the expression reads what this step computes. */
    boolean feeds(Expression expression, List<Variable> variables) {
        if (expression instanceof BoundReference reference) {
            return variables.get(reference.ordinal()).row() == row;
        }
        return asJava(expression.children()).stream().anyMatch(child -> feeds(child, variables));
    }

    @Override
    public Running start(InternalRow[] rows) {
        SpecificInternalRow results = new SpecificInternalRow(asScala(types()).toSeq());
        MutableProjection projection =
                MutableProjection.create(asScala(expressions).toSeq()).target(results);
        rows[row] = results;
        return variables -> evaluate(projection, variables);
    }

    private List<DataType> types() {
        return expressions.stream().map(Expression::dataType).toList();
    }

    private Rejection evaluate(MutableProjection projection, InternalRow variables) {
        try {
            projection.apply(variables);
            return null;
        } catch (Exception e) {
            return rejection(variables, e);
        }
    }

    /** Asks each expression alone who failed, which only rows that fail have to pay for. */
    private Rejection rejection(InternalRow variables, Exception failure) {
        for (int i = 0; i < expressions.size(); i++) {
            try {
                Object unused = expressions.get(i).eval(variables);
            } catch (Exception e) {
                return new Rejection(names.get(i), ExpressionFailure.reason(e));
            }
        }
        return new Rejection(String.join(", ", names), ExpressionFailure.reason(failure));
    }
}
