package io.firn.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A generated day.
 *
 * @param directory of the day's files
 * @param bytes of JSON, before compression
 * @param rows the well-formed lines per event type
 * @param malformed the lines that no table may hold; their ids begin with {@code bad-}
 */
record Dump(Path directory, String date, List<EventType> types, long bytes, Map<String, Long> rows, long malformed) {
    long lines() {
        return malformed + rows.values().stream().mapToLong(Long::longValue).sum();
    }
}
