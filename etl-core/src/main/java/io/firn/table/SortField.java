package io.firn.table;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A field of the sort order: {@code id}, {@code created_at desc}; ascending puts nulls first, descending last. */
public record SortField(String column, boolean descending) implements Serializable {
    private static final Pattern FIELD =
            Pattern.compile("\\s*([\\w.]+)(?:\\s+(asc|desc))?\\s*", Pattern.CASE_INSENSITIVE);

    /** Reads a field; throws IllegalArgumentException with a message for the user. */
    @JsonCreator
    public static SortField parse(String text) {
        Matcher field = FIELD.matcher(text);
        if (!field.matches()) {
            throw new IllegalArgumentException("sort field \"" + text + "\": write a column, or \"column desc\"");
        }
        return new SortField(field.group(1), "desc".equalsIgnoreCase(field.group(2)));
    }

    @JsonValue
    public String text() {
        return column + (descending ? " desc" : "");
    }
}
