package io.firn.rig;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Values as Spark holds them, as text that differs exactly where values differ. */
final class LakeValue {
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

    private LakeValue() {}

    /** Null for null. */
    static String text(SpecializedGetters row, int i, DataType type) {
        if (row.isNullAt(i)) {
            return null;
        }
        if (type instanceof BooleanType) {
            return Boolean.toString(row.getBoolean(i));
        } else if (type instanceof IntegerType) {
            return Integer.toString(row.getInt(i));
        } else if (type instanceof LongType) {
            return Long.toString(row.getLong(i));
        } else if (type instanceof FloatType) {
            return Float.toString(row.getFloat(i));
        } else if (type instanceof DoubleType) {
            return Double.toString(row.getDouble(i));
        } else if (type instanceof DecimalType d) {
            return decimal(row.getDecimal(i, d.precision(), d.scale()).toJavaBigDecimal());
        } else if (type instanceof StringType) {
            return row.getUTF8String(i).toString();
        } else if (type instanceof BinaryType) {
            return hex(row.getBinary(i));
        } else if (type instanceof DateType) {
            return LocalDate.ofEpochDay(row.getInt(i)).toString();
        } else if (type instanceof TimestampType) {
            return instant(row.getLong(i)) + "Z";
        } else if (type instanceof TimestampNTZType) {
            return instant(row.getLong(i));
        } else if (type instanceof ArrayType array) {
            return elements(row.getArray(i), array.elementType()).toString();
        } else if (type instanceof MapType map) {
            return map(row.getMap(i), map).toString();
        } else if (type instanceof StructType struct) {
            return struct(row.getStruct(i, struct.size()), struct);
        }
        throw new IllegalArgumentException("the oracle does not know " + type.simpleString());
    }

    static String decimal(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }

    static String hex(byte[] value) {
        return "x'" + HexFormat.of().formatHex(value) + "'";
    }

    /** Text within other text, so that no comma and no null is taken for another. */
    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    static String instant(long micros) {
        return MICROS.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }

    private static List<String> elements(ArrayData array, DataType type) {
        List<String> values = new ArrayList<>();
        for (int e = 0; e < array.numElements(); e++) {
            String value = text(array, e, type);
            values.add(value != null && type instanceof StringType ? quoted(value) : value);
        }
        return values;
    }

    private static Map<String, String> map(MapData map, MapType type) {
        List<String> keys = elements(map.keyArray(), type.keyType());
        List<String> values = elements(map.valueArray(), type.valueType());
        TreeMap<String, String> sorted = new TreeMap<>();
        for (int k = 0; k < keys.size(); k++) {
            sorted.put(keys.get(k), values.get(k));
        }
        return sorted;
    }

    private static String struct(InternalRow row, StructType type) {
        List<String> fields = new ArrayList<>();
        for (int f = 0; f < type.size(); f++) {
            fields.add(type.fields()[f].name() + "=" + text(row, f, type.fields()[f].dataType()));
        }
        return "{" + String.join(", ", fields) + "}";
    }
}
