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

    /** For people, as 50 s, 90 min, 36 h or 7 d: rounded down, in a unit of which there are not too few to be told. */
    public static String text(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }
}
