package io.firn.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A kind of YAML document: the JSON Schema of its structure and the record that it becomes. */
public final class Definition<T> {
    private final Class<T> type;
    private final String resource;
    private final Binding binding;
    private SchemaCheck schema;

    /** The schema is a resource beside the record's class. */
    public Definition(Class<T> type, String resource, Binding binding) {
        this.type = type;
        this.resource = resource;
        this.binding = binding;
    }

    /**
     * Reads a document: profile, settings, references, schema, record. Everything wrong is noted; the record holds what
     * is usable, so that further rules can be checked. Settings for other documents are passed over.
     */
    public Document<T> read(YamlFile file, Overrides overrides, Problems problems) {
        for (String profile : file.profiles()) {
            if (!profile.equals(overrides.profile())) {
                // Whoever validates wants to know about every profile, not only about today's.
                Tree other = new References(overrides.environment(), new Problems()).replaced(file.tree(profile));
                schema().check(other, new Reports(other, problems));
            }
        }
        Tree tree = file.tree(overrides.profile());
        for (String text : overrides.settings()) {
            Setting setting = Setting.parse(text, problems);
            if (setting != null && schema().keys().contains(setting.path().get(0))) {
                tree = setting.applied(tree, problems);
            }
        }
        tree = new References(overrides.environment(), problems).replaced(tree);
        Reports reports = new Reports(tree, problems);
        schema().check(tree, reports);
        return new Document<>(tree, reports, binding.bind(tree, type, reports));
    }

    /** Notes a profile that no file knows, and settings whose first key no document has. */
    public static void checkOverrides(
            Overrides overrides, List<YamlFile> files, List<Definition<?>> definitions, Problems problems) {
        Set<String> profiles = new TreeSet<>();
        files.forEach(file -> profiles.addAll(file.profiles()));
        String profile = overrides.profile();
        if (profile != null && !profiles.contains(profile)) {
            String hint = profiles.isEmpty()
                    ? "; " + files.get(0).path() + " has no profiles"
                    : Suggestion.hint(profile, profiles, "there are");
            problems.add(new Problem("--profile " + profile, 0, 0, "unknown profile \"" + profile + "\"" + hint));
        }
        List<String> keys = new ArrayList<>();
        definitions.forEach(definition -> keys.addAll(definition.schema().keys()));
        keys.remove("profiles");
        for (String text : overrides.settings()) {
            Setting setting = Setting.parse(text, problems);
            if (setting != null && !keys.contains(setting.path().get(0))) {
                String key = setting.path().get(0);
                problems.add(new Problem(
                        setting.origin(),
                        0,
                        0,
                        "unknown key \"" + key + "\"" + Suggestion.hint(key, keys, "valid keys are")));
            }
        }
    }

    private synchronized SchemaCheck schema() {
        if (schema == null) {
            schema = new SchemaCheck(type, resource);
        }
        return schema;
    }
}
