package io.firn.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows of a {@link TypeMatrix}'s table by {@code id}, each column as text that differs exactly where values differ. */
public final class TypeRows {
    private TypeRows() {}

    /** What the lake holds. */
    public static Map<Integer, Map<String, String>> ofLake(TypeMatrix matrix, Dataset<Row> lake) {
        StructType schema = lake.schema();
        Map<Integer, Map<String, String>> rows = new TreeMap<>();
        for (InternalRow row : lake.queryExecution().executedPlan().executeCollect()) {
            Map<String, String> values = new LinkedHashMap<>();
            for (TypeMatrix.TypeColumn column : matrix.columns()) {
                int at = schema.fieldIndex(column.name());
                String value = LakeValue.text(row, at, schema.fields()[at].dataType());
                values.put(column.name(), column.sourceType().equals("hstore") ? SourceValue.sortedJson(value) : value);
            }
            rows.put(row.getInt(schema.fieldIndex("id")), values);
        }
        return rows;
    }

    /** What the source holds, in the form of a lake whose columns have these types. */
    public static Map<Integer, Map<String, String>> ofSource(Database source, String table, StructType lake) {
        SourceTable there = SourceTable.of(source, table, Set.of());
        Map<Integer, Map<String, String>> rows = new TreeMap<>();
        for (List<String> row : there.rows(there.columns().stream()
                .map(column -> lake.apply(column.name()))
                .map(StructField::dataType)
                .toList())) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int i = 1; i < row.size(); i++) {
                values.put(there.columns().get(i).name(), row.get(i));
            }
            rows.put(Integer.parseInt(row.get(0)), values);
        }
        return rows;
    }
}
