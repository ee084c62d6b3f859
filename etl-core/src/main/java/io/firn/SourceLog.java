package io.firn;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.firn.change.Position;
import io.firn.change.SnapshotMark;
import io.firn.load.LogPlace;
import io.firn.load.LogTrail;
import io.firn.load.SnapshotStart;
import io.firn.load.TopicPlace;
import io.firn.table.TopicState;

/**
 * What a table knows of the log that its changes come from, to find out when the source begins another one: places of
 * before and after cannot be compared then, and changes would be taken for old ones.
 *
 * @param base the name of the log's files without their number; empty: it has no files
 * @param seen by partition of the topic
 */
record SourceLog(String base, SortedMap<Integer, Seen> seen) {
    /** Clocks of a database and its connector differ by less, and MariaDB tells whole seconds. */
    private static final long CLOCKS_APART = 60_000_000;

    /**
     * What came in a partition.
     *
     * @param highest the highest place
     * @param latest the latest time, in microseconds since 1970; null: not told
     * @param snapshot where the log stood for the last snapshot of the whole table; null: there was none
     * @param written when that snapshot's first row was written to the topic, in milliseconds; null: not known
     */
    record Seen(LogPlace highest, Long latest, LogPlace snapshot, Long written) {
        private Seen then(LogTrail trail) {
            Seen last = trail.snapshots().stream()
                    .filter(start -> start.whole() && !start.at().equals(snapshot))
                    .reduce((one, next) -> next)
                    .map(start ->
                            new Seen(highest, latest, start.at(), start.row().written()))
                    .orElse(this);
            return new Seen(
                    LogPlace.later(highest, trail.highest()),
                    LogTrail.later(latest, trail.latest()),
                    last.snapshot,
                    last.written);
        }

        private String text() {
            return place(highest) + "/" + told(latest)
                    + (snapshot == null ? "" : "/" + place(snapshot) + "/" + told(written));
        }

        private static Seen parse(String text) {
            String[] said = text.split("/", -1);
            return switch (said.length) {
                case 1 -> new Seen(new LogPlace(Long.parseLong(said[0]), 0), null, null, null);
                case 3 -> new Seen(place(said, 0), time(said[2]), null, null);
                default -> new Seen(place(said, 0), time(said[2]), place(said, 3), time(said[5]));
            };
        }

        private static String place(LogPlace place) {
            return place.file() + "/" + place.at();
        }

        private static LogPlace place(String[] said, int at) {
            return new LogPlace(Long.parseLong(said[at]), Long.parseLong(said[at + 1]));
        }

        private static String told(Long time) {
            return time == null ? "" : time.toString();
        }

        private static Long time(String told) {
            return told.isEmpty() ? null : Long.valueOf(told);
        }
    }

    /** How another log shows itself. */
    enum Sign {
        RENAMED("has another name"),
        SNAPSHOT_BEFORE("was, when Debezium took its last snapshot, at a place before that of earlier changes"),
        FILES_WENT_BACK("went back");

        private final String words;

        Sign(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * Where another log begins.
     *
     * @param from the offset of its first change in each partition that shows it
     * @param written when its first record was written, in milliseconds: other partitions may have its changes since
     */
    record Other(Sign sign, SortedMap<Integer, Long> from, long written) {}

    /** What a table holds; null: nothing. */
    static SourceLog held(TopicState held, String topic) {
        if (held == null) {
            return null;
        }
        String text = held.logs().get(topic);
        return text == null ? marked(held, topic) : parse(text);
    }

    /** Tables that hold nothing else know their last snapshot of PostgreSQL, where they stand after it. */
    private static SourceLog marked(TopicState held, String topic) {
        SnapshotMark mark = held.snapshot();
        SortedMap<Integer, Seen> seen = new TreeMap<>();
        if (mark != null && mark.at().epoch() == held.epoch()) {
            Position at = mark.at();
            LogPlace place = new LogPlace(at.file(), at.log());
            mark.from().forEach((partition, offset) -> held.next(topic, partition)
                    .filter(next -> next > offset)
                    .ifPresent(next -> seen.put(partition, new Seen(place, null, place, null))));
        }
        return seen.isEmpty() ? null : new SourceLog("", seen);
    }

    /** Reads what {@link #text} wrote, or former versions, which told the number of the last file alone. */
    static SourceLog parse(String text) {
        String[] parts = text.split(" ", -1);
        SortedMap<Integer, Seen> seen = new TreeMap<>();
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            int colon = part.indexOf(':');
            seen.put(Integer.parseInt(part.substring(0, colon)), Seen.parse(part.substring(colon + 1)));
        }
        return new SourceLog(parts[0], seen);
    }

    String text() {
        return base
                + seen.entrySet().stream()
                        .map(entry ->
                                " " + entry.getKey() + ":" + entry.getValue().text())
                        .collect(Collectors.joining());
    }

    /** What is known after a batch; null: the source tells of no log. */
    static SourceLog after(SourceLog before, Map<Integer, LogTrail> batch) {
        if (batch.isEmpty()) {
            return before;
        }
        SortedMap<Integer, Seen> seen = new TreeMap<>(before == null ? Map.of() : before.seen);
        batch.forEach((partition, trail) -> seen.put(
                partition,
                seen.getOrDefault(partition, new Seen(null, null, null, null)).then(trail)));
        return new SourceLog(batch.values().iterator().next().base(), seen);
    }

