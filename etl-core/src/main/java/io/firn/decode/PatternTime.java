package io.firn.decode;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;

/** Times written by a user's pattern. */
final class PatternTime {
    private PatternTime() {}

    /** Days since 1970-01-01 of the day as it is written. */
    static int date(DateTimeFormatter pattern, String text, String column) {
        try {
            LocalDate day = LocalDate.from(pattern.parse(text));
            IsoTime.inRange(yearsToMicros(day), column);
            return (int) day.toEpochDay();
        } catch (DateTimeException e) {
            throw mismatch(column);
        }
    }

    /** Microseconds of a wall clock time; a pattern that reads an offset or a zone is refused. */
    static long timestamp(DateTimeFormatter pattern, String text, String column) {
        try {
            TemporalAccessor parsed = pattern.parse(text);
            if (parsed.query(TemporalQueries.zone()) != null) {
                throw new Refusal(column, "has an offset, which timestamp does not keep");
            }
            return micros(LocalDateTime.from(parsed), ZoneOffset.UTC, column);
        } catch (DateTimeException e) {
            throw mismatch(column);
        }
    }

    /** Microseconds of an instant; the pattern must read an offset, or a zone in which the time exists exactly once. */
    static long timestamptz(DateTimeFormatter pattern, String text, String column) {
        try {
            TemporalAccessor parsed = pattern.parse(text);
            ZoneId zone = parsed.query(TemporalQueries.zone());
            if (zone == null) {
                throw new Refusal(column, "has no offset such as Z or +02:00, which timestamptz needs");
            }
            LocalDateTime local = LocalDateTime.from(parsed);
            ZoneOffset written = parsed.query(TemporalQueries.offset());
            List<ZoneOffset> valid = written == null ? zone.getRules().getValidOffsets(local) : List.of(written);
            if (valid.size() != 1) {
                throw new Refusal(column, "a time that its zone has not or twice, as clocks are moved; add the offset");
            }
            return micros(local, valid.get(0), column);
        } catch (DateTimeException e) {
            throw mismatch(column);
        }
    }

    private static long micros(LocalDateTime local, ZoneOffset offset, String column) {
        IsoTime.inRange(yearsToMicros(local.toLocalDate()), column);
        int nanos = local.get(ChronoField.NANO_OF_SECOND);
        if (nanos % 1000 != 0) {
            throw new Refusal(column, "finer than a microsecond");
        }
        return IsoTime.inRange(local.toEpochSecond(offset) * 1_000_000 + nanos / 1000, column);
    }

    private static long yearsToMicros(LocalDate day) {
        return Math.max(-10_000_000L, Math.min(10_000_000L, day.toEpochDay())) * IsoTime.MICROS_PER_DAY;
    }

    private static Refusal mismatch(String column) {
        return new Refusal(column, "does not match the column's format");
    }
}
