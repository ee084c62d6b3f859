package io.firn.registry;

import java.io.Serializable;

/** The schemas of a registry by the ids that messages carry; an id means the same schema for ever. Thread safe. */
public interface Schemas extends Serializable {

    /** A schema, or null where the registry does not know the id; throws {@link RegistryUnavailable} if it is down. */
    RegisteredSchema schema(String id);

    /** Throws {@link RegistryUnavailable} if the registry is down, so that nothing begins that could not end. */
    void require();
}
