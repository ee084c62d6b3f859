package io.firn.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;

/** Holds a document against a JSON Schema and says in a person's words what does not fit. */
final class SchemaCheck {
    private final JsonNode schema;
    private final JsonSchema validator;

    /** The schema of a resource. */
    SchemaCheck(Class<?> beside, String resource) {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            schema = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        validator =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    }

    /** The keys that the document may have at its top. */
    List<String> keys() {
        return names(schema.path("properties"));
    }

    /** Reports everything that does not fit. */
    void check(Tree tree, Reports reports) {
        Set<List<String>> wrongTypes = new HashSet<>();
        List<ValidationMessage> messages = new ArrayList<>(validator.validate(tree.json()));
        messages.stream()
                .filter(message -> message.getType().equals("type"))
                .forEach(message -> wrongTypes.add(path(message.getInstanceLocation())));
        for (ValidationMessage message : messages) {
            List<String> path = path(message.getInstanceLocation());
            // A value of the wrong type breaks every other rule of its place too.
            boolean known = !References.unresolved(tree.find(path));
            if (known && (message.getType().equals("type") || !wrongTypes.contains(path))) {
                report(message, path, tree, reports);
            }
        }
    }

    private void report(ValidationMessage message, List<String> path, Tree tree, Reports reports) {
        Tree value = tree.find(path);
        switch (message.getType()) {
            case "additionalProperties" -> {
                String key = message.getProperty();
                String hint = Suggestion.hint(key, names(beside(message).path("properties")), "valid keys are");
                reports.unusableKey(path, key, "unknown key \"" + key + "\"" + hint);
            }
            case "required" -> reports.problem(path, "missing key \"" + message.getProperty() + "\"");
            case "type" -> reports.unusable(path, "expected " + types(message) + ", found " + shown(value));
            case "enum" -> {
                List<String> valid = new ArrayList<>();
                message.getSchemaNode().forEach(choice -> valid.add(choice.asText()));
                String hint = Suggestion.nearest(value.json().asText(), valid)
                        .map(near -> "; did you mean \"" + near + "\"?")
                        .orElse("");
                reports.unusable(path, literal(value) + " is not one of " + String.join(", ", valid) + hint);
            }
            case "minimum" ->
                reports.unusable(
                        path,
                        literal(value) + " is less than "
                                + message.getSchemaNode().asText());
            case "pattern" ->
                reports.unusable(
                        path,
                        literal(value) + " is not a valid name here; it must match "
                                + message.getSchemaNode().asText());
            default -> reports.unusable(path, message.getMessage());
        }
    }

    /** What a value is, for a message: its kind, and its text where that helps. */
    static String shown(Tree value) {
        if (value instanceof Tree.Mapping) {
            return "a mapping";
        }
        if (value instanceof Tree.Sequence) {
            return "a list";
        }
        JsonNode json = value == null ? Scalars.NOTHING : value.json();
        if (json.isNull()) {
            return "nothing";
        }
        String kind = json.isTextual() ? "the string " : json.isNumber() ? "the number " : "";
        return kind + literal(value);
    }

    /** As the user wrote it, so that no secret from the environment gets into a message. */
    private static String literal(Tree value) {
        String text = value instanceof Tree.Scalar scalar
                ? scalar.source()
                : value.json().toString();
        String cut = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return value.json().isTextual() ? "\"" + cut + "\"" : cut;
    }

    private static String types(ValidationMessage message) {
        List<String> types = new ArrayList<>();
        JsonNode declared = message.getSchemaNode();
        (declared.isArray() ? declared : List.of(declared)).forEach(type -> types.add(type(type.asText())));
        return String.join(" or ", types);
    }

    private static String type(String type) {
        return switch (type) {
            case "object" -> "a mapping (key: value)";
            case "array" -> "a list";
            case "string" -> "a string";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            default -> type;
        };
    }

    /** The object of the schema that holds the keyword which complained. */
    private JsonNode beside(ValidationMessage message) {
        List<String> path = path(message.getSchemaLocation().getFragment());
        JsonNode at = schema;
        for (String step : path.subList(0, path.size() - 1)) {
            at = at.isArray() ? at.path(Integer.parseInt(step)) : at.path(step);
        }
        return at;
    }

    private static List<String> names(JsonNode properties) {
        List<String> names = new ArrayList<>();
        properties.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> path(JsonNodePath location) {
        List<String> path = new ArrayList<>();
        for (int i = 0; i < location.getNameCount(); i++) {
            path.add(location.getElement(i).toString());
        }
        return path;
    }
}
