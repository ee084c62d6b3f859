package io.firn.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.decode.Encoding.Kind;
import io.firn.decode.NumberSpan.Misfit;
import io.firn.schema.Format;

/** Reads single values that are written in an {@link Encoding}, exactly or not at all. */
final class EncodedDecoding {
    private static final int SHORT = 8;

    /** PostgreSQL keeps a scale in 11 bits and allows -1000 to 1000, so that these are the negative ones. */
    private static final int FIRST_NEGATIVE_SCALE = 1048;

    private static final int SCALES = 2048;

    private final JsonScanner in;
    private final Decoding plain;
    private final NumberSpan number = new NumberSpan();

    EncodedDecoding(JsonScanner in, Decoding plain) {
        this.in = in;
        this.plain = plain;
    }

    void scalar(ValueReader r, Cells out, int slot) {
        Kind kind = r.encoding.kind();
        switch (kind == Kind.BY_TYPE ? byType(r) : kind) {
            case DAYS -> out.setBits(slot, days(r));
            case MILLIS -> out.setBits(slot, micros(r, 3));
            case MICROS -> out.setBits(slot, micros(r, 0));
            case NANOS -> out.setBits(slot, micros(r, -3));
            case ISO -> out.setBits(slot, iso(r));
            case UNSCALED -> unscaled(r, kind == Kind.BY_TYPE ? r.scale : r.encoding.scale(), out, slot);
            case VARIABLE_SCALE -> variableScale(r, out, slot);
            case NUMBER -> number(r, kind == Kind.BY_TYPE, out, slot);
            case FLOATING -> floating(r, out, slot);
            case BITS -> out.setBits(slot, bits(r));
            case WRAPPED ->
                out.setBits(
                        slot, plain.integer(r, 0, r.kind == ValueReader.Kind.INT ? Integer.MAX_VALUE : Long.MAX_VALUE));
            case ENUM -> out.setObject(slot, name(r));
            default -> plain.plain(r, out, slot);
        }
    }

    /** What a message without schema holds: the first byte and the column decide; {@code BY_TYPE} for JSON's own way. */
    private Kind byType(ValueReader r) {
        byte c = in.bytes[in.at];
        return switch (r.kind) {
            case DATE -> c == '"' ? r.format == null ? Kind.ISO : Kind.BY_TYPE : Kind.DAYS;
            case TIMESTAMP, TIMESTAMPTZ -> c == '"' && r.format == null ? Kind.ISO : Kind.BY_TYPE;
            case DECIMAL ->
                c == '{' ? Kind.VARIABLE_SCALE : r.format == Format.Kind.BASE64 ? Kind.UNSCALED : Kind.NUMBER;
            case FLOAT, DOUBLE -> Kind.FLOATING;
            default -> Kind.BY_TYPE;
        };
    }

    private long days(ValueReader r) {
        long days = plain.integer(r, Integer.MIN_VALUE, Integer.MAX_VALUE);
        IsoTime.inRange(days * IsoTime.MICROS_PER_DAY, r.label);
        return days;
    }

    private long micros(ValueReader r, int shift) {
        NumberSpan number = plain.number(r);
        long micros = number.exactLong(shift);
        if (number.misfit() == Misfit.FRACTION) {
            throw r.wrong("finer than a microsecond");
        }
        if (r.kind == ValueReader.Kind.LONG) {
            Decoding.refuseMisfit(r, number.misfit());
            return micros;
        }
        return IsoTime.inRange(number.misfit() == Misfit.RANGE ? Long.MAX_VALUE : micros, r.label);
    }

    private long iso(ValueReader r) {
        plain.text(r);
        int to = in.textTo;
        if (r.kind == ValueReader.Kind.TIMESTAMPTZ) {
            return IsoTime.timestamptz(in.text, in.textFrom, to, r.label);
        }
        if (to > in.textFrom && in.text[to - 1] == 'Z') {
            to--;
        }
        return r.kind == ValueReader.Kind.DATE
                ? IsoTime.date(in.text, in.textFrom, to, r.label)
                : IsoTime.timestamp(in.text, in.textFrom, to, r.label);
    }

    private byte[] bytes(ValueReader r) {
        plain.text(r);
        return BinaryText.base64(in.text, in.textFrom, in.textTo, r.label);
    }

    private void unscaled(ValueReader r, int scale, Cells out, int slot) {
        byte[] bytes = bytes(r);
        if (bytes.length == 0) {
            throw r.wrong("expected the bytes of a number, found none");
        }
        if (bytes.length <= SHORT && r.kind == ValueReader.Kind.DECIMAL && scale == r.scale) {
            long value = bytes[0];
            for (int i = 1; i < bytes.length; i++) {
                value = value << 8 | (bytes[i] & 0xff);
            }
            if (r.precision <= Decimal.MAX_LONG_DIGITS()) {
                if (value <= -NumberSpan.ten(r.precision) || value >= NumberSpan.ten(r.precision)) {
                    Decoding.refuseMisfit(r, Misfit.RANGE);
                }
                out.setObject(slot, Decimal.createUnsafe(value, r.precision, scale));
                return;
            }
        }
        exact(r, new BigDecimal(new BigInteger(bytes), scale), out, slot);
    }

