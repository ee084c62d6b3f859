package io.firn.change;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.avro.Schema;

import io.firn.registry.RegisteredSchema;

/**
 * A part of an Avro schema as values are read by it: flat, with names as they are written, and what Kafka Connect hides in
 * it already found.
 *
 * @param labels of a record's fields with what precedes them in JSON; of an enum's symbols; of a union's branches, null
 *     where a branch stands for itself
 * @param parts of a record's fields, a union's branches, or an array's or a map's elements
 * @param size of a fixed value
 */
record AvroShape(Kind kind, List<byte[]> labels, List<AvroShape> parts, int size) {

    enum Kind {
        NULL,
        BOOLEAN,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        BYTES,
        FIXED,
        STRING,
        ENUM,
        RECORD,
        ARRAY,
        MAP,
        /** A map whose keys are text, as an array of its entries. */
        ENTRIES,
        UNION
    }

    private static final String ENTRY = "MapEntry";
    private static final int MAX_DEPTH = 100;

    /** The schema with all that it names; throws IllegalArgumentException when it is none. */
    static Schema parse(RegisteredSchema registered) {
        try {
            Schema.Parser parser = new Schema.Parser();
            registered.references().forEach(parser::parse);
            return parser.parse(registered.text());
        } catch (RuntimeException e) {
            // Its parser meets what it does not expect with exceptions of many kinds.
            throw new IllegalArgumentException("the registered schema is none of Avro's", e);
        }
    }

    /** Throws IllegalArgumentException for a schema that contains itself. */
    static AvroShape of(Schema schema) {
        return of(schema, 0);
    }

    private static AvroShape of(Schema schema, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the registered schema is nested too deeply, or contains itself");
        }
        return switch (schema.getType()) {
            case RECORD -> record(schema, depth + 1);
            case ARRAY ->
                hasTextKeys(schema)
                        ? of(Kind.ENTRIES, List.of(of(entryValue(schema), depth + 1)))
                        : of(Kind.ARRAY, List.of(of(schema.getElementType(), depth + 1)));
            case MAP -> of(Kind.MAP, List.of(of(schema.getValueType(), depth + 1)));
            case UNION -> union(schema, depth + 1);
            case ENUM ->
                new AvroShape(
                        Kind.ENUM,
                        schema.getEnumSymbols().stream()
                                .map(symbol -> utf8(quoted(symbol)))
                                .toList(),
                        List.of(),
                        0);
            case FIXED -> new AvroShape(Kind.FIXED, List.of(), List.of(), schema.getFixedSize());
            default -> of(Kind.valueOf(schema.getType().name()), List.of());
        };
    }

    private static AvroShape of(Kind kind, List<AvroShape> parts) {
        return new AvroShape(kind, List.of(), parts, 0);
    }

    private static AvroShape record(Schema schema, int depth) {
        List<byte[]> labels = new ArrayList<>();
        List<AvroShape> parts = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            labels.add(utf8((labels.isEmpty() ? "" : ",") + quoted(field.name()) + ":"));
            parts.add(of(field.schema(), depth));
        }
        return new AvroShape(Kind.RECORD, labels, parts, 0);
    }

    private static AvroShape union(Schema schema, int depth) {
        boolean named = values(schema).size() > 1;
        List<byte[]> labels = new ArrayList<>();
        List<AvroShape> parts = new ArrayList<>();
        for (Schema branch : schema.getTypes()) {
            boolean plain = !named || branch.getType() == Schema.Type.NULL;
            labels.add(plain ? null : utf8("{" + quoted(branch.getName()) + ":"));
            parts.add(of(branch, depth));
        }
        return new AvroShape(Kind.UNION, labels, parts, 0);
    }

    /** The branches of a union that hold something. */
    static List<Schema> values(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
    }

    /** Kafka Connect writes a map as an array of entries where a key may be null, or is no text. */
    static boolean isEntries(Schema array) {
        Schema element = array.getElementType();
        return element.getType() == Schema.Type.RECORD
                && (element.getName().equals(ENTRY) || ENTRY.equals(element.getProp("connect.internal.type")))
                && element.getFields().size() == 2
                && element.getField("key") != null
                && element.getField("value") != null
                && element.getField("key").pos() == 0;
    }

    static Schema entryKey(Schema array) {
        return array.getElementType().getField("key").schema();
    }

    static Schema entryValue(Schema array) {
        return array.getElementType().getField("value").schema();
    }

    private static boolean hasTextKeys(Schema array) {
        return isEntries(array) && entryKey(array).getType() == Schema.Type.STRING;
    }

    /** Names of Avro need no escapes. */
    private static String quoted(String name) {
        return '"' + name + '"';
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Properties of a schema that hold text, by their name. */
    static Map<String, String> parameters(Schema schema) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (schema.getObjectProp("connect.parameters") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> parameters.put(String.valueOf(name), String.valueOf(value)));
        }
        return parameters;
    }
}
