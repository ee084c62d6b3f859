package io.firn.transform;

import java.math.BigDecimal;
import java.util.regex.Pattern;

import org.apache.spark.unsafe.types.UTF8String;

/** A text that should be a number as JSON writes them. */
record NumberText(String text, boolean isNumber) {
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?(?:[eE][+-]?[0-9]++)?");
    /** No type holds more digits; longer texts would only cost time. */
    private static final int MAX_LENGTH = 1_100;

    private static final int EXPONENT_DIGITS = 9;
    static final long NOT_PLAIN = Long.MIN_VALUE;

    /** The number of a text of at most 18 digits, which most are, or {@link #NOT_PLAIN}. */
    static long plain(UTF8String text) {
        int length = text.numBytes();
        int first = length > 0 && text.getByte(0) == '-' ? 1 : 0;
        int digits = length - first;
        if (digits < 1 || digits > 18 || (digits > 1 && text.getByte(first) == '0')) {
            return NOT_PLAIN;
        }
        long number = 0;
        for (int i = first; i < length; i++) {
            int digit = text.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return NOT_PLAIN;
            }
            number = number * 10 + digit;
        }
        return first == 0 ? number : -number;
    }

    static NumberText of(UTF8String utf8) {
        if (utf8.numBytes() == 0 || utf8.numBytes() > MAX_LENGTH) {
            return new NumberText("", false);
        }
        String text = utf8.toString();
        return new NumberText(text, NUMBER.matcher(text).matches());
    }

    /** The number, or null when its exponent is beyond every type. */
    BigDecimal exact() {
        int e = Math.max(text.indexOf('e'), text.indexOf('E'));
        if (e >= 0 && text.length() - e > EXPONENT_DIGITS) {
            return null;
        }
        return new BigDecimal(text);
    }
}
