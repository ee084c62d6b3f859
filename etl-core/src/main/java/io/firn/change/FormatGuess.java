package io.firn.change;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Language;
import io.firn.registry.Registry;
import io.firn.registry.Schemas;
import io.firn.schema.Rejection;

/** Tells from a topic's records how its connector writes. */
public final class FormatGuess {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The highest first byte of messages that begin with a schema's id; no JSON begins so. */
    private static final int LAST_FRAME = 3;

    private final Registry registry;
    private final Schemas schemas;

    private FormatGuess(Registry registry, Schemas schemas) {
        this.registry = registry;
        this.schemas = schemas;
    }

    /**
     * The format of the newest record that tells one; empty: plain JSON objects, which no connector of changes wrote.
     *
     * @param records the newest last
     * @param registry null: none is known
     * @param schemas the registry's; null: none is known
     * @throws IllegalArgumentException if no record can be understood; it says why and what to do
     */
    public static Optional<ChangeFormat> of(List<KafkaRecord> records, Registry registry, Schemas schemas) {
        FormatGuess guess = new FormatGuess(registry, schemas);
        IllegalArgumentException why = null;
        for (int i = records.size() - 1; i >= 0; i--) {
            byte[] value = records.get(i).value();
            if (value == null || value.length == 0) {
                continue;
            }
            try {
                return value[0] >= 0 && value[0] <= LAST_FRAME ? Optional.of(guess.framed(value)) : guess.json(value);
            } catch (IllegalArgumentException e) {
                why = why == null ? e : why;
            }
        }
        throw why == null ? new IllegalArgumentException("it holds no record with a value") : why;
    }

    private ChangeFormat framed(byte[] value) {
        if (registry == null) {
            throw new IllegalArgumentException(
                    "its messages begin with the id of a schema; say with --registry which registry has it");
        }
        Rejection rejection = null;
        for (Language language : Language.values()) {
            ChangeFormat format = ChangeFormat.of(language, registry);
            Payload payload = Payload.of(format, schemas);
            Rejection unread = payload.find(value);
            if (unread == null && payload.schema() != null) {
                return new ChangeFormat(language, registry, null, envelope(payload.schema()), null, null, null);
            }
            boolean other = unread != null && unread.reason().contains("and format says type");
            rejection = rejection == null || !other ? unread : rejection;
        }
        throw new IllegalArgumentException(rejection == null ? "its messages are empty" : rejection.reason());
    }

    private Optional<ChangeFormat> json(byte[] value) {
        if (registry != null) {
            throw new IllegalArgumentException(
                    "its messages do not begin with the id of a schema, so no registry is asked: leave out --registry");
        }
        JsonNode message;
        try {
            message = JSON.readTree(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("its messages are neither JSON nor do they begin with a schema's id", e);
        }
        if (message == null || !message.isObject()) {
            throw new IllegalArgumentException("its messages are JSON, but no objects, so that nothing names columns");
        }
        if (message.size() == 2 && message.has("schema") && message.has("payload")) {
            ConnectSchema schema = message.get("schema").isObject()
                    ? ConnectSchema.parse(message.get("schema").toString())
                    : null;
            return schema == null
                    ? plain(message.get("payload"))
                    : Optional.of(ChangeFormat.of(ChangeFormat.Schemas.IN_MESSAGE, envelope(schema)));
        }
        return plain(message);
    }

    private static Optional<ChangeFormat> plain(JsonNode message) {
        boolean change = message.path("op").isTextual()
                && message.path("source").isObject()
                && (message.has("after") || message.has("before"));
        if (change) {
            return Optional.of(ChangeFormat.of(ChangeFormat.Schemas.NONE, Envelope.DEBEZIUM));
        }
        for (Iterator<String> names = message.fieldNames(); names.hasNext(); ) {
            if (names.next().matches("__(source_)?(op|deleted|lsn|sequence|ts_ms|file|pos)")) {
                return Optional.of(ChangeFormat.of(ChangeFormat.Schemas.NONE, Envelope.UNWRAPPED));
            }
        }
        return Optional.empty();
    }

    private static Envelope envelope(ConnectSchema schema) {
        return schema.isEnvelope() ? Envelope.DEBEZIUM : Envelope.UNWRAPPED;
    }
}
