package io.firn.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A document's values, each with its own position, whatever files and overrides they come from. */
sealed interface Tree {
    JsonNodeFactory JSON = JsonNodeFactory.instance;

    Position position();

    /** The same values, for the schema check. */
    JsonNode json();

    record Entry(Position key, Tree value) {}

    record Mapping(Map<String, Entry> entries, Position position) implements Tree {
        @Override
        public JsonNode json() {
            ObjectNode object = JSON.objectNode();
            entries.forEach((key, entry) -> object.set(key, entry.value().json()));
            return object;
        }
    }

    record Sequence(List<Tree> items, Position position) implements Tree {
        @Override
        public JsonNode json() {
            ArrayNode array = JSON.arrayNode();
            items.forEach(item -> array.add(item.json()));
            return array;
        }
    }

    /**
     * A single value.
     *
     * @param json the value
     * @param source the text as the user wrote it, with its references
     * @param quoted whether it was quoted, so that it is a string whatever it looks like
     */
    record Scalar(JsonNode json, String source, boolean quoted, Position position) implements Tree {}

    /** The value at a path, or null. */
    default Tree find(List<String> path) {
        Tree at = this;
        for (String step : path) {
            Entry child = at.child(step);
            if (child == null) {
                return null;
            }
            at = child.value();
        }
        return at;
    }

    /** Where a message about the value at a path belongs: at the value, or at the key of a block; else further out. */
    default Position locate(List<String> path) {
        Tree at = this;
        Position best = position();
        for (String step : path) {
            Entry child = at.child(step);
            if (child == null) {
                return best;
            }
            at = child.value();
            boolean visible = at instanceof Scalar scalar && !scalar.source().isEmpty();
            best = visible || child.key() == null ? at.position() : child.key();
        }
        return best;
    }

    /** The position of the key itself. */
    default Position locateKey(List<String> parent, String key) {
        Tree mapping = find(parent);
        Entry entry = mapping == null ? null : mapping.child(key);
        return entry == null || entry.key() == null ? locate(parent) : entry.key();
    }

    /** The child below a key or list index, or null. */
    default Entry child(String step) {
        if (this instanceof Mapping mapping) {
            return mapping.entries().get(step);
        }
        if (this instanceof Sequence sequence && step.matches("\\d{1,6}")) {
            int index = Integer.parseInt(step);
            return index < sequence.items().size()
                    ? new Entry(null, sequence.items().get(index))
                    : null;
        }
        return null;
    }

    /** This tree with another laid over it: mappings merge key by key, everything else is replaced. */
    default Tree overlaid(Tree top) {
        if (!(this instanceof Mapping below) || !(top instanceof Mapping above)) {
            return top;
        }
        Map<String, Entry> merged = new LinkedHashMap<>(below.entries());
        above.entries().forEach((key, entry) -> {
            Entry old = merged.get(key);
            boolean merge = old != null && old.value() instanceof Mapping && entry.value() instanceof Mapping;
            merged.put(key, merge ? new Entry(old.key(), old.value().overlaid(entry.value())) : entry);
        });
        return new Mapping(merged, below.position());
    }
}
