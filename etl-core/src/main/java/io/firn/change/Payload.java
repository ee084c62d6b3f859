package io.firn.change;

import io.firn.registry.Schemas;
import io.firn.schema.Rejection;

/** The JSON of a message, key or value, and its schema, however the two came. One per side of a topic and task. */
interface Payload {

    /** For messages of a format; {@code schemas} are those of its registry, null where it has none. */
    static Payload of(ChangeFormat format, Schemas schemas) {
        if (format.registry() != null) {
            return new RegisteredPayload(format.type(), schemas);
        }
        return format.schemas() == ChangeFormat.Schemas.NONE ? new PlainPayload() : new DescribedPayload();
    }

    /** Looks at a message; null when it can be read, else why not. */
    Rejection find(byte[] message);

    /** The same as far as {@link #schema} needs it, which may cost less; where that is null, all of it. */
    default Rejection findSchema(byte[] message) {
        return find(message);
    }

    /** The message stands for no value. */
    boolean isEmpty();

    /** Where the last message's JSON lies; no later message changes it. */
    byte[] bytes();

    int from();

    int to();

    /**
     * The schema of the last message, the same object as long as it is the same; null where messages have none. Throws
     * IllegalArgumentException when it cannot be understood.
     */
    ConnectSchema schema();

    /** What people call the last message's schema. */
    default String schemaName() {
        return "the messages' schema";
    }
}
