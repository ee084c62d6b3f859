package io.firn.schema;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where a value lies in a document: object keys from the root, {@code payload.size}; odd keys quoted, {@code a."b.c"}. */
public record JsonPath(List<String> keys) implements Serializable {
    public JsonPath {
        keys = List.copyOf(keys);
    }

    /** Reads a path; throws IllegalArgumentException with a message for the user. */
    @JsonCreator
    public static JsonPath parse(String text) {
        List<String> keys = new ArrayList<>();
        StringBuilder key = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                wasQuoted = true;
            } else if (c == '.' && !quoted) {
                keys.add(checked(key, wasQuoted, text));
                key.setLength(0);
                wasQuoted = false;
            } else {
                key.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("path '" + text + "': a quoted key is not closed");
        }
        keys.add(checked(key, wasQuoted, text));
        return new JsonPath(keys);
    }

    @JsonValue
    public String text() {
        return keys.stream()
                .map(k -> k.isEmpty() || k.indexOf('.') >= 0 ? '"' + k + '"' : k)
                .collect(Collectors.joining("."));
    }

    private static String checked(StringBuilder key, boolean quoted, String text) {
        if (key.isEmpty() && !quoted) {
            throw new IllegalArgumentException("path '" + text + "': a key is empty; write keys joined by dots, a.b.c");
        }
        return key.toString();
    }
}
