package io.firn.init;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Gives names that SQL takes unquoted, each once. */
final class Names {
    private final Set<String> taken = new HashSet<>();

    Names() {}

    /** Names besides those that others have, which are in lower case. */
    Names(Set<String> others) {
        taken.addAll(others);
    }

    /** The first of the candidates that is free, else the last one with a number. */
    String claim(List<String> candidates) {
        for (String candidate : candidates) {
            if (taken.add(candidate)) {
                return candidate;
            }
        }
        String last = candidates.get(candidates.size() - 1);
        int number = 2;
        while (!taken.add(last + "_" + number)) {
            number++;
        }
        return last + "_" + number;
    }

    /** {@code PushEvent}, {@code push event} and {@code push-event} are push_event; HTMLPage v2 is html_page_v2. */
    static String snakeCase(String text) {
        String words = text.replaceAll("([\\p{Ll}\\d])(\\p{Lu})", "$1_$2")
                .replaceAll("(\\p{Lu})(\\p{Lu}\\p{Ll})", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "_")
                .replaceAll("^_+|_+$", "");
        return words.isEmpty() ? "unnamed" : words;
    }

    /** A column's name for the keys that lead to it. */
    static String column(List<String> keys) {
        String name = String.join("_", keys.stream().map(Names::snakeCase).toList());
        // firn_ names Firn's own columns, and no name may begin with a digit.
        return Character.isDigit(name.charAt(0)) || name.startsWith("firn_") ? "json_" + name : name;
    }
}
