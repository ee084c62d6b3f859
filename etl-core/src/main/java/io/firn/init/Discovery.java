package io.firn.init;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What lines of one event hold that no column takes, in memory that their number does not drive; adds up over tasks. */
public final class Discovery implements Serializable {
    /** Fields beyond are not looked at: no run adds so many. */
    private static final int MAX_FIELDS = 2000;

    private final Shape.Room room = new Shape.Room();
    private final Map<String, Unlisted> unlisted = new TreeMap<>();
    private final Map<String, Misfits> misfits = new TreeMap<>();

    /**
     * A key that no column names.
     *
     * @param keys that lead to it from the root; null: it lies in a list or in a map
     * @param column that holds the object it stands in; null: none does
     * @param steps from that column to the object, as Iceberg names fields
     */
    record Unlisted(List<String> keys, String column, List<String> steps, String key, Shape shape)
            implements Serializable {
        /** Where it lies, for people. */
        String place() {
            List<String> place = new ArrayList<>();
            if (column == null) {
                place.addAll(keys);
            } else {
                place.add(column);
                place.addAll(steps);
                place.add(key);
            }
            return String.join(".", place);
        }
    }

    /**
     * Values of a type that their column does not hold.
     *
     * @param keys that lead to them: the column's path, or its beginning where that is no object
     */
    record Misfits(List<String> keys, Shape shape, Spot first) implements Serializable {}

    /** Where a line is; {@code number} 0 where it is not known. */
    public record Spot(String file, long offset, long number) implements Serializable {
        Spot min(Spot other) {
            int files = file.compareTo(other.file);
            return files < 0 || (files == 0 && offset <= other.offset) ? this : other;
        }

        @Override
        public String toString() {
            return file + (number == 0 ? "" : " line " + number) + ", byte " + offset;
        }
    }

    /** The shape of an unlisted field; null: there are too many. */
    Shape unlisted(List<String> keys, String column, List<String> steps, String key) {
        String id = (column == null ? "" : column + '\n' + String.join("\n", steps)) + "\n\n"
                + (column == null ? String.join("\n", keys) : key);
        Unlisted known = unlisted.get(id);
        if (known == null) {
            if (unlisted.size() >= MAX_FIELDS) {
                return null;
            }
            known = new Unlisted(
                    keys == null ? null : List.copyOf(keys), column, List.copyOf(steps), key, new Shape(room));
            unlisted.put(id, known);
        }
        return known.shape;
    }

    Shape misfit(String column, List<String> keys, Spot spot) {
        Misfits one = new Misfits(List.copyOf(keys), new Shape(room), spot);
        return misfits.merge(column, one, Discovery::merged).shape;
    }

    /** Both as one. */
    public Discovery plus(Discovery other) {
        other.unlisted.forEach((id, field) -> {
            Shape shape = unlisted(field.keys, field.column, field.steps, field.key);
            if (shape != null) {
                shape.absorb(field.shape);
            }
        });
        other.misfits.forEach((column, more) -> misfits.merge(column, more, Discovery::merged));
        return this;
    }

    private static Misfits merged(Misfits known, Misfits more) {
        known.shape.absorb(more.shape);
        // Where a value lies at the column's path in one line and an ancestor of it in another, the shorter path has
        // both.
        List<String> keys = more.keys.size() < known.keys.size() ? more.keys : known.keys;
        return new Misfits(keys, known.shape, known.first.min(more.first));
    }

    /** By where they lie. */
    List<Unlisted> unlisted() {
        return List.copyOf(unlisted.values());
    }

    /** By column. */
    Map<String, Misfits> misfits() {
        return misfits;
    }

    /** The columns that do not hold some of their values. */
    public List<String> changedColumns() {
        return List.copyOf(misfits.keySet());
    }

    /** How many lines have a value that a column does not hold, and where the first of them is. */
    public String lines(String column) {
        Misfits found = misfits.get(column);
        long lines = found.shape.seen();
        return "%,d line%s, the first %s".formatted(lines, lines == 1 ? "" : "s", found.first);
    }
}
