package io.firn.table.keys;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.XxHash64;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.SupportsReportStatistics;
import org.apache.spark.sql.connector.read.SupportsRuntimeV2Filtering;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * Pushes a filter by {@link KeyHashes} into the scan below it, as a {@link KeyScan}. The filter stays where it is: of rows
 * that have none of the keys more are left out with this rule than without, of the others none.
 */
public final class KeyScanRule extends Rule<LogicalPlan> {

    /** From now on the session's queries are planned with it. */
    public static void install(SparkSession session) {
        var planning = ((org.apache.spark.sql.classic.SparkSession) session).experimental();
        planning.extraOptimizations_$eq(seq(List.of(new KeyScanRule())));
    }

    /** Whether a row may have one of the keys: what this rule looks for. */
    public static Expression mayContain(KeyHashes keys, List<Expression> columns) {
        return new Invoke(
                Literal.fromObject(keys, new ObjectType(KeyHashes.class)),
                "mayContain",
                DataTypes.BooleanType,
                seq(List.of(new XxHash64(seq(columns)))),
                seq(List.of()),
                false,
                false,
                true);
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return plan.transformDown(new AbstractPartialFunction<LogicalPlan, LogicalPlan>() {
            @Override
            public boolean isDefinedAt(LogicalPlan node) {
                return pushed(node).isPresent();
            }

            @Override
            public LogicalPlan apply(LogicalPlan node) {
                return pushed(node).orElseThrow();
            }
        });
    }

    private static Optional<LogicalPlan> pushed(LogicalPlan node) {
        if (node instanceof Filter filter
                && filter.child() instanceof DataSourceV2ScanRelation relation
                && relation.keyGroupedPartitioning().isEmpty()
                && relation.scan() instanceof SupportsReportStatistics
                && relation.scan() instanceof SupportsRuntimeV2Filtering
                && !(relation.scan() instanceof KeyScan)) {
            return conjuncts(filter.condition())
                    .flatMap(condition -> scan(condition, relation).stream())
                    .findFirst()
                    .map(scan -> filter.copy(filter.condition(), over(scan, relation)));
        }
        return Optional.empty();
    }

    private static Stream<Expression> conjuncts(Expression condition) {
        return condition instanceof And and
                ? Stream.concat(conjuncts(and.left()), conjuncts(and.right()))
                : Stream.of(condition);
    }

    private static Optional<KeyScan> scan(Expression condition, DataSourceV2ScanRelation relation) {
        if (condition instanceof Invoke call
                && call.targetObject() instanceof Literal target
                && target.value() instanceof KeyHashes keys
                && call.arguments().head() instanceof XxHash64 hash) {
            List<Expression> columns = CollectionConverters.asJava(hash.children());
            if (columns.stream().allMatch(AttributeReference.class::isInstance)) {
                int[] positions = columns.stream()
                        .mapToInt(column -> position((AttributeReference) column, relation))
                        .toArray();
                return KeyHasher.of(relation.scan().readSchema(), positions)
                        .map(hasher -> new KeyScan(relation.scan(), keys, hasher));
            }
        }
        return Optional.empty();
    }

    private static int position(AttributeReference column, DataSourceV2ScanRelation relation) {
        return relation.output().indexWhere(output -> output.exprId().equals(column.exprId()), 0);
    }

    private static DataSourceV2ScanRelation over(Scan scan, DataSourceV2ScanRelation relation) {
        return relation.copy(
                relation.relation(), scan, relation.output(), relation.keyGroupedPartitioning(), relation.ordering());
    }

    private static <T> Seq<T> seq(List<T> list) {
        return CollectionConverters.asScala(list).toSeq();
    }
}
