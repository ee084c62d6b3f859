package io.firn.decode;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** The last number scanned, and its exact or nearest value as a type wants it. Exponents cost nothing: 1e999999999 is refused by its length. */
final class NumberSpan {
    private static final int LONG_DIGITS = 18;
    private static final long EXPONENT_CAP = 4_000_000_000_000L;
    private static final long[] TENS = new long[LONG_DIGITS + 1];
    private static final double[] EXACT_TENS = new double[23];

    static {
        long ten = 1;
        for (int i = 0; i < TENS.length; i++) {
            TENS[i] = ten;
            ten *= 10;
        }
        for (int i = 0; i < EXACT_TENS.length; i++) {
            EXACT_TENS[i] = Double.parseDouble("1e" + i);
        }
    }

    private byte[] bytes;
    private int from;
    private int to;
    private boolean negative;
    /** All digits as one integer; right only when there are at most {@link #LONG_DIGITS}. */
    private long mantissa;

    private int digits;
    private int fraction;
    private boolean hasExponent;
    private long exponent;

    /** Why an exact conversion is impossible. */
    enum Misfit {
        NONE,
        FRACTION,
        RANGE
    }

    private Misfit misfit = Misfit.NONE;

    /** Scans JSON's number grammar; where the number ends, -1 when it is not one. */
    int scan(byte[] b, int at, int end) {
        int i = at;
        negative = b[i] == '-';
        if (negative) {
            i++;
        }
        int first = i;
        long m = 0;
        if (i < end && b[i] == '0') {
            i++;
        } else {
            while (i < end && isDigit(b[i])) {
                m = m * 10 + (b[i] - '0');
                i++;
            }
        }
        digits = i - first;
        if (digits == 0) {
            return -1;
        }
        fraction = 0;
        hasExponent = false;
        exponent = 0;
        bytes = b;
        from = at;
        if (i < end && (b[i] == '.' || b[i] == 'e' || b[i] == 'E')) {
            i = rest(b, i, end, m);
        } else {
            mantissa = m;
        }
        to = i;
        return i;
    }

    private int rest(byte[] b, int at, int end, long integer) {
        int i = at;
        long m = integer;
        if (b[i] == '.') {
            i++;
            int first = i;
            while (i < end && isDigit(b[i])) {
                m = m * 10 + (b[i] - '0');
                i++;
            }
            fraction = i - first;
            digits += fraction;
            if (fraction == 0) {
                return -1;
            }
        }
        mantissa = m;
        if (i == end || (b[i] != 'e' && b[i] != 'E')) {
            return i;
        }
        i++;
        boolean minus = i < end && b[i] == '-';
        if (minus || (i < end && b[i] == '+')) {
            i++;
        }
        int first = i;
        long e = 0;
        while (i < end && isDigit(b[i])) {
            e = Math.min(e * 10 + (b[i] - '0'), EXPONENT_CAP);
            i++;
        }
        if (i == first) {
            return -1;
        }
        hasExponent = true;
        exponent = minus ? -e : e;
        return i;
    }

    /** 10 to the power of {@code exponent}, up to 18. */
    static long ten(int exponent) {
        return TENS[exponent];
    }

    /** Written without fraction and exponent. */
    boolean isInteger() {
        return fraction == 0 && !hasExponent;
    }

    Misfit misfit() {
        return misfit;
    }

    /** The value times 10^shift as a long if it is exactly one; else {@link #misfit} says why not. */
    long exactLong(int shift) {
        misfit = Misfit.NONE;
        if (digits <= LONG_DIGITS) {
            if (shift == 0 && isInteger()) {
                return negative ? -mantissa : mantissa;
            }
            long power = shift - fraction + exponent;
            if (mantissa == 0) {
                return 0;
            }
            if (power >= 0 && digits + power <= LONG_DIGITS) {
                return signed(mantissa * TENS[(int) power]);
            }
            if (power < 0 && power >= -LONG_DIGITS) {
                long divisor = TENS[(int) -power];
                misfit = mantissa % divisor == 0 ? Misfit.NONE : Misfit.FRACTION;
                return signed(mantissa / divisor);
            }
        }
        BigInteger exact = exact(shift, 19);
        if (misfit == Misfit.NONE && exact.bitLength() > 63) {
            misfit = Misfit.RANGE;
        }
        return misfit == Misfit.NONE ? exact.longValue() : 0;
    }

    /** The value times 10^shift as an integer of at most {@code precision} digits; else {@link #misfit} says why not. */
    BigInteger exact(int shift, int precision) {
        misfit = Misfit.NONE;
        StringBuilder significant = new StringBuilder();
        long zeros = 0;
        long seen = 0;
        boolean afterPoint = false;
        long pointShift = 0;
        for (int i = from; i < to && bytes[i] != 'e' && bytes[i] != 'E'; i++) {
            byte c = bytes[i];
            if (c == '.') {
                afterPoint = true;
            } else if (c != '-') {
                pointShift += afterPoint ? 1 : 0;
                if (c == '0') {
                    zeros += seen == 0 ? 0 : 1;
                    continue;
                }
                seen += zeros + 1;
                if (seen <= precision) {
                    significant.append("0".repeat((int) zeros)).append((char) c);
                }
                zeros = 0;
            }
        }
        if (seen == 0) {
            return BigInteger.ZERO;
        }
        long power = exponent - pointShift + zeros + shift;
        if (power < 0) {
            misfit = Misfit.FRACTION;
            return BigInteger.ZERO;
        }
        if (seen + power > precision) {
            misfit = Misfit.RANGE;
            return BigInteger.ZERO;
        }
        BigInteger value =
                new BigInteger(significant.append("0".repeat((int) power)).toString());
        return negative ? value.negate() : value;
    }

    /** The nearest double; infinite when there is none. */
    double nearestDouble() {
        long power = exponent - fraction;
        if (digits <= LONG_DIGITS && mantissa <= 1L << 53 && power >= -22 && power <= 22) {
            // Both operands are exact, so that one correctly rounded operation gives the nearest value (Clinger 1990).
            double m = mantissa;
            double value = power < 0 ? m / EXACT_TENS[(int) -power] : m * EXACT_TENS[(int) power];
            return negative ? -value : value;
        }
        return Double.parseDouble(text());
    }

    /** The nearest float, not by way of a double; infinite when there is none. */
    float nearestFloat() {
        return Float.parseFloat(text());
    }

    private String text() {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private long signed(long magnitude) {
        return negative ? -magnitude : magnitude;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
