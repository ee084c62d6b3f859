package io.firn.decode;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/** The values of an internal row as {@link ReferenceParser} tells them. */
public final class RowValues {
    private RowValues() {}

    public static List<Object> of(InternalRow row, List<Column> columns) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(row, i, columns.get(i).type()));
        }
        return values;
    }

    private static Object value(SpecializedGetters from, int i, ColumnType type) {
        if (from.isNullAt(i)) {
            return null;
        }
        if (type instanceof Scalar scalar) {
            return switch (scalar) {
                case BOOLEAN -> from.getBoolean(i);
                case INT -> from.getInt(i);
                case LONG -> from.getLong(i);
                case FLOAT -> from.getFloat(i);
                case DOUBLE -> from.getDouble(i);
                case DATE -> LocalDate.ofEpochDay(from.getInt(i));
                case TIMESTAMP -> LocalDateTime.ofInstant(instant(from.getLong(i)), ZoneOffset.UTC);
                case TIMESTAMPTZ -> instant(from.getLong(i));
                case STRING, UUID -> from.getUTF8String(i).toString();
                case BINARY -> hex(from.getBinary(i));
            };
        }
        if (type instanceof Decimal d) {
            return from.getDecimal(i, d.precision(), d.scale()).toJavaBigDecimal();
        }
        if (type instanceof Fixed) {
            return hex(from.getBinary(i));
        }
        if (type instanceof Struct struct) {
            InternalRow row = from.getStruct(i, struct.fields().size());
            List<Object> values = new ArrayList<>();
            for (int f = 0; f < struct.fields().size(); f++) {
                values.add(value(row, f, struct.fields().get(f).type()));
            }
            return values;
        }
        if (type instanceof Listing list) {
            return elements(from.getArray(i), list.element());
        }
        MapData map = from.getMap(i);
        List<Object> keys = elements(map.keyArray(), Scalar.STRING);
        List<Object> mapped = elements(map.valueArray(), ((Mapping) type).value());
        Map<Object, Object> values = new LinkedHashMap<>();
        for (int k = 0; k < keys.size(); k++) {
            values.put(keys.get(k), mapped.get(k));
        }
        return values;
    }

    private static List<Object> elements(ArrayData array, ColumnType type) {
        List<Object> values = new ArrayList<>();
        for (int e = 0; e < array.numElements(); e++) {
            values.add(value(array, e, type));
        }
        return values;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static String hex(byte[] value) {
        return "x'" + HexFormat.of().formatHex(value) + "'";
    }
}
