package io.firn.table;

import java.time.Duration;
import java.time.LocalDate;
import java.util.regex.Pattern;

import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.PropertyUtil;

/**
 * The tag d2026_11_20: what a table held once that day was loaded, for reports that must read the same rows again. A
 * later load of the same day moves it; expiry drops it at its maximum age, {@link Retention#DAYS}.
 */
public final class DayTag {
    private static final Pattern NAME = Pattern.compile("d\\d{4}_\\d\\d_\\d\\d");
    private static final Duration AGE = Duration.ofDays(7);

    private DayTag() {}

    public static String of(LocalDate day) {
        return "d%04d_%02d_%02d".formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth());
    }

    /** Whether a tag or branch is such a tag. */
    public static boolean is(String ref) {
        return NAME.matcher(ref).matches();
    }

    static void set(ManageSnapshots refs, Table table, LocalDate day, long snapshot) {
        String tag = of(day);
        long age = PropertyUtil.propertyAsLong(table.properties(), Retention.DAYS, AGE.toMillis());
        ManageSnapshots tagged =
                table.refs().containsKey(tag) ? refs.replaceTag(tag, snapshot) : refs.createTag(tag, snapshot);
        tagged.setMaxRefAgeMs(tag, age).commit();
    }
}
