package io.firn.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that was probably meant. */
final class Suggestion {
    private Suggestion() {}

    static Optional<String> nearest(String name, Collection<String> valid) {
        int limit = Math.max(2, name.length() / 3);
        return valid.stream()
                .filter(candidate ->
                        distance(name, candidate) <= limit && distance(name, candidate) < candidate.length())
                .min(Comparator.comparingInt((String candidate) -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** {@code ; did you mean "x"?}, or the valid names where none is near. */
    static String hint(String name, Collection<String> valid, String listing) {
        Optional<String> nearest = nearest(name, valid);
        if (nearest.isPresent()) {
            return "; did you mean \"" + nearest.get() + "\"?";
        }
        return valid.isEmpty() ? "" : "; " + listing + " " + String.join(", ", valid);
    }

    private static int distance(String a, String b) {
        return LevenshteinDistance.getDefaultInstance().apply(plain(a), plain(b));
    }

    /** Case and the choice of separator are no typing errors. */
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
