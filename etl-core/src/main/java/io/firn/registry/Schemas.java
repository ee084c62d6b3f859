package io.firn.registry;

import java.io.Serializable;
import java.util.Optional;

/** The schemas of a registry by the ids that messages carry; an id means the same schema for ever. Thread safe. */
public interface Schemas extends Serializable {

    /** A schema, or null where the registry does not know the id; throws {@link RegistryUnavailable} if it is down. */
    RegisteredSchema schema(String id);

    /**
     * The latest version of a subject, {@code <topic>-value} or {@code <topic>-key}, asked for anew each time; empty where
     * there is none of that name. Throws {@link RegistryUnavailable} if the registry is down.
     */
    Optional<LatestSchema> latest(String subject);

    /** Throws {@link RegistryUnavailable} if the registry is down, so that nothing begins that could not end. */
    void require();
}
