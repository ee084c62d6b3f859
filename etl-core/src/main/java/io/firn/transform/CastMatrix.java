package io.firn.transform;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Scalar;

/** Which casts can ever work; knows no Spark, since {@code validate} runs without it. */
final class CastMatrix {
    /** Types between which the same casts exist. */
    enum Family {
        TEXT,
        BOOLEAN,
        NUMBER,
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ,
        UUID,
        BYTES,
        NESTED
    }

    private CastMatrix() {}

    static Family family(ColumnType type) {
        if (type instanceof Scalar scalar) {
            return switch (scalar) {
                case STRING -> Family.TEXT;
                case BOOLEAN -> Family.BOOLEAN;
                case INT, LONG, FLOAT, DOUBLE -> Family.NUMBER;
                case DATE -> Family.DATE;
                case TIMESTAMP -> Family.TIMESTAMP;
                case TIMESTAMPTZ -> Family.TIMESTAMPTZ;
                case UUID -> Family.UUID;
                case BINARY -> Family.BYTES;
            };
        }
        if (type instanceof Decimal) {
            return Family.NUMBER;
        }
        return type instanceof Fixed ? Family.BYTES : Family.NESTED;
    }

    /** Null when the cast exists; else why not and what to write instead. */
    static String refusal(ColumnType from, ColumnType to) {
        if (from.equals(to)) {
            return null;
        }
        String instead = instead(family(from), family(to));
        return instead == null ? null : from.text() + " cannot be cast to " + to.text() + "; " + instead;
    }

    private static String instead(Family from, Family to) {
        if (from == Family.NESTED || to == Family.NESTED) {
            return "declare the type under columns, or derive it, for example with transform(column, x -> ...)";
        }
        if (from == Family.BYTES || to == Family.BYTES) {
            return from == to ? null : "say how bytes and text meet: derive it with base64, hex, encode or decode";
        }
        if (from == to || from == Family.TEXT || to == Family.TEXT) {
            return null;
        }
        if (from == Family.UUID || to == Family.UUID) {
            return "a uuid is written as text";
        }
        if (from == Family.BOOLEAN || to == Family.BOOLEAN) {
            return "say what true means: derive it with a comparison, or with if(condition, 1, 0)";
        }
        return betweenTimes(from, to);
    }

    private static String betweenTimes(Family from, Family to) {
        if (from == Family.NUMBER) {
            return to == Family.DATE
                    ? "say what it counts: derive it with date_from_unix_date"
                    : "say what it counts: derive it with timestamp_seconds, timestamp_millis or timestamp_micros";
        }
        if (to == Family.NUMBER) {
            return from == Family.DATE
                    ? "say what to count: derive it with unix_date"
                    : "say what to count: derive it with unix_seconds, unix_millis or unix_micros";
        }
        if (to == Family.DATE || (from == Family.DATE && to == Family.TIMESTAMP)) {
            return null;
        }
        return "say which zone the clock was in: derive it with cast(column as timestamp_ltz) or cast(column as"
                + " timestamp_ntz), which take UTC";
    }
}
