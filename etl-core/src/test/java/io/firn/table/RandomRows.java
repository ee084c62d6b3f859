package io.firn.table;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/** Rows of any type: values that repeat and values that do not, with nulls and nothing at every level. */
final class RandomRows {
    private final Random random;

    RandomRows(long seed) {
        random = new Random(seed);
    }

    /** A value of a column; {@code variety} bounds how many different ones there are, 0 for no bound. */
    Object value(Column column, int variety, double nulls) {
        return random.nextDouble() < nulls && !column.required() ? null : value(column.type(), variety, nulls);
    }

    private Object value(ColumnType type, int variety, double nulls) {
        if (type instanceof Struct struct) {
            return struct(struct, variety, nulls);
        }
        if (type instanceof Listing list) {
            return list(list.element(), random.nextInt(4), variety, nulls);
        }
        if (type instanceof Mapping map) {
            return map(map, variety, nulls);
        }
        Random source = variety == 0 ? random : new Random(random.nextInt(variety) * 7919L);
        if (type instanceof ColumnType.Decimal decimal) {
            BigInteger limit = BigInteger.TEN.pow(decimal.precision());
            BigInteger unscaled = new BigInteger(limit.bitLength() + 8, source).mod(limit);
            BigInteger signed = source.nextBoolean() ? unscaled.negate() : unscaled;
            return Decimal.apply(
                    new scala.math.BigDecimal(new java.math.BigDecimal(signed, decimal.scale())),
                    decimal.precision(),
                    decimal.scale());
        }
        if (type instanceof Fixed fixed) {
            byte[] bytes = new byte[fixed.length()];
            source.nextBytes(bytes);
            return bytes;
        }
        return scalar((Scalar) type, source);
    }

    private static Object scalar(Scalar type, Random source) {
        return switch (type) {
            case BOOLEAN -> source.nextBoolean();
            case INT -> source.nextInt(4) == 0 ? source.nextInt() : source.nextInt(300);
            case DATE -> source.nextInt(40_000) - 10_000;
            case LONG -> source.nextInt(4) == 0 ? source.nextLong() : (long) source.nextInt(20_000);
            case TIMESTAMP, TIMESTAMPTZ -> source.nextLong(4_000_000_000_000_000L) - 1_000_000_000_000_000L;
            case FLOAT -> real(source).floatValue();
            case DOUBLE -> real(source).doubleValue();
            case STRING -> UTF8String.fromString(text(source));
            case UUID -> UTF8String.fromString(new UUID(source.nextLong(), source.nextLong()).toString());
            case BINARY -> {
                byte[] bytes = new byte[source.nextInt(40)];
                source.nextBytes(bytes);
                yield bytes;
            }
        };
    }

    private static Number real(Random source) {
        return switch (source.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> source.nextGaussian() * 1e30;
            default -> source.nextInt(100_000) / 8.0 - 5000;
        };
    }

    private static String text(Random source) {
        String alphabet = "abcdefghijklmnopqrstuvwxyz0123456789 \"äß€𝄞\u0001";
        int length = source.nextInt(40) == 0 ? 2000 : source.nextInt(30);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            int at = source.nextInt(alphabet.codePointCount(0, alphabet.length()));
            text.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
        }
        return new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private InternalRow struct(Struct struct, int variety, double nulls) {
        Object[] values = new Object[struct.fields().size()];
        for (int i = 0; i < values.length; i++) {
            Field field = struct.fields().get(i);
            boolean none = !field.required() && random.nextDouble() < nulls;
            values[i] = none ? null : value(field.type(), variety, nulls);
        }
        return new GenericInternalRow(values);
    }

    private ArrayData list(ColumnType element, int size, int variety, double nulls) {
        Object[] values = new Object[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextDouble() < nulls ? null : value(element, variety, nulls);
        }
        return new GenericArrayData(values);
    }

    private Object map(Mapping map, int variety, double nulls) {
        int size = random.nextInt(4);
        Object[] keys = new Object[size];
        for (int i = 0; i < size; i++) {
            keys[i] = UTF8String.fromString("k" + i + random.nextInt(3));
        }
        return new ArrayBasedMapData(new GenericArrayData(keys), list(map.value(), size, variety, nulls));
    }
}
