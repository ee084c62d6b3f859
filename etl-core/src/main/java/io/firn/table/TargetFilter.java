package io.firn.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

import io.firn.table.KeyColumn.Range;
import io.firn.table.keys.KeyHashes;
import io.firn.table.keys.KeyScanRule;

/**
 * Conditions that every row of a target with a key of the batch meets, and few others. They are functions of a session:
 * as SQL text the keys alone would take a second to parse, and Spark's optimizer would walk over each of them again and
 * again.
 */
final class TargetFilter {
    static final TargetFilter NONE = new TargetFilter();

    private final Map<String, Condition> conditions = new LinkedHashMap<>();

    private record Condition(List<String> columns, Builder builder) {}

    private interface Builder {
        Expression of(List<Expression> columns);
    }

    /** By the hashes of whole keys. */
    void keys(StagedKeys keys) {
        KeyHashes hashes = new KeyHashes(keys.hashes(), keys.numbers());
        add(keys.type(), columns -> KeyScanRule.mayContain(hashes, columns));
    }

    /** By a column's values, which Iceberg too can make use of. */
    void values(KeyColumn column) {
        scala.collection.immutable.Set<Object> values =
                CollectionConverters.asScala(column.catalyst()).toSet();
        add(column.type(), columns -> new InSet(columns.get(0), values));
    }

    /** By ranges of a column's values, which leave files out. */
    void ranges(KeyColumn column, List<Range> ranges) {
        add(column.type(), columns -> ranges.stream()
                .map(range -> between(columns.get(0), range))
                .reduce(Or::new)
                .orElseThrow());
    }

    /** Makes the functions known; those of an earlier batch are replaced. */
    void install(SparkSession session) {
        var functions = ((org.apache.spark.sql.classic.SparkSession) session)
                .sessionState()
                .functionRegistry();
        conditions.forEach((name, condition) -> functions.createOrReplaceTempFunction(
                name, columns -> condition.builder.of(CollectionConverters.asJava(columns)), "scala_udf"));
    }

    /** What follows the ON condition of a join with the target; empty or led by AND. */
    String sql(String target) {
        return conditions.keySet().stream()
                .map(name -> conditions.get(name).columns.stream()
                        .map(column -> target + "." + SqlNames.quoted(column))
                        .collect(Collectors.joining(", ", " AND " + name + "(", ")")))
                .collect(Collectors.joining());
    }

    /** @param staged the columns as they were staged */
    private void add(StructType staged, Builder builder) {
        conditions.put("firn_batch_" + conditions.size(), new Condition(List.of(staged.fieldNames()), columns -> {
            refuseOtherTypes(staged, columns);
            return builder.of(columns);
        }));
    }

    /** A key has another hash in another type: no row would be found, and deletes would do nothing. */
    private static void refuseOtherTypes(StructType staged, List<Expression> columns) {
        for (int i = 0; i < columns.size(); i++) {
            StructField field = staged.fields()[i];
            DataType type = columns.get(i).dataType();
            if (!type.equals(field.dataType())) {
                throw new TableException("Key column " + field.name() + " was staged as "
                        + field.dataType().catalogString() + " and is " + type.catalogString()
                        + " in the table by now. Nothing was merged; run again.");
            }
        }
    }

    private static Expression between(Expression column, Range range) {
        return new And(
                new GreaterThanOrEqual(column, new Literal(range.low(), column.dataType())),
                new LessThanOrEqual(column, new Literal(range.high(), column.dataType())));
    }
}
