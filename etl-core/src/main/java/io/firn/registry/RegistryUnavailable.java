package io.firn.registry;

/** A registry that does not answer, or refuses to. */
public final class RegistryUnavailable extends RuntimeException {

    /** @param registry where it is, without secrets */
    RegistryUnavailable(String registry, String why, Throwable cause) {
        super(
                "the schema registry at " + registry + " cannot be asked: " + why
                        + ". Nothing was written without it; check the registry and its settings, and run again",
                cause);
    }
}
