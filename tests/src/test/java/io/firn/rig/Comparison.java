package io.firn.rig;

import java.util.List;

/**
 * How a lake's table differs from its source.
 *
 * @param rows the source's
 * @param missing rows that the source has and the lake has not, and so on: each told with its key, the first few only
 * @param differences how many there are in all
 */
public record Comparison(
        String table, long rows, List<String> missing, List<String> extra, List<String> different, long differences) {
    public boolean isEqual() {
        return differences == 0;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                isEqual()
                        ? table + ": all " + rows + " rows equal"
                        : table + ": " + differences + " differences from the source's " + rows + " rows");
        add(text, "missing in the lake", missing);
        add(text, "only in the lake", extra);
        add(text, "different", different);
        return text.toString();
    }

    private static void add(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("\n  ").append(title).append(':');
            lines.forEach(line -> text.append("\n    ").append(line));
        }
    }
}
