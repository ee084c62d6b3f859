package io.firn.jobs;

import java.util.Locale;

/** Bytes for people: 512 B, 3.1 MB, 2.5 TB, in powers of 1000. */
final class Sizes {
    private Sizes() {}

    static String text(long bytes) {
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
