package io.firn.change;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A schema as Kafka Connect's JSON converter writes it.
 *
 * @param name the meaning, {@code io.debezium.time.Date}; empty when it is just its type
 * @param fields of a struct, in order
 * @param items the elements of an array or the values of a map; null for others
 * @param fallback what the source puts where nothing is said, written as values are; null: it says nothing
 */
record ConnectSchema(
        String type,
        String name,
        boolean optional,
        Map<String, String> parameters,
        Map<String, ConnectSchema> fields,
        ConnectSchema items,
        ConnectSchema keys,
        JsonNode fallback) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_DEPTH = 100;

    /** A schema without a default. */
    ConnectSchema(
            String type,
            String name,
            boolean optional,
            Map<String, String> parameters,
            Map<String, ConnectSchema> fields,
            ConnectSchema items,
            ConnectSchema keys) {
        this(type, name, optional, parameters, fields, items, keys, null);
    }

    /** Reads a schema; throws IllegalArgumentException when it is none. */
    static ConnectSchema parse(String json) {
        try {
            return of(JSON.readTree(json), 0);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the message's schema cannot be read", e);
        }
    }

    /** The struct of a row: of what an envelope says came after the change, else the value itself. */
    ConnectSchema row() {
        ConnectSchema after = fields.get("after");
        return isEnvelope() && after != null ? after : this;
    }

    boolean isEnvelope() {
        return name.endsWith(".Envelope");
    }

    private static ConnectSchema of(JsonNode node, int depth) {
        if (depth > MAX_DEPTH || !node.path("type").isTextual()) {
            throw new IllegalArgumentException("the message's schema is none of Kafka Connect's");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        node.path("parameters")
                .properties()
                .forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
        Map<String, ConnectSchema> fields = new LinkedHashMap<>();
        for (JsonNode field : node.path("fields")) {
            fields.put(field.path("field").asText(), of(field, depth + 1));
        }
        JsonNode items = node.has("values") ? node.get("values") : node.get("items");
        String type = node.get("type").asText();
        if (items == null && (type.equals("array") || type.equals("map"))) {
            throw new IllegalArgumentException("the message's schema has a type " + type + " of nothing");
        }
        return new ConnectSchema(
                type,
                node.path("name").asText(""),
                node.path("optional").asBoolean(false),
                parameters,
                fields,
                items == null ? null : of(items, depth + 1),
                node.has("keys") ? of(node.get("keys"), depth + 1) : null,
                node.get("default"));
    }

    /** The row's fields without those that the transform of flattened rows adds. */
    List<String> ownFields() {
        List<String> own = new ArrayList<>(fields.keySet());
        own.removeIf(field -> field.startsWith("__"));
        return own;
    }
}
