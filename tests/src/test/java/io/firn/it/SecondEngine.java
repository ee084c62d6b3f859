package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

import io.firn.rig.Cloud;
import io.firn.rig.PyIceberg;

/** Holds what PyIceberg reads in tables against what Spark reads. */
final class SecondEngine {
    private static final List<DataType> WHOLE =
            List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);
    private static final List<DataType> TIMES = List.of(DataTypes.TimestampType, DataTypes.TimestampNTZType);
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64);

    private SecondEngine() {}

    /** @param tables as {@code lake.namespace.table} */
    static void assertReadsTheSame(Cloud cloud, Workspace lake, List<String> tables) {
        List<String> names =
                tables.stream().map(table -> table.replaceFirst("^lake\\.", "")).toList();
        JsonNode held = PyIceberg.held(cloud, names);
        for (String name : names) {
            assertSame(name, held.get(name), lake.spark().table("lake." + name));
        }
    }

    private static void assertSame(String name, JsonNode held, Dataset<Row> table) {
        List<String> compared = new ArrayList<>();
        held.get("columns").forEach(column -> compared.add(column.asText()));
        assertThat(compared).as("columns of %s", name).isEqualTo(comparable(table));
        Column[] columns = compared.stream().map(column -> plain(table, column)).toArray(Column[]::new);
        List<Row> rows = table.select(columns).collectAsList();
        assertThat(held.get("rows").asLong()).as("rows of %s", name).isEqualTo(rows.size());
        assertThat(held.get("digest").asText()).as("rows of %s by value", name).isEqualTo(digest(rows));
        Map<String, Long> sums = new TreeMap<>();
        for (int i = 0; i < columns.length; i++) {
            int at = i;
            DataType type = table.schema().apply(compared.get(i)).dataType();
            if (WHOLE.contains(type) || TIMES.contains(type)) {
                sums.put(
                        compared.get(i),
                        rows.stream()
                                .mapToLong(row -> row.isNullAt(at) ? 0 : ((Number) row.get(at)).longValue())
                                .sum());
            }
        }
        sums.forEach((column, sum) -> assertThat(
                        held.get("sums").get(column).bigIntegerValue().longValue())
                .as("sum of %s.%s", name, column)
                .isEqualTo(sum));
    }

    private static List<String> comparable(Dataset<Row> table) {
        return Arrays.stream(table.schema().fields())
                .filter(field -> WHOLE.contains(field.dataType())
                        || TIMES.contains(field.dataType())
                        || field.dataType().equals(DataTypes.BooleanType)
                        || field.dataType().equals(DataTypes.StringType))
                .map(field -> field.name())
                .sorted()
                .toList();
    }

    private static Column plain(Dataset<Row> table, String name) {
        Column column = table.col(name);
        DataType type = table.schema().apply(name).dataType();
        return TIMES.contains(type) ? functions.unix_micros(column.cast(DataTypes.TimestampType)) : column;
    }

    private static String digest(List<Row> rows) {
        BigInteger total = BigInteger.ZERO;
        for (Row row : rows) {
            String line = IntStream.range(0, row.size())
                    .mapToObj(i -> String.valueOf(row.get(i)))
                    .collect(Collectors.joining("|"));
            total = total.add(hash(line));
        }
        return total.mod(MODULUS).toString();
    }

    private static BigInteger hash(String line) {
        try {
            byte[] whole = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.UTF_8));
            return new BigInteger(1, Arrays.copyOf(whole, Long.BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
