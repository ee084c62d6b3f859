package io.firn;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them in YAML and on the command line. */
public final class Durations {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})([smhdy])");

    private Durations() {}

    /** Reads 90s, 15m, 36h, 7d or 5y, a year having 366 days so that nothing is over too early; throws IllegalArgumentException with a message for people. */
    public static Duration parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no duration; write it as 90s, 15m, 36h, 7d or 5y");
        }
        long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(366 * count);
        };
    }
}
