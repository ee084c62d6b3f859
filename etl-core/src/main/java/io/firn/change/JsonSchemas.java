package io.firn.change;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What a registered JSON Schema means, told as Kafka Connect tells it, whose own words connectors leave in it. */
final class JsonSchemas {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_DEPTH = 100;

    private final JsonNode root;

    private JsonSchemas(JsonNode root) {
        this.root = root;
    }

    /** Throws IllegalArgumentException when it is none, or leaves open what a value is. */
    static ConnectSchema meaning(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            return new JsonSchemas(root).of(root, false, 0);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the registered schema is no JSON", e);
        }
    }

    private ConnectSchema of(JsonNode node, boolean optional, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the registered schema is nested too deeply, or contains itself");
        }
        if (node.path("$ref").asText().startsWith("#")) {
            return of(root.at(node.path("$ref").asText().substring(1)), optional, depth + 1);
        }
        JsonNode choice = node.has("oneOf") ? node.get("oneOf") : node.path("anyOf");
        if (choice.isArray()) {
            List<JsonNode> values = new ArrayList<>();
            choice.forEach(branch -> {
                if (!branch.path("type").asText().equals("null")) {
                    values.add(branch);
                }
            });
            if (values.size() != 1) {
                throw new IllegalArgumentException("the registered schema leaves a choice of types");
            }
            return of(values.get(0), optional || choice.size() > 1, depth + 1);
        }
        List<String> types = new ArrayList<>();
        if (node.path("type").isArray()) {
            node.get("type").forEach(type -> types.add(type.asText()));
        } else {
            types.add(node.path("type").asText());
        }
        boolean mayBeNull = types.remove("null") || optional;
        if (types.size() != 1) {
            throw new IllegalArgumentException("the registered schema leaves a choice of types");
        }
        return typed(node, types.get(0), mayBeNull, depth + 1);
    }

    private ConnectSchema typed(JsonNode node, String json, boolean optional, int depth) {
        JsonNode more = node.path("additionalProperties");
        boolean map = json.equals("object") && (more.isObject() && !node.has("properties"));
        String type = node.path("connect.type").asText(map ? "map" : connect(json));
        Map<String, String> parameters = new LinkedHashMap<>();
        node.path("connect.parameters")
                .properties()
                .forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
        ConnectSchema items = null;
        ConnectSchema keys = null;
        Map<String, ConnectSchema> fields = Map.of();
        switch (type) {
            case "array" -> items = of(node.path("items"), false, depth);
            case "map" -> {
                JsonNode entry = node.path("items").path("properties");
                items = of(more.isObject() ? more : entry.path("value"), false, depth);
                keys = more.isObject() ? plain("string") : of(entry.path("key"), false, depth);
            }
            case "struct" -> fields = fields(node, depth);
            default -> {}
        }
        String name = node.path("title").asText("");
        return new ConnectSchema(type, name, optional, parameters, fields, items, keys, node.get("default"));
    }

    private Map<String, ConnectSchema> fields(JsonNode node, int depth) {
        List<Map.Entry<String, JsonNode>> properties =
                new ArrayList<>(node.path("properties").properties());
        properties.sort(
                Comparator.comparingInt(p -> p.getValue().path("connect.index").asInt(0)));
        List<String> required = new ArrayList<>();
        node.path("required").forEach(name -> required.add(name.asText()));
        Map<String, ConnectSchema> fields = new LinkedHashMap<>();
        properties.forEach(p -> {
            boolean connects = p.getValue().has("connect.index");
            fields.put(p.getKey(), of(p.getValue(), !connects && !required.contains(p.getKey()), depth));
        });
        return fields;
    }

    private static String connect(String json) {
        return switch (json) {
            case "integer" -> "int64";
            case "number" -> "float64";
            case "object" -> "struct";
            case "boolean", "string", "array" -> json;
            default -> throw new IllegalArgumentException("the registered schema has a value of no type");
        };
    }

    private static ConnectSchema plain(String type) {
        return new ConnectSchema(type, "", false, Map.of(), Map.of(), null, null);
    }
}
