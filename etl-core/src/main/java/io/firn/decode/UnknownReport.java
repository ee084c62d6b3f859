package io.firn.decode;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The paths of an event that no column names, by path.
 *
 * @param fields at most {@link #MAX_PATHS} of them
 * @param more how often a path was seen that found no place among them
 */
public record UnknownReport(List<Field> fields, long more) implements Serializable {
    /** Reports stay small whatever the data is. */
    public static final int MAX_PATHS = 1000;

    /** Nothing unknown. */
    public static final UnknownReport EMPTY = new UnknownReport(List.of(), 0);

    static final String MIXED = "mixed";

    public UnknownReport {
        fields = List.copyOf(fields);
    }

    /**
     * One path, topmost of what is unknown there.
     *
     * @param path list elements as {@code commits[].x}, entries of maps as {@code labels.*.x}
     * @param count how often it was seen
     * @param sample the JSON text of the first value that is not null, cut to 80 characters: data, not for logs
     * @param type boolean, long, double, string, object, list, null, or mixed
     */
    public record Field(String path, long count, String sample, String type) implements Serializable {
        Field plus(Field other) {
            boolean unseen = type.equals("null");
            return new Field(path, count + other.count, unseen ? other.sample : sample, merged(type, other.type));
        }

        private static String merged(String a, String b) {
            if (a.equals(b) || b.equals("null")) {
                return a;
            }
            if (a.equals("null")) {
                return b;
            }
            boolean numbers = (a.equals("long") || a.equals("double")) && (b.equals("long") || b.equals("double"));
            return numbers ? "double" : MIXED;
        }
    }

    /** Both reports as one, so that tasks can be added up. */
    public UnknownReport plus(UnknownReport other) {
        Map<String, Field> byPath = new TreeMap<>();
        fields.forEach(f -> byPath.put(f.path(), f));
        other.fields.forEach(f -> byPath.merge(f.path(), f, Field::plus));
        return of(byPath.values(), more + other.more);
    }

    static UnknownReport of(Iterable<Field> all, long more) {
        List<Field> sorted = new ArrayList<>();
        all.forEach(sorted::add);
        sorted.sort(Comparator.comparing(Field::path));
        long left = sorted.stream().skip(MAX_PATHS).mapToLong(Field::count).sum();
        return new UnknownReport(sorted.subList(0, Math.min(MAX_PATHS, sorted.size())), more + left);
    }
}
