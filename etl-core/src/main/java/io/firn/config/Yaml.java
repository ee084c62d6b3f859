package io.firn.config;

import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Turns YAML text into a {@link Tree}. Only nodes are composed: no tag is allowed and no object is ever constructed. */
final class Yaml {
    private static final int MAX_NESTING = 50;
    private static final int MAX_ALIASES = 50;
    /** Few aliases suffice to unfold into billions of values. */
    private static final int MAX_VALUES = 200_000;

    private final String file;
    private final boolean marked;
    private final Problems problems;
    private final Deque<Node> open = new ArrayDeque<>();
    private int values;

    private Yaml(String file, boolean marked, Problems problems) {
        this.file = file;
        this.marked = marked;
        this.problems = problems;
    }

    /** Reads a file's text; null, with the problems noted, if it is not YAML. */
    static Tree document(String text, String file, Problems problems) {
        return new Yaml(file, true, problems).read(text);
    }

    /** Reads the value of an override, whose place is the override itself. */
    static Tree fragment(String text, String origin, Problems problems) {
        return new Yaml(origin, false, problems).read(text);
    }

    private Tree read(String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setNestingDepthLimit(MAX_NESTING);
        limits.setMaxAliasesForCollections(MAX_ALIASES);
        org.yaml.snakeyaml.Yaml yaml = new org.yaml.snakeyaml.Yaml(limits);
        try {
            if (refuses(yaml.parse(new StringReader(text)))) {
                return null;
            }
            Node root = yaml.compose(new StringReader(text));
            return root == null ? new Tree.Scalar(Scalars.NOTHING, "", false, at(null)) : tree(root);
        } catch (TooLarge e) {
            problems.add(at(e.mark).problem(e.getMessage()));
        } catch (MarkedYAMLException e) {
            String context = e.getContext() == null ? "" : e.getContext() + ": ";
            problems.add(at(e.getProblemMark()).problem("not YAML: " + context + e.getProblem() + hint(e)));
        } catch (YAMLException e) {
            problems.add(at(null).problem("not YAML: " + e.getMessage()));
        }
        return null;
    }

    /** Looks at the text before anything is built of it: tags and depth. */
    private boolean refuses(Iterable<Event> events) {
        boolean refused = false;
        int depth = 0;
        for (Event event : events) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MAX_NESTING) {
                throw new TooLarge(event.getStartMark(), "nested deeper than " + MAX_NESTING + " levels");
            }
            String tag = null;
            if (event instanceof ScalarEvent scalar) {
                tag = scalar.getTag();
            } else if (event instanceof CollectionStartEvent collection) {
                tag = collection.getTag();
            }
            if (tag != null) {
                refused = true;
                problems.add(at(event.getStartMark()).problem("tag " + tag + " is not allowed; remove it"));
            }
        }
        return refused;
    }

    private Tree tree(Node node) {
        if (++values > MAX_VALUES) {
            throw new TooLarge(node.getStartMark(), "more than " + MAX_VALUES + " values; aliases unfold too far");
        }
        if (open.contains(node)) {
            throw new TooLarge(node.getStartMark(), "an alias stands inside the value that it names");
        }
        open.push(node);
        try {
            if (node instanceof MappingNode mapping) {
                return mapping(mapping);
            }
            if (node instanceof SequenceNode sequence) {
                List<Tree> items = new ArrayList<>();
                sequence.getValue().forEach(item -> items.add(tree(item)));
                return new Tree.Sequence(items, at(node.getStartMark()));
            }
            ScalarNode scalar = (ScalarNode) node;
            return Scalars.of(scalar.getValue(), !scalar.isPlain(), at(node.getStartMark()));
        } finally {
            open.pop();
        }
    }

    private Tree mapping(MappingNode node) {
        Map<String, Tree.Entry> entries = new LinkedHashMap<>();
        Map<String, Tree.Entry> inherited = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Position position = at(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(position.problem("a key must be a plain name"));
                continue;
            }
            Tree value = tree(tuple.getValueNode());
            if (key.getValue().equals("<<") && key.isPlain()) {
                inherit(value, inherited, position);
                continue;
            }
            Tree.Entry first = entries.putIfAbsent(key.getValue(), new Tree.Entry(position, value));
            if (first != null) {
                problems.add(position.problem("key \"" + key.getValue() + "\" stands twice; the first is on line "
                        + first.key().line()));
            }
        }
        inherited.forEach(entries::putIfAbsent);
        return new Tree.Mapping(entries, at(node.getStartMark()));
    }

    /** YAML's merge key, {@code <<: *base}; own keys win, then the first of several. */
    private void inherit(Tree value, Map<String, Tree.Entry> inherited, Position position) {
        if (value instanceof Tree.Mapping mapping) {
            mapping.entries().forEach(inherited::putIfAbsent);
        } else if (value instanceof Tree.Sequence sequence) {
            sequence.items().forEach(item -> inherit(item, inherited, position));
        } else {
            problems.add(position.problem("<< takes a mapping, as in <<: *base"));
        }
    }

    /** The mistake that YAML's own words explain worst. */
    private static String hint(MarkedYAMLException e) {
        boolean colon = String.valueOf(e.getProblem()).startsWith("mapping values are not allowed");
        return colon ? "; quote a value that holds \": \"" : "";
    }

    private Position at(Mark mark) {
        if (!marked) {
            return new Position(file, 0, 0, null);
        }
        return mark == null
                ? new Position(file, 1, 1, null)
                : new Position(file, mark.getLine() + 1, mark.getColumn() + 1, null);
    }

    private static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Mark mark;

        TooLarge(Mark mark, String message) {
            super(message);
            this.mark = mark;
        }
    }
}
