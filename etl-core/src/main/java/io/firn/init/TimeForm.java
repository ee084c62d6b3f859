package io.firn.init;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;

/** A way to write times as text, and the column that loads every text so written without a change of its meaning. */
enum TimeForm {
    INSTANT(
            Scalar.TIMESTAMPTZ,
            "iso",
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d" + Fraction.ANY + "(Z|[+-]\\d\\d:\\d\\d)") {
        @Override
        void parse(String text) {
            OffsetDateTime unused = OffsetDateTime.parse(text);
        }
    },
    LOCAL(Scalar.TIMESTAMP, "iso", "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d" + Fraction.ANY) {
        @Override
        void parse(String text) {
            LocalDateTime unused = LocalDateTime.parse(text);
        }
    },
    SPACED(Scalar.TIMESTAMP, "uuuu-MM-dd HH:mm:ss", "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d") {
        @Override
        void parse(String text) {
            LocalDateTime unused = LocalDateTime.parse(text.replace(' ', 'T'));
        }
    },
    DAY(Scalar.DATE, null, "\\d{4}-\\d\\d-\\d\\d") {
        @Override
        void parse(String text) {
            LocalDate unused = LocalDate.parse(text);
        }
    };

    private static final int SHORTEST = "2021-07-21".length();
    private static final int LONGEST = "2021-07-21T06:00:00.123456000+00:00".length();

    private final Scalar type;
    private final String format;
    private final Pattern pattern;

    TimeForm(Scalar type, String format, String pattern) {
        this.type = type;
        this.format = format;
        this.pattern = Pattern.compile(pattern);
    }

    abstract void parse(String text);

    boolean matches(String text) {
        // Most strings are no times: tell them without the cost of an exception.
        if (text.length() < SHORTEST
                || text.length() > LONGEST
                || text.startsWith("0000")
                || !pattern.matcher(text).matches()) {
            return false;
        }
        try {
            parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Whether it is the ISO form, the only one that times inside lists and structs may have. */
    boolean iso() {
        return this != SPACED;
    }

    Scalar type() {
        return type;
    }

    Format format() {
        return format == null ? null : Format.parse(format);
    }

    /** Iceberg keeps microseconds; digits after the sixth must be zeros to load unrounded. */
    private static final class Fraction {
        static final String ANY = "(\\.\\d{1,6}0{0,3})?";
    }
}
