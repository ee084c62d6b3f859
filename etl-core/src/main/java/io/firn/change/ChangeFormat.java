package io.firn.change;

import java.io.Serializable;
import java.util.function.UnaryOperator;

import io.firn.config.Scope;
import io.firn.registry.Registry;

/**
 * How a topic's connector writes, as its own settings say it.
 *
 * @param type the language of keys and values; null: avro with a registry, else json
 * @param registry where the schemas are whose ids messages begin with; null: messages have no such ids
 * @param schemas whether messages carry their schema ({@code converter.schemas.enable}); null: in-message, unless a
 *     registry has it
 * @param envelope Debezium's envelope, or rows flattened by ExtractNewRecordState; null: debezium
 * @param binary {@code binary.handling.mode}; in all but bytes an unchanged large value comes as null, so that null
 *     binary columns of PostgreSQL's updates count as unavailable; null: bytes
 * @param tombstones whether a record without value is a delete of its own; null: follow-deletes
 * @param placeholder {@code unavailable.value.placeholder}; null: Debezium's own
 */
public record ChangeFormat(
        Language type,
        Registry registry,
        Schemas schemas,
        Envelope envelope,
        Binary binary,
        Tombstones tombstones,
        String placeholder)
        implements Serializable {

    public static final String PLACEHOLDER = "__debezium_unavailable_value";

    /** A connector with default settings. */
    public static final ChangeFormat DEFAULT = of(Schemas.IN_MESSAGE, Envelope.DEBEZIUM);

    public ChangeFormat {
        type = type == null ? registry == null ? Language.JSON : Language.AVRO : type;
        schemas = schemas == null && registry == null ? Schemas.IN_MESSAGE : schemas;
        envelope = envelope == null ? Envelope.DEBEZIUM : envelope;
        binary = binary == null ? Binary.BYTES : binary;
        tombstones = tombstones == null ? Tombstones.FOLLOW_DELETES : tombstones;
        placeholder = placeholder == null ? PLACEHOLDER : placeholder;
    }

    public enum Language {
        JSON,
        AVRO
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
        return new ChangeFormat(null, null, schemas, envelope, null, null, null);
    }

    /** A connector with default settings that writes into a registry. */
    public static ChangeFormat of(Language type, Registry registry) {
        return new ChangeFormat(type, registry, null, null, null, null, null);
    }

    /** Reports what cannot work. */
    public void check(Scope scope) {
        if (registry == null) {
            if (type == Language.AVRO) {
                scope.at("type").problem("Avro cannot be read without its schemas; say which registry has them");
            }
            return;
        }
        registry.check(scope.at("registry"));
        if (schemas != null) {
            scope.at("schemas")
                    .problem("messages whose schemas are in a registry carry their ids alone; leave out schemas");
        }
    }

    /** The same format with the registry's paths changed. */
    public ChangeFormat located(UnaryOperator<String> absolute) {
        Registry located = registry == null ? null : registry.located(absolute);
        return new ChangeFormat(type, located, schemas, envelope, binary, tombstones, placeholder);
    }

    /** Whether messages tell their columns. */
    public boolean describes() {
        return schemas != Schemas.NONE;
    }

    /** The registry's schemas, for the driver; null where the format has no registry. */
    public io.firn.registry.Schemas open() {
        return registry == null ? null : registry.open();
    }

    public ChangeFormat with(Binary mode) {
        return new ChangeFormat(type, registry, schemas, envelope, mode, tombstones, placeholder);
    }

    public ChangeFormat with(Tombstones meaning) {
        return new ChangeFormat(type, registry, schemas, envelope, binary, meaning, placeholder);
    }
}
