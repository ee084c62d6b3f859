package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.firn.decode.KeyNode.Reading;
import io.firn.schema.Column;
import io.firn.schema.JsonPath;
import io.firn.schema.TypeChange;

/** The columns of an event as the trie of keys that leads to them. */
record Plan(KeyNode root, List<ValueReader> columns) {
    /** @param known paths that are read elsewhere: no unknown keys where no column names them */
    static Plan of(List<EncodedColumn> columns, List<JsonPath> known) {
        return of(columns, Map.of(), known, column -> false);
    }

    /** @param alternatives for columns that take what another one does not hold, that other's name */
    private static Plan of(
            List<EncodedColumn> columns,
            Map<String, String> alternatives,
            List<JsonPath> known,
            Predicate<Column> watched) {
        KeyNode root = KeyNode.root();
        List<ValueReader> readers = new ArrayList<>();
        for (EncodedColumn encoded : columns) {
            Column column = encoded.column();
            boolean alternative = alternatives.containsKey(column.name());
            KeyNode node = root;
            for (String key : column.location().keys()) {
                if (node != root && !alternative) {
                    node.lead(column.name());
                }
                node = node.declare(key);
            }
            ValueReader plain = ValueReader.of(encoded, node.place);
            ValueReader reader = !alternative && watched.test(column) ? plain.watching() : plain;
            if (!alternative) {
                node.read(reader, readers.size());
            }
            readers.add(reader);
        }
        Overlap.settle(root);
        known.forEach(path -> cover(root, path));
        return new Plan(root, List.copyOf(readers));
    }

    /**
     * A plan in which values of columns with a policy for changes of their type are watched.
     *
     * @param alternatives for columns that take what another one does not hold, that other's name; after all others
     */
    static Plan watching(List<Column> columns, Map<String, String> alternatives, List<JsonPath> known) {
        List<EncodedColumn> plain =
                columns.stream().map(c -> new EncodedColumn(c, null)).toList();
        Plan plan = of(plain, alternatives, known, Plan::isWatched);
        List<String> names = columns.stream().map(Column::name).toList();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            String instead = alternatives.get(column.name());
            if (instead != null) {
                plan.alternative(column, i, columns.get(names.indexOf(instead)), names.indexOf(instead));
            } else if (isWatched(column)) {
                plan.watch(column, i);
            }
        }
        return plan;
    }

    /** Whether a value of some column may be noted instead of refused. */
    boolean isWatched() {
        return columns.stream().anyMatch(reader -> reader.kind == ValueReader.Kind.WATCHED);
    }

    private static boolean isWatched(Column column) {
        return column.onTypeChange() == TypeChange.FAIL
                || (column.onTypeChange() == TypeChange.NEW_COLUMN && !column.required());
    }

    private void watch(Column column, int index) {
        ValueReader reader = columns.get(index);
        List<String> keys = column.location().keys();
        KeyNode node = root;
        for (String key : keys.subList(0, keys.size() - 1)) {
            node = node.child(key);
            if (column.name().equals(node.columnBelow)) {
                node.watchedBelow = new Reading(reader, index);
            }
        }
    }

    private void alternative(Column column, int index, Column of, int ofIndex) {
        Reading reading = new Reading(columns.get(index), index);
        if (column.location().equals(of.location())) {
            ValueReader first = columns.get(ofIndex);
            first.alternatives = with(first.alternatives, reading);
            return;
        }
        KeyNode node = root;
        for (String key : column.location().keys()) {
            node = node.child(key);
        }
        node.strangers = with(node.strangers, reading);
    }

    private static List<Reading> with(List<Reading> readings, Reading one) {
        return Stream.concat(readings.stream(), Stream.of(one)).toList();
    }

    private static void cover(KeyNode root, JsonPath path) {
        KeyNode parent = root;
        int last = path.keys().size() - 1;
        for (int level = 0; level < last && parent != null; level++) {
            parent = parent.child(path.keys().get(level));
        }
        if (parent == null || parent.child(path.keys().get(last)) != null) {
            return;
        }
        KeyNode covered = new KeyNode(path.keys().get(last).getBytes(StandardCharsets.UTF_8), null);
        covered.covered = true;
        parent.add(covered);
    }
}
