package io.firn.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces {@code ${env:NAME}} in every value. Secret references stay as they are until they are used; a reference to
 * the environment below a key that sounds secret becomes one of them, so that its value never enters a record.
 */
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$(\\$\\{)|\\$\\{([^}]*)\\}");
    private static final Pattern ENVIRONMENT = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?");
    private static final Pattern SECRET_KEY = Pattern.compile(
            "(?i).*(password|passwd|secret|token|credential|jaas|keystore[.]key|private[-_.]?key|access[-_.]?key|api[-_.]?key).*");

    private final Map<String, String> environment;
    private final Problems problems;

    References(Map<String, String> environment, Problems problems) {
        this.environment = environment;
        this.problems = problems;
    }

    Tree replaced(Tree tree) {
        return replaced(tree, "");
    }

    /** Whether what stands below a key may not be shown. */
    static boolean soundsSecret(String key) {
        return SECRET_KEY.matcher(key).matches();
    }

    /** Whether a reference was not found, so that nothing can be said about the value. */
    static boolean unresolved(Tree tree) {
        return tree instanceof Tree.Scalar scalar
                && scalar.json().isTextual()
                && !scalar.source().contains("$${")
                && REFERENCE
                        .matcher(scalar.json().asText())
                        .results()
                        .anyMatch(reference -> !Secrets.isReference(reference.group()));
    }

    private Tree replaced(Tree tree, String key) {
        if (tree instanceof Tree.Mapping mapping) {
            Map<String, Tree.Entry> entries = new LinkedHashMap<>();
            mapping.entries()
                    .forEach((name, entry) ->
                            entries.put(name, new Tree.Entry(entry.key(), replaced(entry.value(), name))));
            return new Tree.Mapping(entries, mapping.position());
        }
        if (tree instanceof Tree.Sequence sequence) {
            List<Tree> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(replaced(item, key)));
            return new Tree.Sequence(items, sequence.position());
        }
        Tree.Scalar scalar = (Tree.Scalar) tree;
        if (!scalar.json().isTextual() || !scalar.source().contains("${")) {
            return scalar;
        }
        String text = replaced(scalar, key);
        return new Tree.Scalar(
                Scalars.value(text, scalar.quoted()), scalar.source(), scalar.quoted(), scalar.position());
    }

    private String replaced(Tree.Scalar scalar, String key) {
        Matcher reference = REFERENCE.matcher(scalar.source());
        StringBuilder text = new StringBuilder();
        while (reference.find()) {
            String replacement = reference.group(1) != null
                    ? reference.group(1)
                    : value(reference.group(2), scalar.position(), soundsSecret(key));
            reference.appendReplacement(text, Matcher.quoteReplacement(replacement));
        }
        return reference.appendTail(text).toString();
    }

    private String value(String reference, Position position, boolean secret) {
        if (Secrets.isReference("${" + reference + "}")) {
            return "${" + reference + "}";
        }
        Matcher variable = ENVIRONMENT.matcher(reference);
        if (!variable.matches()) {
            problems.add(position.problem("${" + reference + "} is not a reference; write ${env:NAME},"
                    + " ${env:NAME:-default}, ${secret:env:NAME}, ${secret:file:/path#key} or"
                    + " ${secret:aws-sm:name#key} (and $${ for the two characters themselves)"));
            return "${" + reference + "}";
        }
        String name = variable.group(1);
        String value = environment.get(name);
        if (value == null && variable.group(2) == null) {
            problems.add(position.problem(
                    "environment variable " + name + " is not set; set it, or write ${env:" + name + ":-default}"));
            return "${" + reference + "}";
        }
        if (value == null) {
            return variable.group(2);
        }
        return secret ? "${secret:env:" + name + "}" : value;
    }
}
