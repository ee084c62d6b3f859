package io.firn.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.decode.NumberSpan.Misfit;
import io.firn.schema.Format;

/** Reads single values, by their type, exactly or not at all. */
final class Decoding {
    private final JsonScanner in;
    private final EncodedDecoding encoded;

    Decoding(JsonScanner in) {
        this.in = in;
        encoded = new EncodedDecoding(in, this);
    }

    /** Reads a value that is neither null nor nested. */
    void scalar(ValueReader r, Cells out, int slot) {
        if (r.encoding != null) {
            encoded.scalar(r, out, slot);
        } else {
            plain(r, out, slot);
        }
    }

    void plain(ValueReader r, Cells out, int slot) {
        switch (r.kind) {
            case STRING -> out.setObject(slot, string(r));
            case LONG -> out.setBits(slot, integer(r, Long.MIN_VALUE, Long.MAX_VALUE));
            case INT -> out.setBits(slot, integer(r, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case BOOLEAN -> out.setBits(slot, bool(r));
            case DOUBLE -> out.setBits(slot, Double.doubleToRawLongBits(real(r)));
            case FLOAT -> out.setBits(slot, Float.floatToRawIntBits(single(r)));
            case DECIMAL -> out.setObject(slot, decimal(r));
            case TIMESTAMPTZ, TIMESTAMP -> out.setBits(slot, time(r));
            case DATE -> out.setBits(slot, date(r));
            case UUID -> out.setObject(slot, uuid(r));
            case BINARY -> out.setObject(slot, binary(r));
            default -> throw new IllegalStateException(r.kind + " is no scalar");
        }
    }

    private UTF8String string(ValueReader r) {
        text(r);
        return in.utf8();
    }

    void text(ValueReader r) {
        byte c = in.bytes[in.at];
        if (c != '"') {
            throw r.found(in.kind(c));
        }
        in.string();
    }

    NumberSpan number(ValueReader r) {
        byte c = in.bytes[in.at];
        if (c != '-' && (c < '0' || c > '9')) {
            throw r.found(in.kind(c));
        }
        return in.number();
    }

    long integer(ValueReader r, long min, long max) {
        NumberSpan number = number(r);
        long value = number.exactLong(0);
        if (number.misfit() == Misfit.FRACTION) {
            throw r.wrong("has a fraction, which " + r.wanted + " does not keep");
        }
        if (number.misfit() == Misfit.RANGE || value < min || value > max) {
            throw r.wrong("out of range of " + r.wanted);
        }
        return value;
    }

    private int bool(ValueReader r) {
        byte c = in.bytes[in.at];
        if (c != 't' && c != 'f') {
            throw r.found(in.kind(c));
        }
        return in.bool() ? 1 : 0;
    }

    private double real(ValueReader r) {
        double value = number(r).nearestDouble();
        if (Double.isInfinite(value)) {
            throw r.wrong("out of range of double");
        }
        return value;
    }

    private float single(ValueReader r) {
        float value = number(r).nearestFloat();
        if (Float.isInfinite(value)) {
            throw r.wrong("out of range of float");
        }
        return value;
    }

    Decimal decimal(ValueReader r) {
        NumberSpan number = number(r);
        if (r.precision <= Decimal.MAX_LONG_DIGITS()) {
            long unscaled = number.exactLong(r.scale);
            refuseMisfit(r, number.misfit());
            if (Math.abs(unscaled) >= NumberSpan.ten(r.precision)) {
                refuseMisfit(r, Misfit.RANGE);
            }
            return Decimal.createUnsafe(unscaled, r.precision, r.scale);
        }
        BigInteger unscaled = number.exact(r.scale, r.precision);
        refuseMisfit(r, number.misfit());
        return Decimal.apply(new BigDecimal(unscaled, r.scale), r.precision, r.scale);
    }

    static void refuseMisfit(ValueReader r, Misfit misfit) {
        if (misfit == Misfit.FRACTION) {
            throw r.wrong("more digits after the point than " + r.wanted + " keeps");
        }
        if (misfit == Misfit.RANGE) {
            throw r.wrong("out of range of " + r.wanted);
        }
    }

    private long time(ValueReader r) {
        if (isEpoch(r)) {
            return epoch(r);
        }
        text(r);
        boolean zoned = r.kind == ValueReader.Kind.TIMESTAMPTZ;
        if (r.pattern == null) {
            return zoned
                    ? IsoTime.timestamptz(in.text, in.textFrom, in.textTo, r.label)
                    : IsoTime.timestamp(in.text, in.textFrom, in.textTo, r.label);
        }
        return zoned
                ? PatternTime.timestamptz(r.pattern, decoded(), r.label)
                : PatternTime.timestamp(r.pattern, decoded(), r.label);
    }

    private long date(ValueReader r) {
        if (isEpoch(r)) {
            return Math.floorDiv(epoch(r), IsoTime.MICROS_PER_DAY);
        }
        text(r);
        return r.pattern == null
                ? IsoTime.date(in.text, in.textFrom, in.textTo, r.label)
                : PatternTime.date(r.pattern, decoded(), r.label);
    }

    private static boolean isEpoch(ValueReader r) {
        return r.format != null
                && switch (r.format) {
                    case EPOCH_SECONDS, EPOCH_MILLIS, EPOCH_MICROS, EPOCH_NANOS -> true;
                    default -> false;
                };
    }

    /** The power of ten that makes microseconds of a number in this format. */
    private static int microsShift(Format.Kind epoch) {
        return switch (epoch) {
            case EPOCH_SECONDS -> 6;
            case EPOCH_MILLIS -> 3;
            case EPOCH_MICROS -> 0;
            default -> -3;
        };
    }

    private long epoch(ValueReader r) {
        NumberSpan number = number(r);
        long micros = number.exactLong(microsShift(r.format));
        if (number.misfit() == Misfit.FRACTION) {
            throw r.wrong("finer than a microsecond");
        }
        return IsoTime.inRange(number.misfit() == Misfit.RANGE ? Long.MAX_VALUE : micros, r.label);
    }

    private UTF8String uuid(ValueReader r) {
        text(r);
        byte[] from = in.text;
        int start = in.textFrom;
        if (BinaryText.uuidNeedsLowering(from, start, in.textTo, r.label)) {
            byte[] to = in.room(36);
            for (int i = 0; i < 36; i++) {
                byte c = from[start + i];
                to[in.textFrom + i] = c >= 'A' && c <= 'F' ? (byte) (c + 32) : c;
            }
            in.took(36);
        }
        return in.utf8();
    }

    private byte[] binary(ValueReader r) {
        text(r);
        byte[] value = r.format == Format.Kind.HEX
                ? BinaryText.hex(in.text, in.textFrom, in.textTo, r.label)
                : BinaryText.base64(in.text, in.textFrom, in.textTo, r.label);
        if (r.length != 0 && value.length != r.length) {
            throw r.wrong("expected " + r.length + " bytes, found " + value.length);
        }
        return value;
    }

    private String decoded() {
        return new String(in.text, in.textFrom, in.textTo - in.textFrom, StandardCharsets.UTF_8);
    }
}
