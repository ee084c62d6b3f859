package io.firn.change;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.InflaterOutputStream;

import org.apache.avro.Schema;

import io.firn.change.AvroInput.Malformed;
import io.firn.change.ChangeFormat.Language;
import io.firn.registry.RegisteredSchema;
import io.firn.registry.Schemas;
import io.firn.schema.Rejection;

/**
 * Messages that begin with the id of their schema, in Confluent's framing (0, four bytes) or that of AWS Glue (3, whether
 * compressed, a UUID), and go on in Avro or JSON.
 */
final class RegisteredPayload implements Payload {
    private static final int CONFLUENT = 0;
    private static final int CONFLUENT_HEAD = 5;
    private static final int GLUE = 3;
    private static final int GLUE_HEAD = 18;
    private static final int ZLIB = 5;
    private static final int STEP = 4096;
    private static final int MOST_INFLATED = 256 << 20;

    private final Language type;
    private final Schemas schemas;
    private final AvroText avro = new AvroText();
    private final Map<String, Known> known = new HashMap<>();
    private byte[] head = {};
    private Known last;
    private byte[] bytes;
    private int from;

    /** A schema and how it is used: {@code shape} for Avro; {@code misfit} where it cannot be. */
    private record Known(String id, ConnectSchema schema, AvroShape shape, Rejection misfit) {
        static Known unusable(String why) {
            return new Known(null, null, null, new Rejection(null, why));
        }
    }

    RegisteredPayload(Language type, Schemas schemas) {
        this.type = type;
        this.schemas = schemas;
    }

    @Override
    public Rejection findSchema(byte[] message) {
        Rejection rejection = framed(message);
        return rejection != null ? rejection : last.misfit;
    }

    @Override
    public Rejection find(byte[] message) {
        Rejection rejection = findSchema(message);
        if (rejection != null) {
            return rejection;
        }
        try {
            unpack(message);
            if (last.shape != null) {
                bytes = avro.of(last.shape, bytes, from, bytes.length);
                from = 0;
            }
            return null;
        } catch (Malformed e) {
            return new Rejection(null, "Avro that its schema does not describe: " + e.getMessage());
        } catch (IOException e) {
            return new Rejection(null, "what follows the schema's id is not compressed as it says");
        }
    }

    /** Messages of one table begin alike. */
    private Rejection framed(byte[] message) {
        if (head.length > 0
                && message.length >= head.length
                && Arrays.equals(head, 0, head.length, message, 0, head.length)) {
            return null;
        }
        head = new byte[0];
        String id = id(message);
        if (id == null) {
            return new Rejection(
                    null, "no id of a schema at its beginning; if the converter asks no registry, leave out registry");
        }
        last = known.get(id);
        if (last == null) {
            RegisteredSchema registered = schemas.schema(id);
            if (registered == null) {
                return new Rejection(null, "its schema " + id + " is not in the registry");
            }
            last = read(id, registered);
            known.put(id, last);
        }
        head = Arrays.copyOf(message, message[0] == GLUE ? GLUE_HEAD : CONFLUENT_HEAD);
        return null;
    }

    private static String id(byte[] message) {
        if (message.length >= CONFLUENT_HEAD && message[0] == CONFLUENT) {
            return Integer.toUnsignedString(ByteBuffer.wrap(message).getInt(1));
        }
        if (message.length >= GLUE_HEAD && message[0] == GLUE && (message[1] == 0 || message[1] == ZLIB)) {
            ByteBuffer uuid = ByteBuffer.wrap(message, 2, 16);
            return new UUID(uuid.getLong(), uuid.getLong()).toString();
        }
        return null;
    }

    private Known read(String id, RegisteredSchema registered) {
        String wanted = type == Language.AVRO ? RegisteredSchema.AVRO : RegisteredSchema.JSON;
        if (!registered.kind().equals(wanted)) {
            return Known.unusable("its schema " + id + " is of type " + registered.kind() + ", and format says type: "
                    + type.name().toLowerCase(Locale.ROOT));
        }
        try {
            if (type == Language.JSON) {
                return new Known(id, JsonSchemas.meaning(registered.text()), null, null);
            }
            Schema schema = AvroShape.parse(registered);
            AvroShape shape = AvroShape.of(schema);
            return new Known(id, AvroMeaning.of(schema), shape, null);
        } catch (IllegalArgumentException e) {
            return Known.unusable("its schema " + id + ": " + e.getMessage());
        }
    }

    private void unpack(byte[] message) throws IOException {
        bytes = message;
        from = head.length;
        if (message[0] == GLUE && message[1] == ZLIB) {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            try (InflaterOutputStream inflater = new InflaterOutputStream(plain)) {
                for (int at = from; at < message.length; at += STEP) {
                    inflater.write(message, at, Math.min(STEP, message.length - at));
                    if (plain.size() > MOST_INFLATED) {
                        throw new IOException("more than any message holds");
                    }
                }
            }
            bytes = plain.toByteArray();
            from = 0;
        }
    }

    @Override
    public boolean isEmpty() {
        int length = bytes.length - from;
        return length == 4 && bytes[from] == 'n';
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int from() {
        return from;
    }

    @Override
    public int to() {
        return bytes.length;
    }

    @Override
    public ConnectSchema schema() {
        return last.schema;
    }

    @Override
    public String schemaName() {
        return "schema " + last.id;
    }
}
