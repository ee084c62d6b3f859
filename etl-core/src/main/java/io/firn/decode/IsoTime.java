package io.firn.decode;

/**
 * Dates and times as ISO 8601 writes them, to microseconds since 1970. Years 0001 to 9999, no 24:00, no leap second,
 * nothing finer than a microsecond: what cannot be stored exactly is refused, never moved.
 */
final class IsoTime {
    static final long MICROS_PER_DAY = 86_400_000_000L;

    /** 0001-01-01T00:00:00 and 9999-12-31T23:59:59.999999 in UTC. */
    static final long MIN = -719_162L * MICROS_PER_DAY;

    static final long MAX = 2_932_897L * MICROS_PER_DAY - 1;

    private static final String WANT_DATE = "expected a date such as 2021-07-21";
    private static final String WANT_ZONED = "expected a time with an offset such as 2021-07-21T06:00:00Z";
    private static final String WANT_LOCAL = "expected a time without an offset such as 2021-07-21T06:00:00";

    private final byte[] b;
    private final int end;
    private final String column;
    private int at;

    private IsoTime(byte[] bytes, int from, int to, String column) {
        this.b = bytes;
        this.at = from;
        this.end = to;
        this.column = column;
    }

    /** Days since 1970-01-01. */
    static int date(byte[] bytes, int from, int to, String column) {
        IsoTime time = new IsoTime(bytes, from, to, column);
        int days = time.days(WANT_DATE);
        if (time.at != to) {
            throw time.wrong(WANT_DATE);
        }
        return days;
    }

    /** Microseconds of an instant; the text must have an offset. */
    static long timestamptz(byte[] bytes, int from, int to, String column) {
        IsoTime time = new IsoTime(bytes, from, to, column);
        long local = time.local(WANT_ZONED);
        return inRange(local - time.offset(), column);
    }

    /** Microseconds of a wall clock time; the text must not have an offset. */
    static long timestamp(byte[] bytes, int from, int to, String column) {
        IsoTime time = new IsoTime(bytes, from, to, column);
        long local = time.local(WANT_LOCAL);
        if (time.at < to) {
            byte c = time.b[time.at];
            throw time.wrong(
                    c == 'Z' || c == '+' || c == '-' ? "has an offset, which timestamp does not keep" : WANT_LOCAL);
        }
        return local;
    }

    static long inRange(long micros, String column) {
        if (micros < MIN || micros > MAX) {
            throw new Refusal(column, "outside the years 0001 to 9999");
        }
        return micros;
    }

    private long local(String want) {
        long days = days(want);
        if (at >= end || b[at] != 'T') {
            throw wrong(want);
        }
        at++;
        int hour = two(want);
        skip(':', want);
        int minute = two(want);
        int second = 0;
        long micros = 0;
        if (at < end && b[at] == ':') {
            at++;
            second = two(want);
            if (at < end && b[at] == '.') {
                at++;
                micros = fraction(want);
            }
        }
        if (hour > 23 || minute > 59 || second > 59) {
            throw wrong("no such time of day (hours go to 23, minutes and seconds to 59)");
        }
        return days * MICROS_PER_DAY + ((hour * 60L + minute) * 60 + second) * 1_000_000 + micros;
    }

    private int days(String want) {
        if (end - at < 10) {
            throw wrong(want);
        }
        int year = two(want) * 100 + two(want);
        skip('-', want);
        int month = two(want);
        skip('-', want);
        int day = two(want);
        if (year < 1) {
            throw wrong("outside the years 0001 to 9999");
        }
        if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
            throw wrong("no such day in the calendar");
        }
        return epochDay(year, month, day);
    }

    private long fraction(String want) {
        int first = at;
        long micros = 0;
        int kept = 0;
        while (at < end && b[at] >= '0' && b[at] <= '9') {
            if (kept < 6) {
                micros = micros * 10 + (b[at] - '0');
                kept++;
            } else if (b[at] != '0') {
                throw wrong("finer than a microsecond");
            }
            at++;
        }
        if (at == first) {
            throw wrong(want);
        }
        for (; kept < 6; kept++) {
            micros *= 10;
        }
        return micros;
    }

    /** The offset in microseconds: Z, +02, +0200, +02:00, up to 18 hours. */
    private long offset() {
        if (at == end) {
            throw wrong("has no offset such as Z or +02:00, which timestamptz needs");
        }
        byte sign = b[at++];
        if (sign == 'Z' && at == end) {
            return 0;
        }
        if (sign != '+' && sign != '-') {
            throw wrong(WANT_ZONED);
        }
        int hours = two(WANT_ZONED);
        int minutes = 0;
        if (at < end) {
            if (b[at] == ':') {
                at++;
            }
            minutes = two(WANT_ZONED);
        }
        if (at != end || minutes > 59 || hours * 60 + minutes > 18 * 60) {
            throw wrong(WANT_ZONED);
        }
        long micros = (hours * 60L + minutes) * 60_000_000;
        return sign == '-' ? -micros : micros;
    }

    private int two(String want) {
        if (at + 2 > end) {
            throw wrong(want);
        }
        int tens = b[at] - '0';
        int ones = b[at + 1] - '0';
        if (tens < 0 || tens > 9 || ones < 0 || ones > 9) {
            throw wrong(want);
        }
        at += 2;
        return tens * 10 + ones;
    }

    private void skip(char c, String want) {
        if (at >= end || b[at] != c) {
            throw wrong(want);
        }
        at++;
    }

    private Refusal wrong(String reason) {
        return new Refusal(column, reason);
    }

    private static int daysOf(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Counts March as the first month, so that the leap day is a year's last. */
    private static int epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return y * 365 + y / 4 - y / 100 + y / 400 + dayOfYear - 719_468;
    }
}
