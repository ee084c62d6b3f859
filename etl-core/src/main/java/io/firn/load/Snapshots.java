package io.firn.load;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.firn.change.Change;
import io.firn.change.Position;

/**
 * The snapshots of the whole source table that a batch holds rows of, by the place in the log where they were read.
 * Debezium marks a row once: the only row of a table is its last and never its first, but in the first table of a snapshot
 * it is the first and never the last, unless all other tables are empty.
 */
public final class Snapshots implements Serializable {
    private static final int MOST = 1000;

    private final TreeMap<Position, Part> parts = new TreeMap<>();
    private final HashMap<Integer, Position> firsts = new HashMap<>();

    /** What is there of one. */
    private record Part(boolean began, boolean ended, long rows) implements Serializable {
        Part plus(Part other) {
            return new Part(began || other.began, ended || other.ended, rows + other.rows);
        }
    }

    /** Takes a task's next change. */
    void note(Change change) {
        Position at = change.position();
        firsts.putIfAbsent(at.partition(), at);
        boolean began = false;
        boolean ended = false;
        switch (change.snapshot()) {
            case FALSE, INCREMENTAL -> {
                return;
            }
            case FIRST, FIRST_IN_DATA_COLLECTION -> began = true;
            case LAST, LAST_IN_DATA_COLLECTION -> ended = true;
            default -> {}
        }
        put(before(at), new Part(began, ended, 1));
    }

    /** What all tasks saw. */
    static Snapshots of(Collection<Snapshots> tasks) {
        Snapshots all = new Snapshots();
        for (Snapshots task : tasks) {
            task.parts.forEach(all::put);
            task.firsts.forEach((partition, at) ->
                    all.firsts.merge(partition, at, (one, other) -> one.offset() <= other.offset() ? one : other));
        }
        return all;
    }

    /** The newest are those that count. */
    private void put(Position place, Part part) {
        parts.merge(place, part, Part::plus);
        if (parts.size() > MOST) {
            parts.pollFirstEntry();
        }
    }

    /** The position before all rows of the newest that ended here, as text; null: none ended. */
    public String shown() {
        Position shown = newest();
        return shown == null ? null : shown.text();
    }

    /** Whether the newest that ended also began here. */
    public boolean began() {
        Position shown = newest();
        return shown != null && parts.get(shown).began;
    }

    /** Whether of one after it the first row alone is here. */
    public boolean firstAlone() {
        Map.Entry<Position, Part> last = parts.lastEntry();
        return last != null && last.getValue().equals(new Part(true, false, 1));
    }

    /**
     * The partitions where rows of the newest that ended may lie before what was read.
     *
     * @param from the offset where reading began, by partition
     */
    public Set<Integer> unsure(Map<Integer, Long> from) {
        Position shown = newest();
        Set<Integer> unsure = new TreeSet<>();
        from.forEach((partition, offset) -> {
            Position first = firsts.get(partition);
            // A record of before the snapshot comes before its rows.
            if (offset > 0 && (first == null || before(first).compareTo(shown) >= 0)) {
                unsure.add(partition);
            }
        });
        return unsure;
    }

    private Position newest() {
        return parts.descendingMap().entrySet().stream()
                .filter(part -> part.getValue().ended)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** Without a place in the log, rows of the same epoch cannot be said to be from before it. */
    private static Position before(Position at) {
        return new Position(at.epoch(), at.file(), at.log(), 0, 0, 0);
    }
}
