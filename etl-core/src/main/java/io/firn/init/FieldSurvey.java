package io.firn.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.firn.init.Discovery.Spot;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Struct;
import io.firn.schema.JsonPath;

/** Looks through one event's lines, which are known to be well formed, for what no column takes. For one thread. */
public final class FieldSurvey {
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxNestingDepth(2000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(JsonNode.class);

    private final List<Column> columns;
    private final Node root = new Node();
    private final Discovery found = new Discovery();

    /** A key, and who reads its value. */
    private static final class Node {
        private final Map<String, Node> keys = new HashMap<>();
        private final List<Reader> readers = new ArrayList<>();
        private boolean known;
    }

    /** A column with those that take what it does not hold. */
    private record Reader(int slot, List<Target> targets) {}

    /** A column, or what lies below it, as far as the walk has come. */
    private record Target(String column, List<String> steps, ColumnType type) {
        Target below(ColumnType next, String... step) {
            List<String> longer = new ArrayList<>(steps);
            longer.addAll(List.of(step));
            return new Target(column, longer, next);
        }
    }

    /**
     * @param alternatives for columns that take what another one does not hold, that other's name
     * @param known paths that are read though no column names them
     */
    public FieldSurvey(List<Column> columns, Map<String, String> alternatives, List<JsonPath> known) {
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (!alternatives.containsKey(column.name())) {
                List<Target> targets = new ArrayList<>(List.of(target(column)));
                columns.stream()
                        .filter(other -> column.name().equals(alternatives.get(other.name())))
                        .forEach(other -> targets.add(target(other)));
                node(column.location()).readers.add(new Reader(i, targets));
            }
        }
        known.forEach(path -> node(path).known = true);
    }

    private static Target target(Column column) {
        return new Target(column.name(), List.of(), column.type());
    }

    private Node node(JsonPath path) {
        Node node = root;
        for (String key : path.keys()) {
            node = node.keys.computeIfAbsent(key, k -> new Node());
        }
        return node;
    }

    /**
     * Looks at a line.
     *
     * @param misfits the columns whose values are of another type
     */
    public void observe(byte[] line, int length, BitSet misfits, Spot spot) {
        JsonNode document;
        try {
            document = JSON.readTree(line, 0, length);
        } catch (IOException e) {
            return; // What it holds is then not known, and the line is judged by the columns that there are.
        }
        misfits.stream().forEach(slot -> misfit(columns.get(slot), document, spot));
        object(document, new ArrayList<>(), root, List.of(), misfits);
    }

    /** All that was seen. */
    public Discovery found() {
        return found;
    }

    private void misfit(Column column, JsonNode document, Spot spot) {
        List<String> keys = new ArrayList<>();
        JsonNode value = document;
        for (String key : column.location().keys()) {
            if (!value.isObject()) {
                break;
            }
            value = value.path(key);
            keys.add(key);
        }
        found.misfit(column.name(), keys, spot).observe(value);
    }

    /** @param keys that lead to it; null in lists and maps, which paths do not reach */
    private void object(JsonNode object, List<String> keys, Node below, List<Target> structs, BitSet misfits) {
        for (Map.Entry<String, JsonNode> property : object.properties()) {
            String key = property.getKey();
            Node node = below == null ? null : below.keys.get(key);
            List<Target> targets = new ArrayList<>();
            structs.forEach(target -> field(target, key, targets));
            if (keys != null) {
                keys.add(key);
            }
            if (node == null && targets.isEmpty()) {
                unlisted(keys, structs, key, property.getValue());
            } else {
                boolean whole = node != null && readers(node, property.getValue(), targets, misfits);
                if (!whole) {
                    value(property.getValue(), keys, node, targets, misfits);
                }
            }
            if (keys != null) {
                keys.remove(keys.size() - 1);
            }
        }
    }

    /** Adds what the columns at a key make of its value; true: they read it as a whole, nothing in it is unlisted. */
    private static boolean readers(Node node, JsonNode value, List<Target> targets, BitSet misfits) {
        for (Reader reader : node.readers) {
            if (misfits.get(reader.slot)) {
                return true;
            }
            targets.add(reader.targets.stream()
                    .filter(target -> isFor(target.type, value))
                    .findFirst()
                    .orElse(reader.targets.get(0)));
        }
        return node.known && node.keys.isEmpty();
    }

    private static boolean isFor(ColumnType type, JsonNode value) {
        return value.isObject()
                ? type instanceof Struct || type instanceof Mapping
                : value.isArray() && type instanceof Listing;
    }

    private static void field(Target struct, String key, List<Target> targets) {
        for (Field field : ((Struct) struct.type).fields()) {
            if (field.name().equals(key)) {
                targets.add(struct.below(field.type(), field.name()));
            }
        }
    }

    private void value(JsonNode value, List<String> keys, Node below, List<Target> targets, BitSet misfits) {
        if (!value.isContainerNode() || targets.stream().anyMatch(target -> !isFor(target.type, value))) {
            return;
        }
        List<Target> inner = new ArrayList<>();
        if (value.isArray()) {
            targets.forEach(t -> inner.add(t.below(((Listing) t.type).element(), "element")));
            value.forEach(element -> value(element, null, null, inner, misfits));
            return;
        }
        targets.stream()
                .filter(target -> target.type instanceof Mapping)
                .forEach(t -> inner.add(t.below(((Mapping) t.type).value(), "value")));
        if (!inner.isEmpty()) {
            value.forEach(entry -> value(entry, null, null, inner, misfits));
            return;
        }
        if (!targets.isEmpty() || below != null) {
            object(value, keys, below, targets, misfits);
        }
    }

    private void unlisted(List<String> keys, List<Target> structs, String key, JsonNode value) {
        Shape shape = structs.isEmpty()
                ? found.unlisted(keys, null, List.of(), key)
                : found.unlisted(keys, structs.get(0).column, structs.get(0).steps, key);
        if (shape != null) {
            shape.observe(value);
        }
    }
}