    private void variableScale(ValueReader r, Cells out, int slot) {
        if (in.bytes[in.at] != '{') {
            throw r.found(in.kind(in.bytes[in.at]));
        }
        in.enter();
        Integer scale = null;
        BigInteger unscaled = null;
        byte c = in.next();
        while (c == '"') {
            in.string();
            String key = text();
            in.colon();
            if (key.equals("scale") && scale == null) {
                scale = (int) plain.integer(r, -SCALES, SCALES * 16L);
            } else if (key.equals("value") && unscaled == null) {
                byte[] bytes = bytes(r);
                unscaled = bytes.length == 0 ? null : new BigInteger(bytes);
            } else {
                throw r.wrong("expected an object of scale and value");
            }
            c = in.next();
            if (c == ',') {
                in.at++;
                c = in.next();
            }
        }
        if (c != '}' || scale == null || unscaled == null) {
            throw r.wrong("expected an object of scale and value");
        }
        in.leave();
        exact(r, new BigDecimal(unscaled, scale), out, slot);
    }

    private void number(ValueReader r, boolean guarded, Cells out, int slot) {
        if (in.bytes[in.at] != '"') {
            plain.plain(r, out, slot);
            return;
        }
        in.string();
        int length = in.textTo - in.textFrom;
        if (guarded && length > 0 && length % 4 == 0 && isDigits()) {
            throw r.wrong("text of digits may be a number or base64 of one; turn schemas on, or let the connector"
                    + " write decimals as numbers (decimal.format: NUMERIC)");
        }
        int stop =
                length == 0 || !startsNumber(in.text[in.textFrom]) ? -1 : number.scan(in.text, in.textFrom, in.textTo);
        if (stop != in.textTo) {
            throw r.wrong("text that is no number" + (guarded ? "; if it is base64, say format: base64" : ""));
        }
        BigInteger unscaled = number.exact(r.scale, r.precision);
        Decoding.refuseMisfit(r, number.misfit());
        out.setObject(slot, Decimal.apply(new BigDecimal(unscaled, r.scale), r.precision, r.scale));
    }

    private boolean isDigits() {
        for (int i = in.textFrom; i < in.textTo; i++) {
            if (in.text[i] < '0' || in.text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean startsNumber(byte c) {
        return c == '-' || (c >= '0' && c <= '9');
    }

    private void exact(ValueReader r, BigDecimal value, Cells out, int slot) {
        switch (r.kind) {
            case DECIMAL -> {
                BigDecimal scaled = shifted(r, value);
                if (scaled.precision() > r.precision) {
                    Decoding.refuseMisfit(r, Misfit.RANGE);
                }
                out.setObject(slot, Decimal.apply(scaled, r.precision, r.scale));
            }
            case LONG, INT -> {
                BigInteger integer = shifted(r, value).toBigInteger();
                if (integer.bitLength() > (r.kind == ValueReader.Kind.LONG ? 63 : 31)) {
                    Decoding.refuseMisfit(r, Misfit.RANGE);
                }
                out.setBits(slot, integer.longValue());
            }
            case STRING -> out.setObject(slot, UTF8String.fromString(written(r, value)));
            default -> throw new IllegalStateException(r.kind + " holds no decimal");
        }
    }

    private static BigDecimal shifted(ValueReader r, BigDecimal value) {
        // Stripped first, so that a scale of thousands costs nothing.
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.scale() > r.scale) {
            Decoding.refuseMisfit(r, Misfit.FRACTION);
        }
        if (stripped.precision() - stripped.scale() > Math.max(r.precision - r.scale, 20)) {
            Decoding.refuseMisfit(r, Misfit.RANGE);
        }
        return stripped.setScale(r.scale);
    }

    /** As the database writes it: with all digits of its scale, without those that a negative scale does not have. */
    private static String written(ValueReader r, BigDecimal value) {
        BigDecimal own = value;
        if (value.scale() >= FIRST_NEGATIVE_SCALE) {
            own = value.stripTrailingZeros();
            if (own.scale() > 0) {
                throw r.wrong("a scale that no database column has");
            }
            own = own.setScale(0);
        }
        return own.toPlainString();
    }

    private void floating(ValueReader r, Cells out, int slot) {
        if (in.bytes[in.at] != '"') {
            plain.plain(r, out, slot);
            return;
        }
        in.string();
        double value =
                switch (text()) {
                    case "NaN", "NAN" -> Double.NaN;
                    case "Infinity", "POSITIVE_INFINITY" -> Double.POSITIVE_INFINITY;
                    case "-Infinity", "NEGATIVE_INFINITY" -> Double.NEGATIVE_INFINITY;
                    default -> throw r.found("string");
                };
        out.setBits(
                slot,
                r.kind == ValueReader.Kind.FLOAT
                        ? Float.floatToRawIntBits((float) value)
                        : Double.doubleToRawLongBits(value));
    }

    private long bits(ValueReader r) {
        byte[] bytes = bytes(r);
        long value = 0;
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (i >= SHORT && bytes[i] != 0) {
                throw r.wrong("out of range of " + r.wanted);
            }
            value = i >= SHORT ? 0 : value << 8 | (bytes[i] & 0xff);
        }
        if (value < 0 || (r.kind == ValueReader.Kind.INT && value > Integer.MAX_VALUE)) {
            throw r.wrong("out of range of " + r.wanted);
        }
        return value;
    }

    private UTF8String name(ValueReader r) {
        plain.text(r);
        for (int i = in.textFrom; i < in.textTo; i++) {
            if (in.text[i] == '\\') {
                throw r.wrong("an enum's value with a backslash, which may stand for itself or for an escaped comma");
            }
        }
        return in.utf8();
    }

    private String text() {
        return new String(in.text, in.textFrom, in.textTo - in.textFrom, StandardCharsets.UTF_8);
    }
}
