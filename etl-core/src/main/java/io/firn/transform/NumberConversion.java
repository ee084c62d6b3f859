package io.firn.transform;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;

/** Casts text and numbers to a number, exactly; only text becomes the nearest double or float. */
final class NumberConversion implements Conversion {
    /** Decimals of so many digits come back the same from a double and a float. */
    private static final int DOUBLE_DIGITS = 15;

    private static final int FLOAT_DIGITS = 6;

    private final ColumnType from;
    private final ColumnType to;
    private final String expected;

    NumberConversion(ColumnType from, ColumnType to) {
        this.from = from;
        this.to = to;
        this.expected = "expected " + to.text() + ", found ";
    }

    @Override
    public String apply(InternalRow in, int ordinal, SpecificInternalRow out) {
        if (from == Scalar.STRING) {
            UTF8String text = in.getUTF8String(ordinal);
            return to == Scalar.LONG && plain(text, out) ? null : fromText(NumberText.of(text), out);
        }
        if (from == Scalar.FLOAT || from == Scalar.DOUBLE) {
            double value = from == Scalar.FLOAT ? in.getFloat(ordinal) : in.getDouble(ordinal);
            return fromFloating(value, out);
        }
        BigDecimal value =
                switch (from.toSpark().typeName()) {
                    case "integer" -> BigDecimal.valueOf(in.getInt(ordinal));
                    case "long" -> BigDecimal.valueOf(in.getLong(ordinal));
                    default -> {
                        ColumnType.Decimal type = (ColumnType.Decimal) from;
                        yield in.getDecimal(ordinal, type.precision(), type.scale())
                                .toJavaBigDecimal();
                    }
                };
        return exact(value, out);
    }

    private static boolean plain(UTF8String text, SpecificInternalRow out) {
        long number = NumberText.plain(text);
        out.setLong(0, number);
        return number != NumberText.NOT_PLAIN;
    }

    private String fromText(NumberText text, SpecificInternalRow out) {
        if (!text.isNumber()) {
            return expected + "text that is not a number";
        }
        if (to == Scalar.DOUBLE) {
            double nearest = Double.parseDouble(text.text());
            out.setDouble(0, nearest);
            return Double.isInfinite(nearest) ? outOfRange() : null;
        }
        if (to == Scalar.FLOAT) {
            float nearest = Float.parseFloat(text.text());
            out.setFloat(0, nearest);
            return Float.isInfinite(nearest) ? outOfRange() : null;
        }
        BigDecimal value = text.exact();
        return value == null ? outOfRange() : exact(value, out);
    }

    private String fromFloating(double value, SpecificInternalRow out) {
        if (to == Scalar.DOUBLE) {
            out.setDouble(0, value);
            return null;
        }
        if (to == Scalar.FLOAT) {
            out.setFloat(0, (float) value);
            return Double.compare((float) value, value) == 0 || Double.isNaN(value) ? null : inexact();
        }
        if (!Double.isFinite(value)) {
            return expected + "infinity or NaN";
        }
        // A whole number is exactly what its bits say; a fraction is the shortest decimal that means these bits.
        if (value == Math.rint(value)) {
            return exact(new BigDecimal(value), out);
        }
        return exact(
                new BigDecimal(from == Scalar.FLOAT ? Float.toString((float) value) : Double.toString(value)), out);
    }

    private String exact(BigDecimal number, SpecificInternalRow out) {
        BigDecimal value = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (to instanceof ColumnType.Decimal decimal) {
            return toDecimal(value, decimal, out);
        }
        return switch ((Scalar) to) {
            case INT -> toWhole(value, Integer.SIZE, out);
            case LONG -> toWhole(value, Long.SIZE, out);
            case FLOAT -> toFloat(value, out);
            default -> toDouble(value, out);
        };
    }

    private String toWhole(BigDecimal value, int bits, SpecificInternalRow out) {
        if (value.scale() > 0) {
            return expected + "a fraction";
        }
        if (wholeDigits(value) > 19 || value.toBigInteger().bitLength() >= bits) {
            return outOfRange();
        }
        if (bits == Integer.SIZE) {
            out.setInt(0, value.intValueExact());
        } else {
            out.setLong(0, value.longValueExact());
        }
        return null;
    }

    private String toDecimal(BigDecimal value, ColumnType.Decimal type, SpecificInternalRow out) {
        if (value.scale() > type.scale()) {
            return expected + "more digits after the point";
        }
        if (wholeDigits(value) > type.precision() - type.scale()) {
            return outOfRange();
        }
        BigDecimal scaled = value.setScale(type.scale(), RoundingMode.UNNECESSARY);
        out.update(0, Decimal.apply(scaled, type.precision(), type.scale()));
        return null;
    }

    private String toDouble(BigDecimal value, SpecificInternalRow out) {
        double nearest = value.doubleValue();
        out.setDouble(0, nearest);
        return fits(value, nearest, DOUBLE_DIGITS) ? null : inexact();
    }

    private String toFloat(BigDecimal value, SpecificInternalRow out) {
        float nearest = value.floatValue();
        out.setFloat(0, nearest);
        return fits(value, nearest, FLOAT_DIGITS) ? null : inexact();
    }

    private static boolean fits(BigDecimal value, double nearest, int digits) {
        return Double.isFinite(nearest)
                && (value.precision() <= digits || new BigDecimal(nearest).compareTo(value) == 0);
    }

    private static long wholeDigits(BigDecimal value) {
        return value.signum() == 0 ? 0 : (long) value.precision() - value.scale();
    }

    private String outOfRange() {
        return expected + "a number out of its range";
    }

    private String inexact() {
        return expected + "a number that it cannot hold exactly";
    }
}
