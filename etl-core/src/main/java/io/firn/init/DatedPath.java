package io.firn.init;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The path of a sample with its day as a placeholder, {@code dump/{date}/}; {@link #day} is null without any. */
public record DatedPath(String path, LocalDate day) {
    private static final Pattern DAY =
            Pattern.compile("(?<!\\d)((?:19|20)\\d\\d)(-|/|_|)(0[1-9]|1[0-2])\\2(0[1-9]|[12]\\d|3[01])(?!\\d)");

    /** Finds the last day in a path, {@code 2021-07-21}, {@code 2021/07/21} or {@code 20210721}. */
    public static DatedPath of(String path) {
        Matcher day = DAY.matcher(path);
        DatedPath found = new DatedPath(path, null);
        while (day.find()) {
            String separator = day.group(2);
            String placeholder = separator.equals("-") ? "{date}" : "{yyyy}" + separator + "{MM}" + separator + "{dd}";
            found = new DatedPath(
                    path.substring(0, day.start()) + placeholder + path.substring(day.end()),
                    LocalDate.parse(day.group(1) + day.group(3) + day.group(4), DateTimeFormatter.BASIC_ISO_DATE));
        }
        return found;
    }
}
