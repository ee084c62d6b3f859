package io.firn.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firn.init.Discovery.Misfits;
import io.firn.init.Discovery.Unlisted;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;
import io.firn.schema.NewColumnName;
import io.firn.schema.TypeChange;
import io.firn.schema.TypeGrowth;
import io.firn.table.EvolvedColumn;

/**
 * The columns that take what lines hold and no column takes: new ones, and structs with more fields. What one run may add
 * is limited, since keys may be data.
 */
public final class ColumnGrowth {
    /** Columns and fields of structs that one run adds to a table. */
    static final int MAX_ADDED = 100;

    /** Longer keys are data. */
    private static final int MAX_KEY = 200;

    /** Evolved columns of a table. */
    static final int MAX_EVOLVED = 1000;

    private static final String UNSPEAKABLE = "a path cannot name a key with a quote, or one that long";

    private final Standing now;
    private final Map<String, Column> byName = new LinkedHashMap<>();
    private final Map<String, ColumnType> wider = new LinkedHashMap<>();
    private final List<EvolvedColumn> added = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private final Names names;
    private int room;
    private int over;

    /**
     * How a table stands.
     *
     * @param columns that are decoded, evolved ones included
     * @param open those of them whose structs may gain fields: the table has them as they are decoded
     * @param evolved those that earlier runs added
     * @param types of the table's columns, by name
     * @param names of all the table's columns
     * @param filled names of columns that the YAML or an earlier run fills
     * @param grows whether keys that no column names become columns
     */
    public record Standing(
            List<Column> columns,
            Set<String> open,
            List<EvolvedColumn> evolved,
            Map<String, ColumnType> types,
            List<String> names,
            Set<String> filled,
            boolean grows) {}

    private ColumnGrowth(Standing now) {
        this.now = now;
        now.columns.forEach(column -> byName.put(column.name(), column));
        now.names.forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
        now.filled.forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
        names = new Names(taken);
        room = Math.min(MAX_ADDED, MAX_EVOLVED - now.evolved.size());
    }

    /** What would take all that was discovered; what a rival added meanwhile is not added again. */
    public static ColumnGrowth of(Standing now, Discovery found) {
        ColumnGrowth growth = new ColumnGrowth(now);
        found.misfits().forEach(growth::misfit);
        if (now.grows) {
            // The most frequent first, lest a few odd lines take the place of what all have.
            List<Unlisted> fields = new ArrayList<>(found.unlisted());
            fields.sort(
                    Comparator.comparingLong((Unlisted field) -> -field.shape().seen()));
            List<Unlisted> columns = new ArrayList<>();
            fields.stream().filter(field -> !field.shape().untold()).forEach(field -> growth.take(field, columns));
            columns.sort(Comparator.comparing(Unlisted::place));
            columns.forEach(growth::column);
        }
        if (growth.over > 0) {
            growth.leftOut.add(
                    "%,d more fields: a run adds at most %d and a table has at most %,d; unknown-columns: keep"
                                    .formatted(growth.over, MAX_ADDED, MAX_EVOLVED)
                            + " stores any number of them in one column");
        }
        return growth;
    }

    /** A column as the YAML may list it so that its changed values are accepted. */
    public static Column accepting(Column column, Discovery found) {
        Guess guess = Guess.of(column.name(), found.misfits().get(column.name()).shape());
        ColumnType joined = guess.format() == null ? TypeGrowth.joined(column.type(), guess.type()) : null;
        boolean widens = joined != null && !joined.equals(column.type());
        TypeChange policy = widens ? null : column.required() ? TypeChange.QUARANTINE : TypeChange.NEW_COLUMN;
        return column.of(widens ? joined : column.type()).onTypeChange(policy);
    }

    /** Whether the columns that are there are all there is to have. */
    public boolean isNone() {
        return wider.isEmpty() && added.isEmpty();
    }

    /** The new types of columns that are there, by name. */
    public Map<String, ColumnType> wider() {
        return wider;
    }

    /** New columns, in the order in which the table gets them. */
    public List<EvolvedColumn> added() {
        return added;
    }

    /** What found no column, each with the reason. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** A field of a struct at once, a column of its own later, when it is known which there are. */
    private void take(Unlisted field, List<Unlisted> columns) {
        boolean nested = field.column() != null && now.open.contains(field.column());
        if (nested ? isThere(field) : field.keys() != null && isListed(field.keys())) {
            return; // A rival run was first.
        }
        Optional<ColumnType> inside = nested ? inside(field) : Optional.empty();
        if (inside.isEmpty() && (field.keys() == null || unspeakable(field.keys()))) {
            leftOut.add(field.place() + ": " + whyNot(field, nested));
        } else if (inside.isEmpty() && isListed(field.keys())) {
            return;
        } else if (room == 0) {
            over++;
        } else if (inside.isPresent()) {
            room--;
            wider.put(field.column(), inside.get());
        } else {
            room--;
            columns.add(field);
        }
    }

