package io.firn.change;

import java.io.Serializable;

/**
 * How a topic's connector writes, as its own settings say it.
 *
 * @param schemas whether messages carry their schema ({@code converter.schemas.enable}); null: in-message
 * @param envelope Debezium's envelope, or rows flattened by ExtractNewRecordState; null: debezium
 * @param binary {@code binary.handling.mode}; in all but bytes an unchanged large value comes as null, so that null
 *     binary columns of PostgreSQL's updates count as unavailable; null: bytes
 * @param tombstones whether a record without value is a delete of its own; null: follow-deletes
 * @param placeholder {@code unavailable.value.placeholder}; null: Debezium's own
 */
public record ChangeFormat(Schemas schemas, Envelope envelope, Binary binary, Tombstones tombstones, String placeholder)
        implements Serializable {

    public static final String PLACEHOLDER = "__debezium_unavailable_value";

    /** A connector with default settings. */
    public static final ChangeFormat DEFAULT = of(Schemas.IN_MESSAGE, Envelope.DEBEZIUM);

    public ChangeFormat {
        schemas = schemas == null ? Schemas.IN_MESSAGE : schemas;
        envelope = envelope == null ? Envelope.DEBEZIUM : envelope;
        binary = binary == null ? Binary.BYTES : binary;
        tombstones = tombstones == null ? Tombstones.FOLLOW_DELETES : tombstones;
        placeholder = placeholder == null ? PLACEHOLDER : placeholder;
    }

    public enum Schemas {
        IN_MESSAGE,
        NONE
    }

    public enum Envelope {
        DEBEZIUM,
        UNWRAPPED
    }

    public enum Binary {
        BYTES,
        BASE64,
        HEX
    }

    public enum Tombstones {
        /** Deletes have events of their own, as Debezium writes them by default. */
        FOLLOW_DELETES,
        /** The transform drops the events of deletes and leaves the tombstones only. */
        ARE_DELETES
    }

    /** A connector whose other settings are its defaults. */
    public static ChangeFormat of(Schemas schemas, Envelope envelope) {
        return new ChangeFormat(schemas, envelope, Binary.BYTES, Tombstones.FOLLOW_DELETES, PLACEHOLDER);
    }

    public ChangeFormat with(Binary mode) {
        return new ChangeFormat(schemas, envelope, mode, tombstones, placeholder);
    }

    public ChangeFormat with(Tombstones meaning) {
        return new ChangeFormat(schemas, envelope, binary, meaning, placeholder);
    }
}
