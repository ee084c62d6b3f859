package io.firn.transform;

import static scala.jdk.javaapi.CollectionConverters.asScala;

import java.util.List;

import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.EvalMode;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.catalyst.optimizer.CollapseProject;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.physical.UnknownPartitioning;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.internal.SessionState;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.NullType;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag$;

/**
 * Spark SQL row expressions, analysed once and bound to the variables of a row. A projection over an empty RDD is
 * planned (an empty local relation would be optimised away, expressions and all) and its one expression taken; nothing
 * runs.
 */
final class RowExpressions {
    private static final String ZONE = "UTC";
    private static final Seq<String> NO_NAMES = seq(List.of());

    private final org.apache.spark.sql.classic.SparkSession spark;
    private final SessionState state;
    private final SQLConf settings;

    RowExpressions(SparkSession session) {
        this.spark = (org.apache.spark.sql.classic.SparkSession) session;
        this.state = spark.sessionState();
        this.settings = pinned(state.conf());
    }

    /** An expression whose type fits {@code as} without loss, bound to {@code variables}. */
    Expression value(String text, DataType as, List<Attribute> visible, List<Attribute> variables) {
        return SQLConf.withExistingConf(settings, () -> {
            Expression expression = plan(text, visible);
            DataType type = expression.dataType();
            if (!LosslessTypes.fits(type, as)) {
                throw new TransformException(quoted(text) + " gives " + type.sql() + ", which does not fit " + as.sql()
                        + " without loss; change the column's type, or cast inside the expression");
            }
            return bound(cast(expression, as), variables);
        });
    }

    /** A boolean expression bound to {@code variables}. */
    Expression condition(String text, List<Attribute> visible, List<Attribute> variables) {
        return SQLConf.withExistingConf(settings, () -> {
            Expression expression = plan(text, visible);
            DataType type = expression.dataType();
            if (!(type instanceof BooleanType) && !(type instanceof NullType)) {
                throw new TransformException(
                        quoted(text) + " gives " + type.sql() + "; a filter needs a condition, true or false");
            }
            return bound(cast(expression, DataTypes.BooleanType), variables);
        });
    }

    Attribute attribute(String name, DataType type, boolean nullable) {
        return new AttributeReference(name, type, nullable, Metadata.empty(), NamedExpression.newExprId(), NO_NAMES);
    }

    private Expression plan(String text, List<Attribute> visible) {
        try {
            RefusedConstructs.checkText(text);
            Expression parsed = state.sqlParser().parseExpression(text);
            RefusedConstructs.check(parsed);
            RefusedConstructs.checkGenerators(parsed, state.functionRegistry());
            Alias named = new Alias(
                    parsed, "firn_expression", NamedExpression.newExprId(), NO_NAMES, Option.empty(), NO_NAMES);
            LogicalPlan analysed = state.analyzer().execute(new Project(seq(List.of(named)), empty(visible)));
            RefusedConstructs.check(analysed);
            state.analyzer().checkAnalysis(analysed);
            return single(state.optimizer().execute(analysed));
        } catch (TransformException e) {
            throw new TransformException(quoted(text) + " " + e.getMessage(), e.getCause());
        } catch (Exception e) {
            throw new TransformException(quoted(text) + ": " + reason(e), e);
        }
    }

    private LogicalPlan empty(List<Attribute> visible) {
        return new LogicalRDD(
                seq(visible),
                spark.sparkContext().emptyRDD(ClassTag$.MODULE$.apply(InternalRow.class)),
                new UnknownPartitioning(0),
                seq(List.of()),
                false,
                Option.empty(),
                spark,
                Option.empty(),
                Option.empty());
    }

    /** What BETWEEN or NULLIF use twice, Spark computes in a projection below; generated code finds it again. */
    private static Expression single(LogicalPlan plan) {
        if (!(plan instanceof Project project) || project.projectList().size() != 1) {
            throw new TransformException(
                    "is not an expression over one row; Spark plans " + plan.nodeName() + " for it");
        }
        if (project.child() instanceof Project below) {
            Seq<NamedExpression> merged =
                    CollapseProject.buildCleanedProjectList(project.projectList(), below.projectList());
            return single(new Project(merged, below.child()));
        }
        if (!(project.child() instanceof LogicalRDD)) {
            return single(project.child());
        }
        return project.projectList().head() instanceof Alias alias
                ? alias.child()
                : (Expression) project.projectList().head();
    }

    private static Expression bound(Expression expression, List<Attribute> variables) {
        return BindReferences.bindReference(expression, package$.MODULE$.AttributeSeq(seq(variables)), false);
    }

    private static Expression cast(Expression expression, DataType type) {
        return expression.dataType().equals(type)
                ? expression
                : new Cast(expression, type, Option.apply(ZONE), EvalMode.ANSI());
    }

    /** What an expression means must not depend on who runs it. */
    private static SQLConf pinned(SQLConf session) {
        SQLConf settings = session.clone();
        settings.setConfString("spark.sql.session.timeZone", ZONE);
        settings.setConfString("spark.sql.ansi.enabled", "true");
        settings.setConfString("spark.sql.caseSensitive", "false");
        settings.setConfString("spark.sql.timestampType", "TIMESTAMP_LTZ");
        settings.setConfString("spark.sql.legacy.timeParserPolicy", "CORRECTED");
        settings.setConfString("spark.sql.mapKeyDedupPolicy", "EXCEPTION");
        return settings;
    }

    private static String reason(Exception e) {
        String message = e instanceof AnalysisException analysis ? analysis.getSimpleMessage() : e.getMessage();
        if (message == null) {
            return e.getClass().getSimpleName();
        }
        return message.strip().lines().findFirst().orElse(e.getClass().getSimpleName());
    }

    private static String quoted(String text) {
        return "expression \"" + text + "\"";
    }

    private static <T> Seq<T> seq(List<? extends T> list) {
        return asScala(List.<T>copyOf(list)).toSeq();
    }
}
