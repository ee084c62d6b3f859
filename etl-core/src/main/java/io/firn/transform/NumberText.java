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
