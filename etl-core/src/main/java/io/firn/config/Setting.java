package io.firn.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One {@code --set a.b.c=value}: keys joined by dots (quoted where they hold dots themselves), a YAML value. */
record Setting(List<String> path, String value, String origin) {
    private static final Pattern KEY = Pattern.compile("\\G(?:\"([^\"]*)\"|([^.\"=]+))(\\.|=)");

    /** Reads a setting; null, with the problem noted, if it is none. */
    static Setting parse(String text, Problems problems) {
        List<String> path = new ArrayList<>();
        Matcher key = KEY.matcher(text);
        int end = 0;
        while (key.find()) {
            path.add(key.group(1) == null ? key.group(2) : key.group(1));
            end = key.end();
            if (key.group(3).equals("=")) {
                return new Setting(path, text.substring(end), "--set " + text.substring(0, end - 1));
            }
        }
        problems.add(new Problem("--set", 0, 0, "expected key.path=value, as in --set defaults.mode=append"));
        return null;
    }

    /** The tree with this setting in it. */
    Tree applied(Tree tree, Problems problems) {
        Tree parsed = Yaml.fragment(value, origin, problems);
        return parsed == null ? tree : put(tree, 0, parsed);
    }

    private Tree put(Tree at, int depth, Tree leaf) {
        if (depth == path.size()) {
            return leaf;
        }
        String step = path.get(depth);
        Tree.Entry old = at == null ? null : at.child(step);
        Tree below = put(old == null ? null : old.value(), depth + 1, leaf);
        if (at instanceof Tree.Sequence sequence && old != null) {
            List<Tree> items = new ArrayList<>(sequence.items());
            items.set(Integer.parseInt(step), below);
            return new Tree.Sequence(items, sequence.position());
        }
        boolean mapping = at instanceof Tree.Mapping;
        Map<String, Tree.Entry> entries = new LinkedHashMap<>(mapping ? ((Tree.Mapping) at).entries() : Map.of());
        entries.put(step, new Tree.Entry(old == null ? leaf.position() : old.key(), below));
        return new Tree.Mapping(entries, mapping ? at.position() : leaf.position());
    }
}
