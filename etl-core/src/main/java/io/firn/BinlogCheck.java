package io.firn;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.firn.load.LogFile;

/**
 * Whether a source still writes the same log: its files have one base name and numbers that do not fall. Else positions
 * of before and after cannot be compared, and changes would be taken for old ones.
 *
 * @param base the name of the files without their number
 * @param highest the highest number that each partition of the topic has told
 */
record BinlogCheck(String base, Map<Integer, Long> highest) {

    /** Reads what {@link #text} wrote. */
    static BinlogCheck parse(String text) {
        String[] parts = text.split(" ");
        Map<Integer, Long> highest = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] partition = parts[i].split(":");
            highest.put(Integer.parseInt(partition[0]), Long.parseLong(partition[1]));
        }
        return new BinlogCheck(parts[0], highest);
    }

    String text() {
        return base
                + highest.entrySet().stream()
                        .map(entry -> " " + entry.getKey() + ":" + entry.getValue())
                        .collect(Collectors.joining());
    }

    /** Whether a batch ends before where an earlier one, or the same, has been. */
    static boolean fell(BinlogCheck before, Map<Integer, LogFile> batch) {
        return batch.entrySet().stream().anyMatch(entry -> {
            long held = before == null ? 0 : before.highest().getOrDefault(entry.getKey(), 0L);
            return entry.getValue().last() < Math.max(held, entry.getValue().highest());
        });
    }

    /** Whether a batch comes from a log of another name. */
    static boolean renamed(BinlogCheck before, Map<Integer, LogFile> batch) {
        return batch.values().stream()
                .anyMatch(log ->
                        log.renamed() || (before != null && !before.base().equals(log.base())));
    }

    /** What is known after a batch; null: the source has no such log. */
    static BinlogCheck after(BinlogCheck before, Map<Integer, LogFile> batch) {
        if (batch.isEmpty()) {
            return before;
        }
        Map<Integer, Long> highest = new TreeMap<>(before == null ? Map.of() : before.highest());
        batch.forEach((partition, log) -> highest.merge(partition, log.highest(), Math::max));
        return new BinlogCheck(batch.values().iterator().next().base(), highest);
    }
}
