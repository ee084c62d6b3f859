package io.firn.decode;

import java.util.ArrayList;
import java.util.List;

/** Where something lies in documents of one kind: {@code commits[].author.name}; entries of a map are {@code .*}. */
record Place(List<String> parts) {
    static final Place ROOT = new Place(List.of());

    private static final String ELEMENT = "[]";
    private static final String ENTRY = ".*";

    Place {
        parts = List.copyOf(parts);
    }

    Place key(String key) {
        String quoted = quoted(key);
        return with(parts.isEmpty() ? quoted : "." + quoted);
    }

    Place element() {
        return with(ELEMENT);
    }

    Place entry() {
        return with(ENTRY);
    }

    String text() {
        return String.join("", parts);
    }

    /** The text with the real indexes and keys of one document in the open places. */
    String text(List<String> filling) {
        StringBuilder text = new StringBuilder();
        int filled = 0;
        for (String part : parts) {
            text.append(isOpen(part) ? filling.get(filled++) : part);
        }
        return text.toString();
    }

    static String index(long index) {
        return "[" + index + "]";
    }

    static String entry(String key) {
        return "." + quoted(key);
    }

    private static boolean isOpen(String part) {
        return part.equals(ELEMENT) || part.equals(ENTRY);
    }

    private static String quoted(String key) {
        boolean plain = !key.isEmpty() && key.chars().noneMatch(c -> c == '.' || c == '[' || c == '"' || c == '*');
        return plain ? key : '"' + key + '"';
    }

    private Place with(String part) {
        List<String> longer = new ArrayList<>(parts);
        longer.add(part);
        return new Place(longer);
    }
}