    private Optional<ColumnType> inside(Unlisted field) {
        Column column = byName.get(field.column());
        ColumnType type = wider.getOrDefault(field.column(), column.type());
        return Guess.field(field.key(), field.shape())
                .filter(more -> field.key().length() <= MAX_KEY)
                .filter(more -> column.format() == null || !Guess.hasTime(more))
                .flatMap(more -> StructFields.with(type, field.steps(), field.key(), more));
    }

    private boolean isThere(Unlisted field) {
        return StructFields.has(byName.get(field.column()).type(), field.steps(), field.key());
    }

    private String whyNot(Unlisted field, boolean nested) {
        if (field.keys() != null) {
            return UNSPEAKABLE;
        }
        if (!nested) {
            return "a transform makes something else of column " + field.column()
                    + ", and no path leads into lists and maps";
        }
        return Guess.field(field.key(), field.shape()).isEmpty()
                ? "its values are of several kinds, or its key is no name, and nothing inside lists and maps can be"
                        + " JSON text; list column " + field.column() + " as a string with format: json to have it"
                : "a field there has the same name but for case";
    }

    private static boolean unspeakable(List<String> keys) {
        return keys.stream().anyMatch(key -> key.indexOf('"') >= 0 || key.length() > MAX_KEY);
    }

    private boolean isListed(List<String> keys) {
        JsonPath path = new JsonPath(keys);
        return now.columns.stream().anyMatch(column -> column.location().equals(path));
    }

    private void column(Unlisted field) {
        List<String> keys = field.keys();
        Guess guess = Guess.of(field.key(), field.shape());
        List<String> candidates = candidates(keys);
        for (String name : candidates) {
            ColumnType type = now.types.get(name);
            ColumnType wanted = guess.type();
            if (type != null && !isInUse(name) && TypeGrowth.covers(type, wanted)) {
                add(name, type, keys, guess.format(), null);
                return;
            }
        }
        add(names.claim(candidates), guess.type(), keys, guess.format(), null);
    }

    /** The name as those of its neighbours are made: without the keys that theirs leave out. */
    private List<String> candidates(List<String> keys) {
        List<String> candidates = new ArrayList<>();
        List<String> parent = keys.subList(0, keys.size() - 1);
        for (int unnamed = parent.size(); unnamed > 0; unnamed--) {
            int from = unnamed;
            boolean usual = now.columns.stream().anyMatch(column -> {
                List<String> theirs = column.location().keys();
                return theirs.size() == keys.size()
                        && theirs.subList(0, parent.size()).equals(parent)
                        && column.name().equals(Names.column(theirs.subList(from, theirs.size())));
            });
            if (usual) {
                candidates.add(Names.column(keys.subList(unnamed, keys.size())));
            }
        }
        candidates.add(Names.column(keys));
        return candidates;
    }

    /** Whether something fills the column; else it was left behind by an earlier YAML, and may be had again. */
    private boolean isInUse(String name) {
        return now.filled.stream().anyMatch(name::equalsIgnoreCase)
                || added.stream().anyMatch(column -> column.column().name().equalsIgnoreCase(name));
    }

    private void misfit(String name, Misfits values) {
        Column column = byName.get(name);
        Guess guess = Guess.of(name, values.shape());
        boolean evolved = now.evolved.stream().anyMatch(e -> e.column().name().equals(name));
        ColumnType joined = evolved && guess.format() == null ? TypeGrowth.joined(column.type(), guess.type()) : null;
        if (joined != null && !joined.equals(column.type())) {
            wider.put(name, joined);
            return;
        }
        boolean there = now.evolved.stream()
                .anyMatch(e -> name.equals(e.insteadOf()) && e.column().type().equals(guess.type()));
        if (column.onTypeChange() != TypeChange.NEW_COLUMN || there) {
            return;
        }
        if (unspeakable(values.keys())) {
            leftOut.add(name + ": " + UNSPEAKABLE);
        } else if (room == 0) {
            over++;
        } else {
            room--;
            String free = NewColumnName.of(name, guess.type(), taken);
            add(names.claim(List.of(free)), guess.type(), values.keys(), guess.format(), name);
        }
    }

    private void add(String name, ColumnType type, List<String> keys, Format format, String insteadOf) {
        Format written = type == Scalar.STRING || Guess.hasTime(type) ? format : null;
        added.add(new EvolvedColumn(new Column(name, type, new JsonPath(keys), written, false, null), insteadOf));
    }
}
