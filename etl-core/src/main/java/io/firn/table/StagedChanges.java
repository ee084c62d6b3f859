package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/**
 * Changes folded to one row per key, written as Parquet files that a merge may read more than once, with the columns of
 * {@link #rowType}.
 *
 * @param path the files' folder
 * @param rows staged rows; 0: the folder need not exist
 * @param keys the columns that name a row; never null in a staged row
 * @param columns the table's own columns, in order
 * @param loadColumns what follows them: {@link LoadColumns#CHANGE}, or {@link LoadColumns#UPSERT} whose rows are all
 *     upserts that know every column
 * @param unavailable the columns, by position, that some staged row does not know
 * @param floor the text of a position: rows of the table that are older are deleted first. Null: none
 * @param deletes what a delete makes of a row
 */
public record StagedChanges(
        String path,
        long rows,
        List<String> keys,
        List<Column> columns,
        LoadColumns loadColumns,
        Set<Integer> unavailable,
        String floor,
        Deletes deletes) {
    /** Which columns a staged row does not know, by position; null: it knows all. */
    public static final String UNAVAILABLE = "firn_unavailable";

    /** What a delete makes of a row. */
    public enum Deletes {
        /** It is gone. */
        HARD,
        /** It stays, its {@code firn_op} says d; one that never was is added as its key alone. */
        SOFT
    }

    public StagedChanges {
        keys = List.copyOf(keys);
        columns = List.copyOf(columns);
        unavailable = Set.copyOf(unavailable);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a merge needs key columns");
        }
        if (loadColumns == LoadColumns.DUMP) {
            throw new IllegalArgumentException("rows without a position cannot be merged");
        }
    }

    /** The columns of staged files: the table's own, the load columns, and {@link #UNAVAILABLE} for changes. */
    public static StructType rowType(List<Column> columns, LoadColumns loadColumns) {
        List<StructField> fields = new ArrayList<>();
        for (Column column : loadColumns.after(columns)) {
            fields.add(new StructField(column.name(), column.type().toSpark(), true, Metadata.empty()));
        }
        if (loadColumns == LoadColumns.CHANGE) {
            fields.add(
                    new StructField(UNAVAILABLE, new ArrayType(DataTypes.IntegerType, false), true, Metadata.empty()));
        }
        return new StructType(fields.toArray(StructField[]::new));
    }

    /** The staged rows; may be read again and again. */
    Dataset<Row> read(SparkSession spark) {
        StructType type = rowType(columns, loadColumns);
        if (rows == 0) {
            return spark.createDataFrame(List.of(), type);
        }
        Dataset<Row> staged = spark.read().schema(type).parquet(path);
        for (Column column : columns) {
            // The table gives UUIDs back in lower case.
            if (column.type() == Scalar.UUID && keys.contains(column.name())) {
                staged = staged.withColumn(column.name(), functions.lower(SqlNames.column(column.name())));
            }
        }
        return staged;
    }
}
