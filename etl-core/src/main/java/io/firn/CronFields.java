package io.firn;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a text is a cron of five fields, as Airflow and crontab(5) read it. */
final class CronFields {
    private static final Pattern ITEM = Pattern.compile("(?:\\*|(\\w+)(?:-(\\w+))?)(?:/([1-9]\\d{0,3}))?");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final List<CronFields> FIELDS = List.of(
            new CronFields("minute", 0, 59, List.of()),
            new CronFields("hour", 0, 23, List.of()),
            new CronFields("day of month", 1, 31, List.of()),
            new CronFields("month", 1, 12, MONTHS),
            new CronFields("day of week", 0, 7, DAYS));

    private final String name;
    private final int least;
    private final int most;
    private final List<String> words;

    private CronFields(String name, int least, int most, List<String> words) {
        this.name = name;
        this.least = least;
        this.most = most;
        this.words = words;
    }

    /** What is wrong with it, for people; null: nothing. */
    static String problem(String cron) {
        String[] fields = cron.strip().split("\\s+");
        if (fields.length != FIELDS.size()) {
            return "\"" + cron + "\" is no cron: it has " + fields.length
                    + " fields instead of five (minute, hour, day of month, month, day of week), as in \"5 0 * * *\"";
        }
        for (int i = 0; i < fields.length; i++) {
            for (String item : fields[i].split(",", -1)) {
                if (!FIELDS.get(i).reads(item)) {
                    CronFields field = FIELDS.get(i);
                    return "\"" + cron + "\" is no cron: \"" + item + "\" is no " + field.name + " (" + field.least
                            + " to " + field.most + ")";
                }
            }
        }
        return null;
    }

    private boolean reads(String item) {
        Matcher parts = ITEM.matcher(item);
        return parts.matches()
                && within(parts.group(1))
                && within(parts.group(2))
                && (parts.group(1) == null
                        || parts.group(2) == null
                        || number(parts.group(1)) <= number(parts.group(2)));
    }

    private boolean within(String text) {
        return text == null || (number(text) >= least && number(text) <= most);
    }

    private int number(String text) {
        int word = words.indexOf(text.toLowerCase(Locale.ROOT));
        if (word >= 0) {
            return least + word;
        }
        return text.matches("\\d{1,2}") ? Integer.parseInt(text) : -1;
    }
}
