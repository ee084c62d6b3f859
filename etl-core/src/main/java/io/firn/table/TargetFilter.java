package io.firn.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BloomFilterMightContain;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.XxHash64;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.sketch.BloomFilter;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

import io.firn.table.KeyColumn.Range;

/**
 * Conditions that every row of a target with a key of the batch meets, and few others. They are functions of a session:
 * as SQL text the keys alone would take a second to parse, and Spark's optimizer would walk over each of them again and
 * again.
 */
final class TargetFilter {
    static final TargetFilter NONE = new TargetFilter();
    private static final long BITS_PER_KEY = 32;
    private static final String WHOLE_KEYS = "firn_batch_keys";

    private final Map<String, Condition> conditions = new LinkedHashMap<>();

    private record Condition(List<String> columns, Builder builder) {}

    private interface Builder {
        Expression of(List<Expression> columns);
    }

    /** By a Bloom filter of whole keys. */
    void keys(StagedKeys keys) {
        Literal filter = new Literal(bloom(keys.hashes()), DataTypes.BinaryType);
        add(
                WHOLE_KEYS,
                List.of(keys.type().fieldNames()),
                columns -> new BloomFilterMightContain(filter, new XxHash64(seq(columns))));
    }

    /** By a column's values, which Iceberg too can make use of. */
    void values(KeyColumn column) {
        scala.collection.immutable.Set<Object> values =
                CollectionConverters.asScala(column.catalyst()).toSet();
        add(List.of(column.name()), columns -> new InSet(columns.get(0), values));
    }

    /** By ranges of a column's values, which leave files out. */
    void ranges(KeyColumn column, List<Range> ranges) {
        add(List.of(column.name()), columns -> ranges.stream()
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
        return sql(target, conditions.keySet());
    }

    /** The same without what a join that sends the keys to every task tells faster. */
    String sqlForBroadcast(String target) {
        return sql(
                target,
                conditions.keySet().stream()
                        .filter(name -> !name.equals(WHOLE_KEYS))
                        .toList());
    }

    private String sql(String target, Collection<String> names) {
        return names.stream()
                .map(name -> conditions.get(name).columns.stream()
                        .map(column -> target + "." + SqlNames.quoted(column))
                        .collect(Collectors.joining(", ", " AND " + name + "(", ")")))
                .collect(Collectors.joining());
    }

    private void add(List<String> columns, Builder builder) {
        add("firn_batch_" + conditions.size(), columns, builder);
    }

    private void add(String name, List<String> columns, Builder builder) {
        conditions.put(name, new Condition(columns, builder));
    }

    private static Expression between(Expression column, Range range) {
        return new And(
                new GreaterThanOrEqual(column, new Literal(range.low(), column.dataType())),
                new LessThanOrEqual(column, new Literal(range.high(), column.dataType())));
    }

    /** Sparse, so that a row that does not belong is mostly known by its first bit. */
    private static byte[] bloom(long[] hashes) {
        long bits = Math.max(64, hashes.length * BITS_PER_KEY);
        long itemsForTwoBitsEach = (long) Math.ceil(bits * Math.log(2) / 2);
        BloomFilter filter = BloomFilter.create(itemsForTwoBitsEach, bits);
        for (long hash : hashes) {
            filter.putLong(hash);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            filter.writeTo(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Seq<Expression> seq(List<Expression> columns) {
        return CollectionConverters.asScala(columns).toSeq();
    }
}
