package io.firn;

import java.util.Locale;

/** The names of tables that nobody named. */
final class Names {
    private Names() {}

    /** {@code PushEvent} is push_event, {@code HTMLPage v2} is html_page_v2; empty if no letter or digit is in it. */
    static String snake(String name) {
        String snake = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_")
                .replaceAll("[^A-Za-z0-9]+", "_")
                .replaceAll("^_+|_+$", "")
                .toLowerCase(Locale.ROOT);
        return snake.matches("\\d.*") ? "_" + snake : snake;
    }
}
