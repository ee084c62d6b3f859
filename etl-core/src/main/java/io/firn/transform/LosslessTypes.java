package io.firn.transform;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;

/** Which types hold every value of another; stricter than Spark's up-casts, where long fits float and all fits string. */
final class LosslessTypes {
    private LosslessTypes() {}

    static boolean fits(DataType from, DataType to) {
        if (from.equals(to) || from instanceof NullType) {
            return true;
        }
        if (to instanceof DecimalType decimal) {
            return digitsFit(from, decimal);
        }
        if (from instanceof StructType source && to instanceof StructType target) {
            return fieldsFit(source.fields(), target.fields());
        }
        if (from instanceof ArrayType source && to instanceof ArrayType target) {
            return fits(source.elementType(), target.elementType());
        }
        if (from instanceof MapType source && to instanceof MapType target) {
            return source.keyType().equals(target.keyType()) && fits(source.valueType(), target.valueType());
        }
        if (from instanceof DateType) {
            return to instanceof TimestampNTZType;
        }
        return widens(from, to);
    }

    private static boolean widens(DataType from, DataType to) {
        boolean small = from instanceof ByteType || from instanceof ShortType;
        if (to.equals(DataTypes.IntegerType) || to.equals(DataTypes.FloatType)) {
            return small;
        }
        if (to.equals(DataTypes.LongType)) {
            return small || from instanceof IntegerType;
        }
        return to.equals(DataTypes.DoubleType) && (small || from instanceof IntegerType || from instanceof FloatType);
    }

    private static boolean digitsFit(DataType from, DecimalType to) {
        int whole = to.precision() - to.scale();
        if (from instanceof DecimalType source) {
            return source.scale() <= to.scale() && source.precision() - source.scale() <= whole;
        }
        return (from instanceof ByteType && whole >= 3)
                || (from instanceof ShortType && whole >= 5)
                || (from instanceof IntegerType && whole >= 10)
                || (from instanceof LongType && whole >= 19);
    }

    /** Struct fields meet by place, as in Spark's casts, and must have the same names to meet at all. */
    private static boolean fieldsFit(StructField[] from, StructField[] to) {
        if (from.length != to.length) {
            return false;
        }
        for (int i = 0; i < from.length; i++) {
            boolean nullsFit = to[i].nullable() || !from[i].nullable();
            if (!nullsFit
                    || !from[i].name().equalsIgnoreCase(to[i].name())
                    || !fits(from[i].dataType(), to[i].dataType())) {
                return false;
            }
        }
        return true;
    }
}
