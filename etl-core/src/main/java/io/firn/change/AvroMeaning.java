package io.firn.change;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.avro.Schema;

/**
 * What a registered Avro schema means, told as Kafka Connect tells it: connectors keep Connect's names and parameters in
 * properties, other writers use Avro's logical types.
 */
final class AvroMeaning {
    private static final String CONNECT = "org.apache.kafka.connect.data.";
    private static final String DEBEZIUM = "io.debezium.";
    private static final String DECIMAL = CONNECT + "Decimal";
    private static final Map<String, String> LOGICAL = Map.of(
            "decimal", DECIMAL,
            "date", CONNECT + "Date",
            "time-millis", CONNECT + "Time",
            "time-micros", DEBEZIUM + "time.MicroTime",
            "timestamp-millis", CONNECT + "Timestamp",
            "timestamp-micros", DEBEZIUM + "time.MicroTimestamp",
            "local-timestamp-millis", CONNECT + "Timestamp",
            "local-timestamp-micros", DEBEZIUM + "time.MicroTimestamp",
            "uuid", DEBEZIUM + "data.Uuid");

    private static final ObjectMapper JSON = new ObjectMapper();

    private AvroMeaning() {}

    /** The schema must not contain itself. */
    static ConnectSchema of(Schema schema) {
        return of(schema, false);
    }

    private static ConnectSchema of(Schema schema, boolean optional) {
        return switch (schema.getType()) {
            case UNION -> union(schema, optional);
            case RECORD -> schema(schema, "struct", optional, fields(schema), null, null);
            case ARRAY ->
                AvroShape.isEntries(schema)
                        ? schema(
                                schema,
                                "map",
                                optional,
                                Map.of(),
                                of(AvroShape.entryValue(schema)),
                                of(AvroShape.entryKey(schema)))
                        : schema(schema, "array", optional, Map.of(), of(schema.getElementType()), null);
            case MAP ->
                schema(
                        schema,
                        "map",
                        optional,
                        Map.of(),
                        of(schema.getValueType()),
                        of(Schema.create(Schema.Type.STRING)));
            default -> schema(schema, type(schema), optional, Map.of(), null, null);
        };
    }

    private static ConnectSchema union(Schema union, boolean optional) {
        List<Schema> values = AvroShape.values(union);
        boolean mayBeNull = optional || values.size() < union.getTypes().size();
        if (values.size() == 1) {
            return of(values.get(0), mayBeNull);
        }
        Map<String, ConnectSchema> branches = new LinkedHashMap<>();
        values.forEach(branch -> branches.put(branch.getName(), of(branch, true)));
        return new ConnectSchema("struct", "", mayBeNull, Map.of(), branches, null, null);
    }

    private static Map<String, ConnectSchema> fields(Schema record) {
        Map<String, ConnectSchema> fields = new LinkedHashMap<>();
        record.getFields().forEach(field -> fields.put(field.name(), of(field.schema())));
        return fields;
    }

    private static String type(Schema schema) {
        String told = schema.getProp("connect.type");
        return switch (schema.getType()) {
            case INT -> told == null ? "int32" : told;
            case LONG -> "int64";
            case ENUM -> "string";
            case FIXED -> "bytes";
            default -> schema.getType().getName();
        };
    }

    private static ConnectSchema schema(
            Schema schema,
            String type,
            boolean optional,
            Map<String, ConnectSchema> fields,
            ConnectSchema items,
            ConnectSchema keys) {
        Map<String, String> parameters = AvroShape.parameters(schema);
        String name = name(schema);
        if (name.equals(DECIMAL)) {
            parameters.putIfAbsent("scale", text(schema, "scale", "0"));
            String precision = text(schema, "precision", null);
            // Connect knows it as a parameter, or not at all, and then makes one up here.
            if (precision != null && schema.getProp("connect.name") == null) {
                parameters.putIfAbsent("connect.decimal.precision", precision);
            }
        }
        return new ConnectSchema(type, name, optional, parameters, fields, items, keys, fallback(schema));
    }

    /** Null too for bytes, whose default Avro writes in another way than values. */
    private static JsonNode fallback(Schema schema) {
        Object value = schema.getObjectProp("connect.default");
        boolean bytes = schema.getType() == Schema.Type.BYTES || schema.getType() == Schema.Type.FIXED;
        return value == null || bytes ? null : JSON.valueToTree(value);
    }

    private static String name(Schema schema) {
        String told = schema.getProp("connect.name");
        if (told != null) {
            return told;
        }
        String logical = schema.getProp("logicalType");
        if (logical != null) {
            return LOGICAL.getOrDefault(logical, "");
        }
        return schema.getType() == Schema.Type.RECORD ? schema.getFullName() : "";
    }

    private static String text(Schema schema, String property, String otherwise) {
        Object value = schema.getObjectProp(property);
        return value == null ? otherwise : value.toString();
    }
}
