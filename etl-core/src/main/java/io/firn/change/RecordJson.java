package io.firn.change;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

import io.firn.registry.Schemas;
import io.firn.schema.JsonPath;

/** What keys and values of a topic's records say as JSON, however they are written. For one thread. */
public final class RecordJson implements Serializable {
    private static final long serialVersionUID = 1;

    private final ChangeFormat format;
    private final Schemas schemas;
    private transient Payload key;
    private transient Payload value;

    /** @param schemas those of the format's registry; null where it has none */
    public RecordJson(ChangeFormat format, Schemas schemas) {
        this.format = format;
        this.schemas = schemas;
    }

    /** Where a value's JSON holds rows: before and after the change, or itself. */
    public List<JsonPath> rows() {
        return format.envelope() == ChangeFormat.Envelope.DEBEZIUM
                ? List.of(new JsonPath(List.of("after")), new JsonPath(List.of("before")))
                : List.of(new JsonPath(List.of()));
    }

    /** Null where it cannot be read, or says nothing. */
    public byte[] key(byte[] message) {
        if (key == null) {
            key = Payload.of(format, schemas);
        }
        return json(key, message);
    }

    /** Null where it cannot be read, or says nothing. */
    public byte[] value(byte[] message) {
        if (value == null) {
            value = Payload.of(format, schemas);
        }
        return json(value, message);
    }

    private static byte[] json(Payload payload, byte[] message) {
        if (message == null || payload.find(message) != null || payload.isEmpty()) {
            return null;
        }
        return Arrays.copyOfRange(payload.bytes(), payload.from(), payload.to());
    }
}
