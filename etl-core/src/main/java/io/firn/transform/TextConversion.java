package io.firn.transform;

import java.util.Locale;
import java.util.regex.Pattern;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Scalar;

/** Casts to canonical text, and from text to what is not a number or a time. */
final class TextConversion {
    private static final UTF8String TRUE = UTF8String.fromString("true");
    private static final UTF8String FALSE = UTF8String.fromString("false");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private TextConversion() {}

    static Conversion to(ColumnType from) {
        if (from instanceof Decimal decimal) {
            return text((in, i) -> in.getDecimal(i, decimal.precision(), decimal.scale())
                    .toJavaBigDecimal()
                    .toPlainString());
        }
        return switch ((Scalar) from) {
            case BOOLEAN -> text((in, i) -> Boolean.toString(in.getBoolean(i)));
            case INT -> text((in, i) -> Integer.toString(in.getInt(i)));
            case LONG -> text((in, i) -> Long.toString(in.getLong(i)));
            case FLOAT -> text((in, i) -> Float.toString(in.getFloat(i)));
            case DOUBLE -> text((in, i) -> Double.toString(in.getDouble(i)));
            case DATE -> text((in, i) -> TimeConversion.date(in.getInt(i)));
            case TIMESTAMP -> text((in, i) -> TimeConversion.timestamp(in.getLong(i)));
            case TIMESTAMPTZ -> text((in, i) -> TimeConversion.timestamp(in.getLong(i)) + "Z");
            case STRING, UUID ->
                (in, ordinal, out) -> {
                    out.update(0, in.getUTF8String(ordinal));
                    return null;
                };
            case BINARY -> throw new IllegalArgumentException(CastMatrix.refusal(from, Scalar.STRING));
        };
    }

    static String toBoolean(InternalRow in, int ordinal, SpecificInternalRow out) {
        UTF8String text = in.getUTF8String(ordinal);
        if (text.equals(TRUE)) {
            out.setBoolean(0, true);
            return null;
        }
        if (text.equals(FALSE)) {
            out.setBoolean(0, false);
            return null;
        }
        return "expected boolean, found text that is neither true nor false";
    }

    static String toUuid(InternalRow in, int ordinal, SpecificInternalRow out) {
        UTF8String text = in.getUTF8String(ordinal);
        if (text.numBytes() != 36 || !UUID.matcher(text.toString()).matches()) {
            return "expected uuid, found text that is none";
        }
        out.update(0, UTF8String.fromString(text.toString().toLowerCase(Locale.ROOT)));
        return null;
    }

    private static Conversion text(Reader reader) {
        return (in, ordinal, out) -> {
            out.update(0, UTF8String.fromString(reader.read(in, ordinal)));
            return null;
        };
    }

    private interface Reader {
        String read(InternalRow in, int ordinal);
    }
}