    /** Where a batch begins to tell of another log, if it does. */
    static Optional<Other> other(SourceLog before, Map<Integer, LogTrail> batch) {
        SortedMap<Integer, TopicPlace> renamed = renamed(before, batch);
        Set<LogPlace> snapshots = snapshotsBefore(before, batch);
        SortedMap<Integer, TopicPlace> first = filesBack(before, batch);
        renamed.forEach((partition, place) -> first.merge(partition, place, SourceLog::sooner));
        snapshots.forEach(at -> batch.forEach((partition, trail) ->
                trail.snapshotAt(at).ifPresent(start -> first.merge(partition, start.row(), SourceLog::sooner))));
        if (first.isEmpty()) {
            return Optional.empty();
        }
        SortedMap<Integer, Long> from = new TreeMap<>();
        first.forEach((partition, place) -> from.put(partition, place.offset()));
        long written =
                first.values().stream().mapToLong(TopicPlace::written).min().orElseThrow();
        if (before != null) {
            // Rows of the snapshot may have been taken before it was seen for what it is.
            written = before.seen.values().stream()
                    .filter(one -> one.written != null && snapshots.contains(one.snapshot))
                    .mapToLong(Seen::written)
                    .reduce(written, Math::min);
        }
        Sign sign =
                !renamed.isEmpty() ? Sign.RENAMED : snapshots.isEmpty() ? Sign.FILES_WENT_BACK : Sign.SNAPSHOT_BEFORE;
        return Optional.of(new Other(sign, from, written));
    }

    private static TopicPlace sooner(TopicPlace one, TopicPlace other) {
        return one.offset() <= other.offset() ? one : other;
    }

    private static SortedMap<Integer, TopicPlace> renamed(SourceLog before, Map<Integer, LogTrail> batch) {
        SortedMap<Integer, TopicPlace> from = new TreeMap<>();
        batch.forEach((partition, trail) -> {
            if (before != null && !before.base.equals(trail.base())) {
                from.put(partition, trail.first());
            } else if (trail.renamed() != null) {
                from.put(partition, trail.renamed());
            }
        });
        return from;
    }

    /** Partitions that end before where an earlier batch, or the same, has been; as while old changes are sent again. */
    private static SortedMap<Integer, TopicPlace> filesBack(SourceLog before, Map<Integer, LogTrail> batch) {
        SortedMap<Integer, TopicPlace> from = new TreeMap<>();
        batch.forEach((partition, trail) -> {
            Seen last = before == null ? null : before.seen.get(partition);
            if (last != null && trail.highest().file() < last.highest.file()) {
                from.put(partition, trail.first());
            } else if (trail.low() != null) {
                from.put(partition, trail.low());
            }
        });
        return from;
    }

    /** Snapshots that were taken before what was there already; the rows of one have one place in all partitions. */
    private static Set<LogPlace> snapshotsBefore(SourceLog before, Map<Integer, LogTrail> batch) {
        Set<LogPlace> places = new HashSet<>();
        SortedMap<Integer, Seen> seen = before == null ? new TreeMap<>() : before.seen;
        batch.forEach((partition, trail) -> {
            Seen last = seen.getOrDefault(partition, new Seen(null, null, null, null));
            trail.snapshots().stream()
                    .filter(start -> start.whole() && !start.at().equals(last.snapshot))
                    .filter(start -> isBefore(start, last, trail)
                            || seen.entrySet().stream()
                                    .anyMatch(other -> !other.getKey().equals(partition)
                                            && isBefore(start, other.getValue(), batch, other.getKey())))
                    .forEach(start -> places.add(start.at()));
        });
        return places;
    }

    private static boolean isBefore(SnapshotStart start, Seen last, LogTrail trail) {
        LogPlace highest = LogPlace.later(last.highest, start.after());
        if (highest == null || start.at().compareTo(highest) >= 0) {
            return false;
        }
        // Rows of a topic's only snapshot may also be delivered late, and those of former ones be read again.
        boolean another = last.snapshot != null
                || trail.snapshots().stream()
                        .anyMatch(one ->
                                one.whole() && one.row().offset() < start.row().offset());
        Long latest = LogTrail.later(last.latest, start.latest());
        return another ? !isAfter(latest, start.time()) : isAfter(start.time(), latest);
    }

    /** Other partitions may have been read further: what counts are changes of before this batch, and their times. */
    private static boolean isBefore(SnapshotStart start, Seen last, Map<Integer, LogTrail> batch, int partition) {
        boolean there = start.at().equals(last.snapshot)
                || (batch.containsKey(partition)
                        && batch.get(partition).snapshotAt(start.at()).isPresent());
        return !there && start.at().compareTo(last.highest) < 0 && isAfter(start.time(), last.latest);
    }

    private static boolean isAfter(Long time, Long than) {
        return time != null && than != null && time > than + CLOCKS_APART;
    }
}
