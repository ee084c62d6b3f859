package io.firn.table.keys;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;

import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Hashes of whole keys, a column of a batch at a time; the same as Spark's XxHash64 of these columns. */
final class KeyHasher implements Serializable {
    private static final long serialVersionUID = 1;
    /** XxHash64's own. */
    private static final long SEED = 42;

    private final Column[] columns;
    private final int[] positions;

    /** Takes one column into the hashes of these rows; null changes none. */
    private interface Column extends Serializable {
        void hash(ColumnVector values, int[] rows, int count, long[] hashes);
    }

    private KeyHasher(Column[] columns, int[] positions) {
        this.columns = columns;
        this.positions = positions;
    }

    /** Empty where a column is of a type that keys seldom have. */
    static Optional<KeyHasher> of(StructType schema, int[] positions) {
        Column[] columns = new Column[positions.length];
        for (int i = 0; i < positions.length; i++) {
            columns[i] = positions[i] < 0 ? null : column(schema.fields()[positions[i]].dataType());
            if (columns[i] == null) {
                return Optional.empty();
            }
        }
        return Optional.of(new KeyHasher(columns, positions));
    }

    /** Where the key's first column is in a batch. */
    int first() {
        return positions[0];
    }

    /** Sets a hash for each of the first {@code count} rows named. */
    void hash(ColumnarBatch batch, int[] rows, int count, long[] hashes) {
        Arrays.fill(hashes, 0, count, SEED);
        for (int i = 0; i < columns.length; i++) {
            columns[i].hash(batch.column(positions[i]), rows, count, hashes);
        }
    }

    private static Column column(DataType type) {
        if (type instanceof IntegerType || type instanceof DateType) {
            return KeyHasher::ints;
        }
        if (type instanceof LongType || type instanceof TimestampType || type instanceof TimestampNTZType) {
            return KeyHasher::longs;
        }
        if (type.equals(DataTypes.StringType)) {
            return KeyHasher::texts;
        }
        if (type instanceof BinaryType) {
            return KeyHasher::bytes;
        }
        if (type instanceof DecimalType decimal) {
            return decimals(decimal.precision(), decimal.scale());
        }
        return null;
    }

    private static void ints(ColumnVector values, int[] rows, int count, long[] hashes) {
        boolean nulls = values.hasNull();
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (!nulls || !values.isNullAt(row)) {
                hashes[i] = XXH64.hashInt(values.getInt(row), hashes[i]);
            }
        }
    }

    private static void longs(ColumnVector values, int[] rows, int count, long[] hashes) {
        boolean nulls = values.hasNull();
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (!nulls || !values.isNullAt(row)) {
                hashes[i] = XXH64.hashLong(values.getLong(row), hashes[i]);
            }
        }
    }

    private static void texts(ColumnVector values, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (!values.isNullAt(row)) {
                UTF8String text = values.getUTF8String(row);
                hashes[i] =
                        XXH64.hashUnsafeBytes(text.getBaseObject(), text.getBaseOffset(), text.numBytes(), hashes[i]);
            }
        }
    }

    private static void bytes(ColumnVector values, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            int row = rows[i];
            if (!values.isNullAt(row)) {
                hashes[i] = bytes(values.getBinary(row), hashes[i]);
            }
        }
    }

    private static Column decimals(int precision, int scale) {
        return (values, rows, count, hashes) -> {
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (!values.isNullAt(row)) {
                    Decimal number = values.getDecimal(row, precision, scale);
                    hashes[i] = precision <= Decimal.MAX_LONG_DIGITS()
                            ? XXH64.hashLong(number.toUnscaledLong(), hashes[i])
                            : bytes(number.toJavaBigDecimal().unscaledValue().toByteArray(), hashes[i]);
                }
            }
        };
    }

    private static long bytes(byte[] bytes, long seed) {
        return XXH64.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET, bytes.length, seed);
    }
}
