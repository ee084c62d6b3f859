package io.firn.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

import io.firn.registry.LatestSchema;
import io.firn.registry.RegisteredSchema;
import io.firn.registry.Schemas;

/**
 * Messages with schemas in JSON, written again as Kafka Connect's Avro converter writes them, by Avro's own library, into a
 * registry of its own.
 */
final class AvroMessages implements Schemas {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<JsonNode, Schema> parsed = new HashMap<>();
    private final Map<String, RegisteredSchema> schemas = new HashMap<>();

    @Override
    public RegisteredSchema schema(String id) {
        return schemas.get(id);
    }

    @Override
    public Optional<LatestSchema> latest(String subject) {
        return Optional.empty();
    }

    @Override
    public void require() {}

    KafkaRecord of(KafkaRecord in) {
        return new KafkaRecord(
                in.topic(),
                in.partition(),
                in.offset(),
                in.timestamp(),
                framed(in.key()),
                framed(in.value()),
                in.headers());
    }

    private byte[] framed(byte[] message) {
        if (message == null) {
            return null;
        }
        try {
            JsonNode both = JSON.readTree(message);
            Schema schema = parsed.computeIfAbsent(both.get("schema"), json -> new Schema.Parser()
                    .parse(new Names().schema(json).toString()));
            int id = ids.computeIfAbsent(schema.toString(), text -> {
                int next = ids.size() + 1;
                schemas.put(Integer.toString(next), new RegisteredSchema(RegisteredSchema.AVRO, text, List.of()));
                return next;
            });
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<Object>(schema).write(datum(both.get("payload"), schema), encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connect's schemas in Avro's language; a name that was used once stands for its schema after that. */
    private static final class Names {
        private final Map<String, String> used = new HashMap<>();
        private int unnamed;

        JsonNode schema(JsonNode connect) {
            JsonNode plain = plain(connect);
            if (!connect.path("optional").asBoolean(false)) {
                return plain;
            }
            ArrayNode union = JSON.createArrayNode();
            return union.add("null").add(plain);
        }

        private JsonNode plain(JsonNode connect) {
            ObjectNode avro = JSON.createObjectNode();
            String name = connect.path("name").asText("");
            switch (connect.get("type").asText()) {
                case "int8", "int16" ->
                    avro.put("type", "int")
                            .put("connect.type", connect.get("type").asText());
                case "int32" -> avro.put("type", "int");
                case "int64" -> avro.put("type", "long");
                case "float", "float32" -> avro.put("type", "float");
                case "double", "float64" -> avro.put("type", "double");
                case "array" -> avro.put("type", "array").set("items", schema(connect.get("items")));
                case "map" -> avro.put("type", "map").set("values", schema(connect.get("values")));
                case "struct" -> {
                    String full = name.isEmpty() ? "Unnamed" + unnamed++ : name;
                    String same = used.putIfAbsent(connect.get("fields").toString(), full);
                    if (same != null && same.equals(full)) {
                        return JSON.getNodeFactory().textNode(full);
                    }
                    avro.put("type", "record").put("name", full);
                    ArrayNode fields = avro.putArray("fields");
                    connect.get("fields").forEach(field -> fields.addObject()
                            .put("name", field.get("field").asText())
                            .set("type", schema(field)));
                }
                default -> avro.put("type", connect.get("type").asText());
            }
            if (connect.has("default") && !connect.get("type").asText().equals("bytes")) {
                avro.set("connect.default", connect.get("default"));
            }
            if (!name.isEmpty()) {
                avro.put("connect.name", name);
            }
            if (name.endsWith(".Decimal")) {
                JsonNode parameters = connect.get("parameters");
                avro.put("logicalType", "decimal")
                        .put("scale", parameters.get("scale").asInt())
                        .put(
                                "precision",
                                parameters.path("connect.decimal.precision").asInt(64));
            }
            if (connect.has("parameters")) {
                avro.set("connect.parameters", connect.get("parameters"));
            }
            return avro;
        }
    }

    private static Object datum(JsonNode value, Schema schema) throws IOException {
        return switch (schema.getType()) {
            case UNION ->
                value == null || value.isNull()
                        ? null
                        : datum(value, schema.getTypes().get(1));
            case INT -> value.intValue();
            case LONG -> value.longValue();
            case FLOAT -> value.isTextual() ? Float.parseFloat(value.asText()) : value.floatValue();
            case DOUBLE -> value.isTextual() ? Double.parseDouble(value.asText()) : value.doubleValue();
            case BOOLEAN -> value.booleanValue();
            case STRING -> value.textValue();
            case BYTES -> ByteBuffer.wrap(Base64.getDecoder().decode(value.textValue()));
            case ARRAY -> {
                List<Object> items = new ArrayList<>();
                for (JsonNode item : value) {
                    items.add(datum(item, schema.getElementType()));
                }
                yield items;
            }
            case MAP -> {
                Map<String, Object> entries = new HashMap<>();
                for (Map.Entry<String, JsonNode> entry : value.properties()) {
                    entries.put(entry.getKey(), datum(entry.getValue(), schema.getValueType()));
                }
                yield entries;
            }
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                for (Schema.Field field : schema.getFields()) {
                    record.put(field.pos(), datum(value.get(field.name()), field.schema()));
                }
                yield record;
            }
            default -> throw new IllegalArgumentException(schema + " of " + new String(value.binaryValue(), UTF_8));
        };
    }
}
