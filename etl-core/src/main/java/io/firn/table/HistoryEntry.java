package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * One change as a table's properties keep it, written in the transaction that makes it. Its property's name holds the
 * time and sorts by it.
 *
 * @param before Iceberg's id of the schema before the change; null: the change created the table, or left the schema
 * @param schema that of the schema since then; null: the change left the schema
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record HistoryEntry(String run, String pipeline, String source, Integer before, Integer schema, List<String> changes) {
    static final String PREFIX = "firn.history.";

    /** How many a table keeps. */
    static final int MOST = 100;

    private static final int MOST_TEXT = 4_000;
    private static final int RUN_DIGITS = 4;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSSSSSX", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static HistoryEntry of(ChangeOrigin origin, Integer before, Integer schema, List<String> changes) {
        return new HistoryEntry(origin.run(), origin.pipeline(), origin.source(), before, schema, bounded(changes));
    }

    /** All that a table keeps, by their properties, the earliest first. */
    static SortedMap<String, HistoryEntry> all(Map<String, String> properties) {
        SortedMap<String, HistoryEntry> entries = new TreeMap<>();
        properties.forEach((key, json) -> {
            if (key.startsWith(PREFIX)) {
                entries.put(key, parse(json));
            }
        });
        return entries;
    }

    /** Of a table's properties those that make room for one more. */
    static List<String> overflow(Map<String, String> properties) {
        List<String> keys = properties.keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .sorted()
                .toList();
        return keys.subList(0, Math.max(0, keys.size() - MOST + 1));
    }

    /** The property of a change made now: after all that the table keeps, whatever the clocks of others say. */
    String key(Map<String, String> properties) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Instant next = properties.keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .map(key -> when(key).plus(1, ChronoUnit.MICROS))
                .reduce(now, (one, other) -> one.isAfter(other) ? one : other);
        return PREFIX + TIME.format(next) + "-" + digits();
    }

    static Instant when(String key) {
        return Instant.from(TIME.parse(key.substring(PREFIX.length(), key.lastIndexOf('-'))));
    }

    String json() {
        return LedgerStore.json(this);
    }

    ChangeOrigin origin() {
        return new ChangeOrigin(run, pipeline, source);
    }

    private String digits() {
        String hex = run == null ? "" : run.replaceAll("[^0-9a-f]", "");
        return hex.length() >= RUN_DIGITS
                ? hex.substring(0, RUN_DIGITS)
                : HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
    }

    /** A table's properties are read with every load of it. */
    private static List<String> bounded(List<String> changes) {
        List<String> kept = new ArrayList<>();
        int length = 0;
        for (String change : changes) {
            if (length > MOST_TEXT) {
                kept.add("and %,d more".formatted(changes.size() - kept.size()));
                break;
            }
            kept.add(change.length() > MOST_TEXT ? change.substring(0, MOST_TEXT) + "..." : change);
            length += change.length();
        }
        return kept;
    }

    private static HistoryEntry parse(String json) {
        try {
            return LedgerStore.JSON.readValue(json, HistoryEntry.class);
        } catch (IOException e) {
            throw new UncheckedIOException("A " + PREFIX + "* property is not what Firn wrote", e);
        }
    }
}
