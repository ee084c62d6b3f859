package io.firn.decode;

import java.io.Serializable;
import java.util.Arrays;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** Values by position: numbers, booleans and times as bits, all else as objects. The store of a row or a list. */
final class Cells implements Serializable {
    private static final long[] NO_LONGS = {};
    private static final Object[] NO_OBJECTS = {};

    private boolean[] present;
    private long[] longs;
    private Object[] objects;

    private Cells(boolean[] present, long[] longs, Object[] objects) {
        this.present = present;
        this.longs = longs;
        this.objects = objects;
    }

    static Cells mixed(int size) {
        return new Cells(new boolean[size], new long[size], new Object[size]);
    }

    static Cells ofLongs(int size) {
        return new Cells(new boolean[size], new long[size], NO_OBJECTS);
    }

    static Cells ofObjects(int size) {
        return new Cells(new boolean[size], NO_LONGS, new Object[size]);
    }

    int capacity() {
        return present.length;
    }

    void grow() {
        int size = Math.max(4, present.length * 2);
        present = Arrays.copyOf(present, size);
        longs = longs == NO_LONGS ? longs : Arrays.copyOf(longs, size);
        objects = objects == NO_OBJECTS ? objects : Arrays.copyOf(objects, size);
    }

    void clear(int count) {
        Arrays.fill(present, 0, count, false);
    }

    boolean isNull(int i) {
        return !present[i];
    }

    void setNull(int i) {
        present[i] = false;
    }

    long bits(int i) {
        return longs[i];
    }

    void setBits(int i, long bits) {
        longs[i] = bits;
        present[i] = true;
    }

    /** Types whose values {@link #get} boxes by itself; it is asked for every value of every row. */
    static boolean isPlain(DataType type) {
        return type instanceof StringType
                || type instanceof LongType
                || type instanceof TimestampType
                || type instanceof IntegerType
                || type instanceof DoubleType
                || type instanceof BooleanType
                || type instanceof StructType
                || type instanceof ArrayType;
    }

    /** A value as Spark's rows give it, boxed; null for null. */
    Object get(int i, DataType type) {
        if (isNull(i)) {
            return null;
        }
        if (type instanceof LongType || type instanceof TimestampType) {
            return bits(i);
        }
        if (type instanceof IntegerType) {
            return (int) bits(i);
        }
        if (type instanceof DoubleType) {
            return Double.longBitsToDouble(bits(i));
        }
        if (type instanceof BooleanType) {
            return bits(i) != 0;
        }
        return object(i);
    }

    Object object(int i) {
        return present[i] ? objects[i] : null;
    }

    void setObject(int i, Object value) {
        objects[i] = value;
        present[i] = value != null;
    }

    /** Stores a boxed value as catalyst's generic setters pass it. */
    void set(int i, Object value) {
        if (value instanceof Float number) {
            setBits(i, Float.floatToRawIntBits(number));
        } else if (value instanceof Double number) {
            setBits(i, Double.doubleToRawLongBits(number));
        } else if (value instanceof Number number
                && (number instanceof Long
                        || number instanceof Integer
                        || number instanceof Short
                        || number instanceof Byte)) {
            setBits(i, number.longValue());
        } else if (value instanceof Boolean flag) {
            setBits(i, flag ? 1 : 0);
        } else {
            setObject(i, value);
        }
    }

    /** A deep copy of the first cells, which holds on after the next line is decoded. */
    Cells copy(int count) {
        Object[] copied = objects == NO_OBJECTS ? objects : new Object[count];
        for (int i = 0; i < copied.length; i++) {
            copied[i] = present[i] && objects[i] != null ? InternalRow.copyValue(objects[i]) : null;
        }
        return new Cells(
                Arrays.copyOf(present, count), longs == NO_LONGS ? longs : Arrays.copyOf(longs, count), copied);
    }
}
