package io.firn.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Prints a document as YAML in which every value says where it comes from; secrets are {@code ***}. */
public final class Listing {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./+*@=-]*");

    private Tree tree;

    public Listing(Document<?> document) {
        tree = document.tree();
    }

    /** Adds a value where the document has none; a list is a flow sequence of its elements. */
    public Listing orDefault(Object value, String... path) {
        Tree present = tree.find(List.of(path));
        if (value != null && (present == null || present.json().isNull())) {
            tree = inserted(tree, List.of(path), leaf(value));
        }
        return this;
    }

    public String text() {
        StringBuilder out = new StringBuilder();
        print((Tree.Mapping) tree, 0, out);
        return out.toString();
    }

    private static Tree leaf(Object value) {
        if (value instanceof List<?> list) {
            return new Tree.Sequence(list.stream().map(Listing::leaf).toList(), Position.DEFAULT);
        }
        boolean quoted = value instanceof String;
        return Scalars.of(value.toString(), quoted, Position.DEFAULT);
    }

    private static Tree inserted(Tree at, List<String> path, Tree leaf) {
        if (path.isEmpty()) {
            return leaf;
        }
        Map<String, Tree.Entry> entries = new LinkedHashMap<>();
        if (at instanceof Tree.Mapping mapping) {
            entries.putAll(mapping.entries());
        }
        Tree.Entry old = entries.get(path.get(0));
        Tree below = inserted(old == null ? null : old.value(), path.subList(1, path.size()), leaf);
        entries.put(path.get(0), new Tree.Entry(Position.DEFAULT, below));
        return new Tree.Mapping(entries, Position.DEFAULT);
    }

    private static void print(Tree.Mapping mapping, int depth, StringBuilder out) {
        mapping.entries().forEach((key, entry) -> {
            out.append("  ".repeat(depth)).append(quoted(key)).append(':');
            below(entry.value(), key, depth + 1, out);
        });
    }

    private static void below(Tree value, String key, int depth, StringBuilder out) {
        if (value instanceof Tree.Mapping mapping && !mapping.entries().isEmpty()) {
            out.append('\n');
            print(mapping, depth, out);
        } else if (value instanceof Tree.Sequence sequence && !sequence.items().isEmpty()) {
            out.append('\n');
            sequence.items().forEach(item -> item(item, key, depth, out));
        } else {
            String empty = value instanceof Tree.Mapping ? "{}" : "[]";
            String text = value instanceof Tree.Scalar scalar ? scalar(scalar, key) : empty;
            out.append(' ')
                    .append(text)
                    .append("  # ")
                    .append(origin(value, key))
                    .append('\n');
        }
    }

    /** A mapping's first key stands on the line of the dash. */
    private static void item(Tree item, String key, int depth, StringBuilder out) {
        String dash = "  ".repeat(depth) + "-";
        if (item instanceof Tree.Mapping mapping && !mapping.entries().isEmpty()) {
            StringBuilder block = new StringBuilder();
            print(mapping, depth + 1, block);
            out.append(dash).append(' ').append(block.substring(2 * depth + 2));
        } else {
            out.append(dash);
            below(item, key, depth + 1, out);
        }
    }

    private static String scalar(Tree.Scalar scalar, String key) {
        if (!scalar.json().isTextual()) {
            return scalar.json().asText();
        }
        String text = scalar.json().asText();
        String shown = References.soundsSecret(key) ? "***" : Secrets.masked(text);
        return quoted(shown);
    }

    private static String origin(Tree value, String key) {
        String origin = value.position().origin();
        List<String> notes = new ArrayList<>(List.of(origin));
        boolean open = !References.soundsSecret(key);
        if (open && value instanceof Tree.Scalar scalar && scalar.source().contains("${")) {
            notes.add(scalar.source());
        }
        return String.join(" ", notes);
    }

    private static String quoted(String text) {
        boolean plain =
                PLAIN.matcher(text).matches() && Scalars.value(text, false).isTextual();
        return plain ? text : Tree.JSON.textNode(text).toString();
    }
}
