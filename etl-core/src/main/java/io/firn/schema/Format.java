package io.firn.schema;

import java.io.Serializable;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * How a column's JSON value is written: {@code iso}, {@code epoch-seconds}, {@code epoch-millis}, {@code epoch-micros},
 * {@code epoch-nanos} or a pattern of
 * {@link DateTimeFormatter} for times, {@code base64} or {@code hex} for binary, {@code base64} for decimals that
 * Debezium writes as bytes without a schema, {@code json} for a string column that keeps any value as its JSON text.
 */
public record Format(Kind kind, String pattern) implements Serializable {
    public enum Kind {
        ISO,
        EPOCH_SECONDS,
        EPOCH_MILLIS,
        EPOCH_MICROS,
        EPOCH_NANOS,
        PATTERN,
        BASE64,
        HEX,
        JSON;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Reads a format; throws IllegalArgumentException with a message for the user. */
    @JsonCreator
    public static Format parse(String text) {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.PATTERN && kind.text().equals(text)) {
                return new Format(kind, null);
            }
        }
        try {
            DateTimeFormatter unused = formatter(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "format '" + text
                            + "' is neither iso, epoch-seconds, epoch-millis, epoch-micros, epoch-nanos, base64, hex, json nor a pattern"
                            + " such as \"uuuu-MM-dd HH:mm:ss\" (" + e.getMessage() + ")",
                    e);
        }
        return new Format(Kind.PATTERN, text);
    }

    /** The strict formatter of a {@link Kind#PATTERN} format. */
    public DateTimeFormatter formatter() {
        return formatter(pattern);
    }

    @JsonValue
    public String text() {
        return kind == Kind.PATTERN ? pattern : kind.text();
    }

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }
}
