package io.firn.table;

import java.util.Arrays;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Column names as SQL text, whatever they are made of. */
final class SqlNames {
    private SqlNames() {}

    static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    static Column column(String name) {
        return functions.col(quoted(name));
    }

    static Column[] columns(String... names) {
        return Arrays.stream(names).map(SqlNames::column).toArray(Column[]::new);
    }
}
