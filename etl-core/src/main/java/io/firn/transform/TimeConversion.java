package io.firn.transform;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.TimeUnit;

import org.apache.spark.sql.catalyst.InternalRow;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;

/** Casts to dates and timestamps: from ISO text, and between them. */
final class TimeConversion {
    private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);
    private static final int ISO_DATE_LENGTH = 10;

    private TimeConversion() {}

    static Conversion of(ColumnType from, Scalar to) {
        if (from == Scalar.STRING) {
            return switch (to) {
                case DATE -> parsed(to, (text, out) -> out.setInt(0, days(text)));
                case TIMESTAMP ->
                    parsed(
                            to,
                            (text, out) -> out.setLong(
                                    0, micros(LocalDateTime.parse(text).atOffset(ZoneOffset.UTC))));
                default -> parsed(to, (text, out) -> out.setLong(0, micros(OffsetDateTime.parse(text))));
            };
        }
        if (from == Scalar.DATE) {
            return (in, ordinal, out) -> {
                out.setLong(0, Math.multiplyExact(in.getInt(ordinal), MICROS_PER_DAY));
                return null;
            };
        }
        return (in, ordinal, out) -> {
            out.setInt(0, Math.toIntExact(Math.floorDiv(in.getLong(ordinal), MICROS_PER_DAY)));
            return null;
        };
    }

    static String date(int days) {
        return LocalDate.ofEpochDay(days).toString();
    }

    static String timestamp(long micros) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000) * 1_000, ZoneOffset.UTC);
        return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }

    private static Conversion parsed(Scalar to, Parser parser) {
        return (in, ordinal, out) -> {
            try {
                parser.parse(in.getUTF8String(ordinal).toString(), out);
                return null;
            } catch (DateTimeException e) {
                return "expected " + to.text() + ", found text that is not " + example(to);
            }
        };
    }

    private static int days(String text) {
        if (text.length() != ISO_DATE_LENGTH) {
            throw new DateTimeException("not four digits of a year");
        }
        return Math.toIntExact(checked(LocalDate.parse(text)).toEpochDay());
    }

    private static long micros(OffsetDateTime time) {
        LocalDate unused = checked(time.toLocalDate());
        if (time.getNano() % 1_000 != 0) {
            throw new DateTimeException("finer than microseconds");
        }
        Instant instant = time.toInstant();
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    private static LocalDate checked(LocalDate date) {
        if (date.getYear() < 1 || date.getYear() > 9999) {
            throw new DateTimeException("outside the years 0001 to 9999");
        }
        return date;
    }

    private static String example(Scalar to) {
        return switch (to) {
            case DATE -> "a date such as 2021-07-21";
            case TIMESTAMP -> "an ISO time without zone such as 2021-07-21T10:00:00 (years 0001 to 9999, microseconds)";
            default -> "an ISO time with zone such as 2021-07-21T10:00:00Z (years 0001 to 9999, microseconds)";
        };
    }

    private interface Parser {
        void parse(String text, InternalRow out);
    }
}
