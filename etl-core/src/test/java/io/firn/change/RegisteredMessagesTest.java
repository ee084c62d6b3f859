package io.firn.change;

import static io.firn.change.Recorded.changes;
import static io.firn.change.Recorded.column;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.zip.Deflater;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Language;
import io.firn.change.Message.Refused;
import io.firn.change.Message.Skipped;
import io.firn.registry.Files;
import io.firn.registry.LatestSchema;
import io.firn.registry.RegisteredSchema;
import io.firn.registry.Schemas;
import io.firn.schema.Column;

/** Messages whose schemas are in a registry. */
class RegisteredMessagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ChangeFormat AVRO = ChangeFormat.of(Language.AVRO, new Files("unused"));
    private static final ChangeFormat JSON_SCHEMA = ChangeFormat.of(Language.JSON, new Files("unused"));
    private static final String ROW =
            """
            {"type":"record","name":"Envelope","fields":[
              {"name":"after","type":{"type":"record","name":"Value","fields":[
                {"name":"id","type":"int"},{"name":"s","type":["null","string"]}]}},
              {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"lsn","type":"long"}]}},
              {"name":"op","type":"string"}],"connect.name":"t.Envelope"}""";
    private static final List<Column> TWO = List.of(column("id", "int"), column("s", "string"));

    private record Held(Map<String, RegisteredSchema> schemas) implements Schemas {
        static Held of(String id, String kind, String text) {
            return new Held(Map.of(id, new RegisteredSchema(kind, text, List.of())));
        }

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
    }

    private static List<Message> decoded(
            List<Column> columns, ChangeFormat format, Schemas schemas, List<KafkaRecord> records) {
        ChangeDecoder decoder = new ChangeDecoder(columns, List.of("id"), format, schemas, null, 0, 0);
        return records.stream()
                .map(decoder::decode)
                .map(m -> m instanceof Change change ? change.copy() : m)
                .toList();
    }

    private static List<String> told(List<Message> messages, List<Column> columns) {
        return messages.stream()
                .map(m -> m instanceof Change c
                        ? c.operation() + " " + c.key().values() + " "
                                + (c.row() == null ? null : Recorded.values(c.row(), columns)) + " "
                                + c.unavailable() + " " + c.position().text() + " " + c.sourceTime() + " "
                                + c.snapshot()
                        : m.toString())
                .toList();
    }

    /** The oracle is the path of JSON with schemas, which has its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {"pgs-orders", "pgs-types", "pgs-toasted", "pgs-uniq_ri", "mas-orders", "mas-types", "pgs-keys"})
    void avroMeansWhatJsonWithSchemasMeans(String file) {
        List<KafkaRecord> json = Recorded.messages(file);
        AvroMessages registry = new AvroMessages();
        List<KafkaRecord> avro = json.stream().map(registry::of).toList();
        KafkaRecord first = json.get(0);
        MessageColumns same = MessageColumns.of(first.key(), first.value());
        List<Column> columns = same.columns();
        MessageColumns told =
                MessageColumns.of(AVRO, registry, avro.get(0).key(), avro.get(0).value());

        assertThat(told.columns()).isEqualTo(columns);
        assertThat(told.key()).isEqualTo(same.key());
        assertThat(told.defaults()).isEqualTo(same.defaults());
        assertThat(told.schema()).matches("schema \\d+");
        assertThat(same.schema()).isEqualTo("the messages' schema");
        List<String> expected = told(decoded(columns, ChangeFormat.DEFAULT, null, json), columns);
        assertThat(told(decoded(columns, AVRO, registry, avro), columns)).isEqualTo(expected);
        assertThat(expected).anyMatch(text -> text.startsWith("READ") || text.startsWith("CREATE"));
    }

    private static List<KafkaRecord> recordedAvro() throws IOException {
        List<KafkaRecord> records = new ArrayList<>();
        try (InputStream in = RegisteredMessagesTest.class.getResourceAsStream("avro-orders.jsonl")) {
            for (String line : new String(in.readAllBytes(), UTF_8).lines().toList()) {
                JsonNode node = JSON.readTree(line);
                records.add(new KafkaRecord(
                        node.get("topic").asText(),
                        0,
                        node.get("offset").asLong(),
                        0,
                        base64(node.path("key_base64")),
                        base64(node.path("value_base64")),
                        List.of()));
            }
        }
        return records;
    }

    private static byte[] base64(JsonNode text) {
        return text.isTextual() ? Base64.getDecoder().decode(text.asText()) : null;
    }

    private static Schemas recordedSchemas() throws IOException {
        Map<String, RegisteredSchema> schemas = new HashMap<>();
        try (InputStream in = RegisteredMessagesTest.class.getResourceAsStream("avro-schemas.json")) {
            JSON.readTree(in)
                    .properties()
                    .forEach(p -> schemas.put(
                            p.getKey(),
                            new RegisteredSchema(
                                    RegisteredSchema.AVRO,
                                    p.getValue().get("schema").asText(),
                                    List.of())));
        }
        return new Held(schemas);
    }

    @Test
    void twoVersionsThatARealRegistryHeldAreReadInOneBatch() throws IOException {
        List<KafkaRecord> records = recordedAvro();
        Schemas schemas = recordedSchemas();
        KafkaRecord newest = records.get(6);

        MessageColumns told = MessageColumns.of(AVRO, schemas, newest.key(), newest.value());

        assertThat(told.key()).containsExactly("id");
        assertThat(told.columns().stream().map(c -> c.name() + " " + c.type().text()))
                .containsExactly(
                        "id long",
                        "customer string",
                        "amount decimal(12,2)",
                        "ts timestamptz",
                        "tags list<string>",
                        "big string",
                        "extra int");
        List<Message> messages = decoded(told.columns(), AVRO, schemas, records);
        List<Change> changes = changes(messages);
        assertThat(changes.stream().map(c -> c.operation() + " " + c.key().values()))
                .containsExactly(
                        "READ [1]",
                        "CREATE [2]",
                        "UPDATE [1]",
                        "CREATE [3]",
                        "DELETE [2]",
                        "CREATE [20]",
                        "DELETE [3]",
                        "TRUNCATE []");
        assertThat(messages.stream().filter(Skipped.class::isInstance)).hasSize(2);
        List<Object> second = Recorded.values(changes.get(1).row(), told.columns());
        assertThat(second.subList(0, 3)).containsExactly(2L, "Zoë", new BigDecimal("2.20"));
        assertThat(second.subList(4, 7)).containsExactly(null, null, null);
        List<Object> third = Recorded.values(changes.get(3).row(), told.columns());
        assertThat(third.get(2)).isEqualTo(new BigDecimal("3.00"));
        assertThat(third.get(6)).isEqualTo(7);
        assertThat(changes.get(2).unavailable().stream()).containsExactly(5);
    }

    private static byte[] confluent(int id, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) 0)
                .putInt(id)
                .put(body)
                .array();
    }

    private static KafkaRecord record(byte[] value) {
        return new KafkaRecord("t", 0, 7, 0, new byte[] {0, 0, 0, 0, 9, 2}, value, List.of());
    }

    /** A row of {@link #ROW}. */
    private static byte[] row(int id, String s) {
        byte[] text = s.getBytes(UTF_8);
        return ByteBuffer.allocate(5 + text.length + 2)
                .put(new byte[] {(byte) (2 * id), 2, (byte) (2 * text.length)})
                .put(text)
                .put(new byte[] {10, 2, 'c', 0})
                .array();
    }

    private static byte[] valid(int id, String s) {
        byte[] row = row(id, s);
        return Arrays.copyOf(row, row.length - 1);
    }

    @Test
    void textNeedsNoCareOfTheWriter() {
        Schemas schemas = Held.of("1", "AVRO", ROW);
        String hard = "\"\\\u0001\n\u001f/é😀\u007f\u0000";

        List<Message> messages = decoded(TWO, AVRO, schemas, List.of(record(confluent(1, valid(5, hard)))));

        assertThat(Recorded.values(changes(messages).get(0).row(), TWO)).containsExactly(5, hard);
    }

    @Test
    void theFramingOfGlueIsReadToo() {
        UUID id = UUID.fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
        Schemas schemas = Held.of(id.toString(), "AVRO", ROW);
        byte[] row = valid(3, "three");
        Deflater deflater = new Deflater();
        deflater.setInput(row);
        deflater.finish();
        byte[] packed = new byte[100];
        int size = deflater.deflate(packed);

        List<Message> messages = decoded(
                TWO,
                AVRO,
                schemas,
                List.of(
                        record(glue(id, 0, row)),
                        record(glue(id, 5, Arrays.copyOf(packed, size))),
                        record(glue(id, 5, row))));

        assertThat(changes(messages)).hasSize(2).allSatisfy(change -> assertThat(Recorded.values(change.row(), TWO))
                .containsExactly(3, "three"));
        assertThat(((Refused) messages.get(2)).rejection().reason())
                .isEqualTo("what follows the schema's id is not compressed as it says");
    }

    private static byte[] glue(UUID id, int compression, byte[] body) {
        return ByteBuffer.allocate(18 + body.length)
                .put((byte) 3)
                .put((byte) compression)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .put(body)
                .array();
    }

    private static String reason(ChangeFormat format, Schemas schemas, byte[] value) {
        return ((Refused) decoded(TWO, format, schemas, List.of(record(value))).get(0))
                .rejection()
                .reason();
    }

    @Test
    void whatCannotBeReadIsRefusedWithItsReason() {
        Schemas schemas = Held.of("1", "AVRO", ROW);
        byte[] good = valid(1, "one");

        assertThat(reason(AVRO, schemas, "{}".getBytes(UTF_8)))
                .isEqualTo("no id of a schema at its beginning; if the converter asks no registry, leave out registry");
        assertThat(reason(AVRO, schemas, confluent(-1, good)))
                .isEqualTo("its schema 4294967295 is not in the registry");
        assertThat(reason(AVRO, Held.of("1", "PROTOBUF", "?"), confluent(1, good)))
                .isEqualTo("its schema 1 is of type PROTOBUF, and format says type: avro");
        assertThat(reason(AVRO, Held.of("1", "AVRO", "{\"type\":\"?\"}"), confluent(1, good)))
                .isEqualTo("its schema 1: the registered schema is none of Avro's");
        assertThat(reason(AVRO, Held.of("1", "AVRO", recursive()), confluent(1, good)))
                .isEqualTo("its schema 1: the registered schema is nested too deeply, or contains itself");
        assertThat(reason(AVRO, schemas, confluent(1, Arrays.copyOf(good, good.length - 1))))
                .isEqualTo("Avro that its schema does not describe: malformed at byte 13: the message ends before its"
                        + " value does");
        assertThat(reason(AVRO, schemas, confluent(1, row(1, "one"))))
                .isEqualTo("Avro that its schema does not describe: malformed at byte 14: bytes are left after the"
                        + " value");
        assertThat(reason(AVRO, schemas, confluent(1, new byte[] {2, 4})))
                .isEqualTo("Avro that its schema does not describe: malformed at byte 7: a choice that its schema does"
                        + " not give");
        assertThat(reason(AVRO, schemas, confluent(1, new byte[] {2, 2, -2, -1, -1, -1, 15})))
                .isEqualTo("Avro that its schema does not describe: malformed at byte 12: the message ends before its"
                        + " value does");
    }

    private static String recursive() {
        return """
                {"type":"record","name":"Node","fields":[{"name":"next","type":["null","Node"]}]}""";
    }

    @Test
    void oneRefusedMessageIsNoOthersTrouble() {
        Schemas schemas = Held.of("1", "AVRO", ROW);

        List<Message> messages = decoded(
                TWO,
                AVRO,
                schemas,
                List.of(
                        record(confluent(1, valid(1, "a"))),
                        record(confluent(2, valid(2, "b"))),
                        record(new byte[0]),
                        record(confluent(1, new byte[] {1})),
                        record(confluent(1, valid(3, "c")))));

        assertThat(changes(messages).stream()
                        .map(change -> Recorded.values(change.row(), TWO).toString()))
                .containsExactly("[1, a]", "[3, c]");
    }

    @Test
    void logicalTypesOfOtherWritersHaveTheirMeaning() {
        String schema =
                """
                {"type":"record","name":"Envelope","fields":[
                  {"name":"d","type":{"type":"int","logicalType":"date"}},
                  {"name":"m","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
                  {"name":"n","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":3}},
                  {"name":"f","type":{"type":"fixed","name":"F","size":2,"logicalType":"decimal","precision":4,"scale":1}},
                  {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}},
                  {"name":"u","type":{"type":"string","logicalType":"uuid"}},
                  {"name":"o","type":{"type":"array","items":{"type":"record","name":"MapEntry","fields":[
                    {"name":"key","type":"string"},{"name":"value","type":["null","int"]}]}}}]}""";
        Schemas schemas = Held.of("1", "AVRO", schema);

        byte[] message = confluent(1, new byte[] {
            2, 2, 2, 2, 7, 0, 9, 2, 72, 97, 48, 101, 101, 98, 99, 57, 57, 45, 57, 99, 48, 98, 45, 52, 101, 102, 56, 45,
            98, 98, 54, 100, 45, 54, 98, 98, 57, 98, 100, 51, 56, 48, 97, 49, 49, 2, 2, 107, 2, 6, 0
        });
        MessageColumns told = MessageColumns.of(AVRO, schemas, null, message);

        assertThat(told.columns().stream().map(c -> c.name() + " " + c.type().text()))
                .containsExactly(
                        "d date",
                        "m timestamp",
                        "n decimal(9,3)",
                        "f decimal(4,1)",
                        "e string",
                        "u uuid",
                        "o map<string, int>");
        ChangeDecoder decoder = new ChangeDecoder(
                told.columns(),
                List.of(),
                new ChangeFormat(null, new Files("unused"), null, Envelope.UNWRAPPED, null, null, null),
                schemas,
                null,
                0,
                0);
        Change change = (Change) decoder.decode(record(message));
        assertThat(Recorded.values(change.row(), told.columns()).toString())
                .isEqualTo("[1970-01-02, 1970-01-01T00:00:00.000001, 0.007, 0.9, B,"
                        + " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11, {k=3}]");
    }

    @Test
    void jsonSchemaIsReadByItsMeaning() {
        String value =
                """
                {"type":"object","title":"t.Envelope","properties":{
                  "op":{"type":"string","connect.index":2},
                  "after":{"connect.index":0,"oneOf":[{"type":"null"},{"type":"object","title":"t.Value","properties":{
                    "s":{"connect.index":1,"oneOf":[{"type":"null"},{"type":"integer","title":"io.debezium.time.Date",
                      "connect.type":"int32"}]},
                    "id":{"type":"integer","connect.type":"int32","connect.index":0}}}]},
                  "source":{"type":"object","connect.index":1,"properties":{
                    "lsn":{"type":"integer","connect.type":"int64","connect.index":0}}}}}""";
        Schemas schemas = Held.of("1", "JSON", value);
        byte[] message =
                confluent(1, "{\"after\":{\"id\":4,\"s\":1},\"source\":{\"lsn\":5},\"op\":\"c\"}".getBytes(UTF_8));

        List<Column> columns =
                MessageColumns.of(JSON_SCHEMA, schemas, null, message).columns();

        assertThat(columns.stream().map(c -> c.name() + " " + c.type().text())).containsExactly("id int", "s date");
        List<Message> messages = decoded(columns, JSON_SCHEMA, schemas, List.of(record(message)));
        assertThat(Recorded.values(changes(messages).get(0).row(), columns).toString())
                .isEqualTo("[4, 1970-01-02]");
        assertThat(reason(JSON_SCHEMA, Held.of("1", "AVRO", ROW), message))
                .isEqualTo("its schema 1 is of type AVRO, and format says type: json");
    }

    @Test
    void brokenBytesAreNeverMoreThanARefusedMessage() {
        AvroMessages registry = new AvroMessages();
        List<KafkaRecord> avro =
                Recorded.messages("pgs-types").stream().map(registry::of).toList();
        List<Column> columns = MessageColumns.of(
                        AVRO, registry, avro.get(0).key(), avro.get(0).value())
                .columns();
        ChangeDecoder decoder = new ChangeDecoder(columns, List.of("id"), AVRO, registry, null, 0, 0);
        List<String> whole = told(decoded(columns, AVRO, registry, avro.subList(0, 1)), columns);
        Random random = new Random(7);
        int refused = 0;

        for (int round = 0; round < 5_000; round++) {
            KafkaRecord in = avro.get(random.nextInt(avro.size()));
            byte[] value =
                    in.value() == null ? null : Arrays.copyOf(in.value(), 5 + random.nextInt(in.value().length - 4));
            for (int i = random.nextInt(4); value != null && value.length > 5 && i > 0; i--) {
                value[5 + random.nextInt(value.length - 5)] = (byte) random.nextInt();
            }
            Message message = decoder.decode(new KafkaRecord("t", 0, 0, 0, in.key(), value, List.of()));
            refused += message instanceof Refused ? 1 : 0;
        }

        assertThat(refused).isGreaterThan(4_000);
        assertThat(told(List.of(((Change) decoder.decode(avro.get(0))).copy()), columns))
                .isEqualTo(whole);
    }

    @Test
    void columnsThatNoRegisteredSchemaTellsAreNotGuessed() {
        byte[] message = confluent(3, valid(1, "a"));

        assertThatThrownBy(() -> MessageColumns.of(AVRO, new Held(Map.of()), null, message))
                .hasMessage("its schema 3 is not in the registry");
    }
}
