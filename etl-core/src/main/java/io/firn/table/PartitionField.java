package io.firn.table;

import java.io.Serializable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A partition field: a column under one of Iceberg's transforms, {@code day(created_at)}, {@code bucket(16, id)}. */
public record PartitionField(Transform transform, int width, String column) implements Serializable {
    private static final Pattern PLAIN = Pattern.compile("\\s*([\\w.]+)\\s*");
    private static final Pattern CALL =
            Pattern.compile("\\s*(\\w+)\\s*\\(\\s*(?:(\\d{1,9})\\s*,\\s*)?([\\w.]+)\\s*\\)\\s*");
    private static final String VALID =
            "write a column, or year, month, day, hour(column), bucket(n, column), truncate(width, column)";

    /** Iceberg's partition transforms (table spec, "Partition Transforms"). */
    public enum Transform {
        IDENTITY,
        YEAR,
        MONTH,
        DAY,
        HOUR,
        BUCKET,
        TRUNCATE;

        boolean hasWidth() {
            return this == BUCKET || this == TRUNCATE;
        }
    }

    /** Reads a field; throws IllegalArgumentException with a message for the user. */
    @JsonCreator
    public static PartitionField parse(String text) {
        Matcher plain = PLAIN.matcher(text);
        if (plain.matches()) {
            return new PartitionField(Transform.IDENTITY, 0, plain.group(1));
        }
        Matcher call = CALL.matcher(text);
        if (!call.matches()) {
            throw wrong(text, VALID);
        }
        String name = call.group(1).toLowerCase(Locale.ROOT).replaceFirst("^(year|month|day|hour)s$", "$1");
        for (Transform transform : Transform.values()) {
            if (transform.name().toLowerCase(Locale.ROOT).equals(name)) {
                if (transform.hasWidth() != (call.group(2) != null)) {
                    throw wrong(text, VALID);
                }
                int width = transform.hasWidth() ? Integer.parseInt(call.group(2)) : 0;
                if (transform.hasWidth() && width < 1) {
                    throw wrong(text, "the width must be at least 1");
                }
                return new PartitionField(transform, width, call.group(3));
            }
        }
        throw wrong(text, "unknown transform \"" + call.group(1) + "\"; " + VALID);
    }

    @JsonValue
    public String text() {
        if (transform == Transform.IDENTITY) {
            return column;
        }
        return transform.name().toLowerCase(Locale.ROOT) + "(" + (transform.hasWidth() ? width + ", " : "") + column
                + ")";
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("partition field \"" + text + "\": " + why);
    }
}
