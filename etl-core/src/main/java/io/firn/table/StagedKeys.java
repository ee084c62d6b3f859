package io.firn.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.XxHash64;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;

/** What there is to know of staged changes before they are merged: each key once, and what becomes of it. */
final class StagedKeys {
    private final InternalRow[] rows;
    private final StructType type;
    private final long[] hashes;
    private long staying;
    private long partial;
    private String first;

    private StagedKeys(InternalRow[] rows, StructType type, long[] hashes) {
        this.rows = rows;
        this.type = type;
        this.hashes = hashes;
    }

    /**
     * Reads them; throws when a key is there twice or is null, which MERGE itself does not always notice.
     *
     * @param session knows them as {@link MergeSql#STAGED}
     */
    static StagedKeys read(TableName table, StagedChanges changes, SparkSession session, MergeLimits limits) {
        if (changes.rows() == 0) {
            return new StagedKeys(new InternalRow[0], new StructType(), new long[0]);
        }
        if (changes.rows() > limits.mostKeys()) {
            return counted(table, changes, session);
        }
        Dataset<?> staged = (Dataset<?>) session.sql(MergeSql.selectStaged(changes));
        int keys = changes.keys().size();
        StructField[] fields = Arrays.copyOf(staged.schema().fields(), keys);
        InternalRow[] rows = staged.queryExecution().executedPlan().executeCollect();
        StagedKeys read = new StagedKeys(rows, new StructType(fields), hashes(rows, fields));
        for (InternalRow row : rows) {
            read.staying += row.getBoolean(keys) ? 1 : 0;
            read.partial += row.getBoolean(keys + 1) ? 1 : 0;
            String position = row.getString(keys + 2);
            read.first = read.first == null || position.compareTo(read.first) < 0 ? position : read.first;
        }
        boolean unique = distinct(read.hashes) == rows.length && rows.length == changes.rows();
        // Equal hashes of unequal keys are rare, and no fault.
        return unique && noneNull(rows, keys) ? read : read.confirmedBy(counted(table, changes, session));
    }

    private StagedKeys confirmedBy(StagedKeys counted) {
        if (counted.staying != staying) {
            throw new IllegalStateException("the staged files changed while they were read");
        }
        return this;
    }

    private static StagedKeys counted(TableName table, StagedChanges changes, SparkSession session) {
        Row counted = session.sql(MergeSql.countStaged(changes)).first();
        long rows = counted.getLong(0);
        long keys = counted.getLong(1);
        if (rows != changes.rows() || keys != rows) {
            throw new TableException("The changes staged for table " + table + " are not one row per key: "
                    + changes.rows() + " rows were to be staged, " + rows + " rows of " + keys
                    + " keys without null are there. Nothing was published; this is a defect of Firn.");
        }
        StagedKeys staged = new StagedKeys(null, null, null);
        staged.staying = counted.getLong(2);
        staged.partial = counted.getLong(3);
        staged.first = counted.getString(4);
        return staged;
    }

    /** Whether there are so many that only their number is known. */
    boolean tooMany() {
        return rows == null;
    }

    /** Rows that begin with the key columns. */
    InternalRow[] rows() {
        return rows;
    }

    /** The key columns. */
    StructType type() {
        return type;
    }

    /** The keys' hashes by {@link XxHash64}, sorted. */
    long[] hashes() {
        return hashes;
    }

    /** The first key column's values where those are whole numbers, else null. */
    long[] numbers() {
        DataType first = type.fields()[0].dataType();
        if (first instanceof IntegerType || first instanceof DateType) {
            return Arrays.stream(rows).mapToLong(row -> row.getInt(0)).toArray();
        }
        boolean whole =
                first instanceof LongType || first instanceof TimestampType || first instanceof TimestampNTZType;
        return whole ? Arrays.stream(rows).mapToLong(row -> row.getLong(0)).toArray() : null;
    }

    /** Rows that are to be in the target afterwards. */
    long staying() {
        return staying;
    }

    /** Those of them that do not know all columns. */
    long partial() {
        return partial;
    }

    /** The lowest position; null: there are no rows. */
    String first() {
        return first;
    }

    private static long[] hashes(InternalRow[] rows, StructField[] fields) {
        List<Expression> columns = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            columns.add(new BoundReference(i, fields[i].dataType(), true));
        }
        XxHash64 hash = new XxHash64(CollectionConverters.asScala(columns).toSeq());
        return Arrays.stream(rows)
                .mapToLong(row -> (Long) hash.eval(row))
                .sorted()
                .toArray();
    }

    private static long distinct(long[] sorted) {
        return Arrays.stream(sorted).distinct().count();
    }

    private static boolean noneNull(InternalRow[] rows, int keys) {
        for (InternalRow row : rows) {
            for (int key = 0; key < keys; key++) {
                if (row.isNullAt(key)) {
                    return false;
                }
            }
        }
        return true;
    }
}
