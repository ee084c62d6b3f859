package io.firn.table;

import java.io.Serializable;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes as people write it: 512MB in powers of 1000, 512MiB in powers of 1024. */
public record FileSize(long bytes) implements Serializable {
    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}) ?(B|[kKMGT]B|[KMGT]iB)");
    private static final Map<Character, Integer> POWERS = Map.of('K', 1, 'M', 2, 'G', 3, 'T', 4);

    /** Throws IllegalArgumentException with a message for people. */
    public static FileSize parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no size; write it as 512MB, 2GB or, in powers of 1024, 512MiB");
        }
        String unit = parts.group(2).toUpperCase(Locale.ROOT);
        int power = POWERS.getOrDefault(unit.charAt(0), 0);
        long step = unit.length() == 3 ? 1024 : 1000;
        long bytes = Long.parseLong(parts.group(1));
        for (int i = 0; i < power; i++) {
            bytes = Math.multiplyExact(bytes, step);
        }
        return new FileSize(bytes);
    }

    /** Bytes for people: 512 B, 3.1 MB, 2.5 TB, in powers of 1000. */
    public static String text(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB", "PB"};
        double value = bytes;
        int unit = -1;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
