package io.firn.change;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Language;
import io.firn.registry.Files;
import io.firn.registry.LatestSchema;
import io.firn.registry.RegisteredSchema;
import io.firn.registry.Schemas;
import io.firn.schema.JsonPath;

/** Records say the same in all the ways in which they are written. */
class RecordJsonTest {
    private static final String VALUE =
            """
            {"type":"record","name":"Envelope","fields":[
              {"name":"before","type":["null",{"type":"record","name":"Value","fields":[
                {"name":"id","type":"int"},{"name":"name","type":["null","string"]}]}]},
              {"name":"op","type":"string"}]}""";

    private record Held() implements Schemas {
        @Override
        public RegisteredSchema schema(String id) {
            return id.equals("7") ? new RegisteredSchema("AVRO", VALUE, List.of()) : null;
        }

        @Override
        public Optional<LatestSchema> latest(String subject) {
            return Optional.empty();
        }

        @Override
        public void require() {}
    }

    @Test
    void avroOfARegistry() throws IOException {
        RecordJson records = new RecordJson(ChangeFormat.of(Language.AVRO, new Files("unused")), new Held());

        assertThat(text(records.value(avro()))).isEqualTo("{\"before\":{\"id\":42,\"name\":\"Ann\"},\"op\":\"d\"}");
        byte[] unknown = avro();
        unknown[4] = 8;
        assertThat(records.value(unknown)).isNull();
        assertThat(records.value(null)).isNull();
    }

    @Test
    void jsonWithAndWithoutSchemas() {
        RecordJson described = new RecordJson(ChangeFormat.DEFAULT, null);
        assertThat(text(described.key("{\"schema\":{\"type\":\"struct\"},\"payload\":{\"id\":42}}".getBytes(UTF_8))))
                .isEqualTo("{\"id\":42}");
        assertThat(described.key("{\"id\":42".getBytes(UTF_8))).isNull();
        assertThat(described.rows()).containsExactly(new JsonPath(List.of("after")), new JsonPath(List.of("before")));
        RecordJson plain = new RecordJson(ChangeFormat.of(ChangeFormat.Schemas.NONE, Envelope.UNWRAPPED), null);
        assertThat(text(plain.value("{\"id\":42}".getBytes(UTF_8)))).isEqualTo("{\"id\":42}");
        assertThat(plain.rows()).containsExactly(new JsonPath(List.of()));
    }

    private static byte[] avro() throws IOException {
        Schema schema = new Schema.Parser().parse(VALUE);
        GenericData.Record before = new GenericData.Record(
                schema.getField("before").schema().getTypes().get(1));
        before.put("id", 42);
        before.put("name", "Ann");
        GenericData.Record envelope = new GenericData.Record(schema);
        envelope.put("before", before);
        envelope.put("op", "d");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(body, null);
        new GenericDatumWriter<GenericData.Record>(schema).write(envelope, encoder);
        encoder.flush();
        return ByteBuffer.allocate(5 + body.size())
                .put((byte) 0)
                .putInt(7)
                .put(body.toByteArray())
                .array();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
