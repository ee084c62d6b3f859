package io.firn.transform;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.JsonPath;

/** Columns written shortly, and rows in and out of a program. */
final class Rows {
    static final StructType NO_METADATA = new StructType();

    private Rows() {}

    /** Columns from {@code "name: type"} or {@code "name: type required"}. */
    static List<Column> columns(String... texts) {
        return Arrays.stream(texts).map(Rows::column).toList();
    }

    static Column column(String text) {
        int colon = text.indexOf(':');
        boolean required = text.endsWith(" required");
        String type = text.substring(colon + 1, required ? text.length() - " required".length() : text.length());
        return new Column(text.substring(0, colon), ColumnType.parse(type.strip()), null, null, required, null);
    }

    static StructType schema(List<Column> columns) {
        StructType schema = new StructType();
        for (Column c : columns) {
            schema = schema.add(c.name(), c.type().toSpark(), !c.required());
        }
        return schema;
    }

    static InternalRow internal(StructType schema, Object... values) {
        return (InternalRow)
                CatalystTypeConverters.createToCatalystConverter(schema).apply(RowFactory.create(values));
    }

    static Row external(StructType schema, InternalRow row) {
        return (Row) CatalystTypeConverters.createToScalaConverter(schema).apply(row);
    }

    /** What becomes of one row: its values as {@code [a,b]}, {@code filtered}, or {@code column: reason}. */
    static String run(SparkSession spark, List<Column> in, List<Transform> steps, Object... values) {
        RowProgram program = RowProgram.compile(spark, in, NO_METADATA, steps);
        return run(program.start(), program.output(), internal(schema(in), values));
    }

    static String run(RowRunner runner, StructType output, InternalRow row) {
        return switch (runner.run(row)) {
            case KEPT -> text(external(output, runner.row()));
            case FILTERED -> "filtered";
            case REJECTED ->
                runner.rejection().column() + ": " + runner.rejection().reason();
        };
    }

    /** The row's values; bytes in hex, since arrays print as their address. */
    static String text(Row row) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(row.get(i) instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : row.get(i));
        }
        return RowFactory.create(values.toArray()).toString();
    }

    /** Columns of every type that the samples below fill. */
    static final List<Column> SAMPLE = columns(
            "id: long required",
            "size: int",
            "price: decimal(10,2)",
            "ratio: double",
            "small: float",
            "flag: boolean",
            "name: string",
            "created_at: timestamptz",
            "local: timestamp",
            "day: date",
            "payload: struct<user: struct<id: long, login: string>, tags: list<string>>",
            "counts: map<string, int>",
            "raw: binary");

    /** Rows of {@link #SAMPLE}, some with nulls at every place that allows them. */
    static List<Row> sample(int rows) {
        List<Row> sample = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            sample.add(i % 5 == 4 ? sparse(i) : full(i));
        }
        return sample;
    }

    private static Row sparse(int i) {
        Object[] values = new Object[SAMPLE.size()];
        values[0] = (long) i;
        return RowFactory.create(values);
    }

    private static Row full(int i) {
        Row user = RowFactory.create(i % 3 == 0 ? null : 1000L + i, "user" + i);
        List<String> tags = i % 4 == 0 ? List.of() : Arrays.asList("a" + i, null, "b");
        return RowFactory.create(
                (long) i,
                i * 7 % 100,
                new BigDecimal(i + ".25"),
                i / 4.0,
                i / 2.0f,
                i % 2 == 0,
                "name " + i,
                Instant.parse("2021-07-21T10:00:00.000123Z").plusSeconds(i * 3600L),
                LocalDateTime.parse("2021-03-28T02:30:00").plusMinutes(i),
                LocalDate.parse("2020-02-29").plusDays(i),
                RowFactory.create(user, tags),
                Map.of("x", i, "y", -i),
                new byte[] {(byte) i, 1});
    }

    static JsonPath path(String text) {
        return JsonPath.parse(text);
    }
}
