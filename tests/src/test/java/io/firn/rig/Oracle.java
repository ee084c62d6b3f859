package io.firn.rig;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Holds a table of the lake against its source, row by row and value by value: both sides as text that differs exactly
 * where values differ. It shares no code with Firn.
 */
public final class Oracle {
    private static final int SHOWN = 10;

    private Oracle() {}

    /** Throws AssertionError with the differences unless the lake holds exactly the source's rows. */
    public static void assertEqual(Database source, String table, Dataset<Row> lake, String... leftOut) {
        Comparison comparison = compare(source, table, lake, leftOut);
        if (!comparison.isEqual()) {
            throw new AssertionError(comparison.toString());
        }
    }

    /**
     * Compares the source's columns, of which the lake may have more; rows meet by primary key, without one as multisets.
     *
     * @param leftOut columns that are not compared
     */
    public static Comparison compare(Database source, String table, Dataset<Row> lake, String... leftOut) {
        SourceTable there = SourceTable.of(source, table, Set.of(leftOut));
        StructType schema = lake.schema();
        List<StructField> fields = there.columns().stream()
                .map(column -> field(schema, column, table))
                .toList();
        List<List<String>> expected =
                there.rows(fields.stream().map(StructField::dataType).toList());
        List<List<String>> found = rows(lake, schema, fields, there);
        return there.key().isEmpty() ? multisets(there, table, expected, found) : keyed(there, table, expected, found);
    }

    private static StructField field(StructType schema, SourceTable.Column column, String table) {
        for (StructField field : schema.fields()) {
            if (field.name().equals(column.name())) {
                return field;
            }
        }
        throw new AssertionError("the lake lacks column " + column.name() + " of " + table);
    }

    private static List<List<String>> rows(
            Dataset<Row> lake, StructType schema, List<StructField> fields, SourceTable there) {
        int[] positions =
                fields.stream().mapToInt(f -> schema.fieldIndex(f.name())).toArray();
        List<List<String>> rows = new ArrayList<>();
        for (InternalRow row : lake.queryExecution().executedPlan().executeCollect()) {
            List<String> values = new ArrayList<>();
            for (int i = 0; i < positions.length; i++) {
                String value = LakeValue.text(row, positions[i], fields.get(i).dataType());
                values.add(there.columns().get(i).isHstore() ? SourceValue.sortedJson(value) : value);
            }
            rows.add(values);
        }
        return rows;
    }

    private static Comparison keyed(
            SourceTable table, String name, List<List<String>> expected, List<List<String>> found) {
        Map<String, List<String>> rest = new HashMap<>();
        Report report = new Report();
        for (List<String> row : found) {
            List<String> twin = rest.put(table.keyOf(row), row);
            if (twin != null) {
                report.extra(table.keyOf(row) + " is there twice: " + table.told(twin));
            }
        }
        for (List<String> row : expected) {
            String key = table.keyOf(row);
            List<String> other = rest.remove(key);
            if (other == null) {
                report.missing(table.told(row));
            } else if (!other.equals(row)) {
                report.different(key + " " + differences(table, row, other));
            }
        }
        new TreeMap<>(rest).values().forEach(row -> report.extra(table.told(row)));
        return report.comparison(name, expected.size());
    }

    private static String differences(SourceTable table, List<String> expected, List<String> found) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            String name = table.columns().get(i).name();
            if (!Objects.equals(expected.get(i), found.get(i))) {
                told.add(name + ": source " + expected.get(i) + ", lake " + found.get(i));
            }
        }
        return String.join("; ", told);
    }

    private static Comparison multisets(
            SourceTable table, String name, List<List<String>> expected, List<List<String>> found) {
        Map<String, Integer> surplus = new HashMap<>();
        found.forEach(row -> surplus.merge(table.told(row), 1, Integer::sum));
        expected.forEach(row -> surplus.merge(table.told(row), -1, Integer::sum));
        Report report = new Report();
        for (String row : new TreeSet<>(surplus.keySet())) {
            int times = surplus.get(row);
            for (int i = 0; i < times; i++) {
                report.extra(row);
            }
            for (int i = times; i < 0; i++) {
                report.missing(row);
            }
        }
        return report.comparison(name, expected.size());
    }

    private static final class Report {
        private final List<String> missing = new ArrayList<>();
        private final List<String> extra = new ArrayList<>();
        private final List<String> different = new ArrayList<>();
        private long differences;

        void missing(String row) {
            add(missing, row);
        }

        void extra(String row) {
            add(extra, row);
        }

        void different(String row) {
            add(different, row);
        }

        private void add(List<String> to, String row) {
            differences++;
            if (to.size() < SHOWN) {
                to.add(row);
            }
        }

        Comparison comparison(String table, long rows) {
            return new Comparison(table, rows, missing, extra, different, differences);
        }
    }
}
