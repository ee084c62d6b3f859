package io.firn.transform;

import static scala.jdk.javaapi.CollectionConverters.asJava;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.expressions.Generator;
import org.apache.spark.sql.catalyst.expressions.RuntimeReplaceable;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.expressions.WindowExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.Option;

/** Refuses by name what needs other rows, or what gives another table when the same day is loaded again. */
final class RefusedConstructs {
    private static final String AGAIN = "; loading the same day again must give the same rows";
    private static final Set<String> MOVING_TIMES = Set.of("now", "today", "tomorrow", "yesterday");
    /** Spark's parser turns these into constants, so that no tree shows them. */
    private static final Pattern MOVING_LITERAL = Pattern.compile(
            "\\b(date|timestamp(?:_ltz|_ntz)?)\\s*['\"]\\s*(now|today|tomorrow|yesterday)\\b",
            Pattern.CASE_INSENSITIVE);

    private RefusedConstructs() {}

    static void checkText(String text) {
        Matcher moving = MOVING_LITERAL.matcher(text);
        if (moving.find()) {
            throw movingTime(moving.group(2));
        }
    }

    static void check(LogicalPlan plan) {
        asJava(plan.expressions()).forEach(RefusedConstructs::check);
        asJava(plan.children()).forEach(RefusedConstructs::check);
    }

    static void check(Expression expression) {
        if (expression instanceof SubqueryExpression) {
            throw new TransformException(
                    "holds a subquery, which reads other rows; a transform sees one row at a time");
        }
        if (expression instanceof WindowExpression window) {
            throw manyRows("window function", window.windowFunction());
        }
        if (expression instanceof AggregateExpression aggregate) {
            throw manyRows("aggregate function", aggregate.aggregateFunction());
        }
        if (expression instanceof Generator) {
            throw manyMade(expression.prettyName());
        }
        if (asJava(expression.nodePatterns()).contains(TreePattern.CURRENT_LIKE())) {
            throw new TransformException(
                    "calls " + expression.prettyName() + ", which changes from run to run" + AGAIN);
        }
        checkMovingCast(expression);
        asJava(expression.children()).forEach(RefusedConstructs::check);
        if (expression.resolved() && expression instanceof RuntimeReplaceable replaced) {
            check(replaced.replacement());
        }
        // After the children, so that the innermost is named.
        if (expression.resolved() && !expression.deterministic()) {
            throw new TransformException("calls " + expression.prettyName() + ", which is nondeterministic" + AGAIN);
        }
    }

    /** Refuses generators before analysis, which knows them only where a query may have them. */
    static void checkGenerators(Expression parsed, FunctionRegistry functions) {
        if (parsed instanceof UnresolvedFunction call && call.nameParts().size() == 1) {
            String name = call.nameParts().head();
            Option<ExpressionInfo> known = functions.lookupFunction(new FunctionIdentifier(name));
            if (known.isDefined() && known.get().getGroup().equals("generator_funcs")) {
                throw manyMade(name.toLowerCase(Locale.ROOT));
            }
        }
        asJava(parsed.children()).forEach(child -> checkGenerators(child, functions));
    }

    private static void checkMovingCast(Expression expression) {
        if (!(expression instanceof Cast cast) || !isTime(cast) || !isConstantText(cast.child())) {
            return;
        }
        String text = String.valueOf(cast.child().eval(null)).strip().toLowerCase(Locale.ROOT);
        if (MOVING_TIMES.contains(text)) {
            throw movingTime(text);
        }
    }

    private static boolean isTime(Cast cast) {
        return cast.dataType() instanceof DateType
                || cast.dataType() instanceof TimestampType
                || cast.dataType() instanceof TimestampNTZType;
    }

    private static boolean isConstantText(Expression expression) {
        return expression.resolved() && expression.foldable() && expression.dataType() instanceof StringType;
    }

    private static TransformException movingTime(String text) {
        return new TransformException(
                "holds the time '" + text.toLowerCase(Locale.ROOT) + "', which changes from run to run" + AGAIN);
    }

    private static TransformException manyMade(String name) {
        return new TransformException(
                "calls the generator " + name + ", which makes many rows of one; a transform makes at most one");
    }

    private static TransformException manyRows(String what, Expression function) {
        String name = function instanceof UnresolvedFunction unresolved
                ? String.join(".", asJava(unresolved.nameParts()))
                : function.prettyName();
        return new TransformException(
                "calls the " + what + " " + name + ", which needs many rows; a transform sees one row at a time");
    }
}
