package io.firn.table;

import java.util.Collection;
import java.util.stream.Collectors;

import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.types.DataTypes;

/**
 * Values as SQL text, quoted by Spark itself. Parameters would be the better way, but a session with Iceberg's
 * extensions parses statements by Iceberg's parser, which leaves them unbound (Spark 4.1.1, Iceberg 1.11.0).
 */
public final class SqlLiterals {
    private SqlLiterals() {}

    /** One text. */
    public static String text(String value) {
        return Literal.create(value, DataTypes.StringType).sql();
    }

    /** A list of texts, {@code ('a', 'b')}. */
    public static String list(Collection<String> values) {
        return values.stream().map(SqlLiterals::text).collect(Collectors.joining(", ", "(", ")"));
    }
}
