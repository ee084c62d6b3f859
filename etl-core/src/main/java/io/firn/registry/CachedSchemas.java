package io.firn.registry;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Asks a registry for each id once, and bravely: a registry that restarts is no reason to fail. */
final class CachedSchemas implements Schemas {
    private static final int TRIES = 5;
    private static final int MOST_UNKNOWN = 1_000;

    /** In place of a schema that the registry does not have. */
    private static final RegisteredSchema UNKNOWN = new RegisteredSchema("", "", List.of());

    private final Source source;
    private final Duration pause;
    private final ConcurrentHashMap<String, RegisteredSchema> known = new ConcurrentHashMap<>();

    /** @param pause before the second try; it doubles with each */
    CachedSchemas(Source source, Duration pause) {
        this.source = source;
        this.pause = pause;
    }

    /** The registry itself, asked once. */
    interface Source extends Serializable {
        /** Empty where the id is unknown; throws Busy where it is worth to ask again. */
        Optional<RegisteredSchema> fetch(String id) throws Busy;

        /** Empty where there is no such subject; throws Busy where it is worth to ask again. */
        Optional<LatestSchema> latest(String subject) throws Busy;

        /** Asks whatever costs least. */
        void ping() throws Busy;

        /** Where it is, without secrets. */
        String place();
    }

    /** No answer this time. */
    static final class Busy extends Exception {
        Busy(String why, Throwable cause) {
            super(why, cause);
        }
    }

    @Override
    public RegisteredSchema schema(String id) {
        RegisteredSchema held = known.get(id);
        if (held == null) {
            held = fetched(id);
        }
        return held.equals(UNKNOWN) ? null : held;
    }

    /** One thread asks, however many wait for the same registry. */
    private synchronized RegisteredSchema fetched(String id) {
        RegisteredSchema held = known.get(id);
        if (held != null) {
            return held;
        }
        RegisteredSchema schema = bravely(() -> source.fetch(id)).orElse(UNKNOWN);
        if (!schema.equals(UNKNOWN) || known.size() < MOST_UNKNOWN) {
            known.put(id, schema);
        }
        return schema;
    }

    @Override
    public Optional<LatestSchema> latest(String subject) {
        return bravely(() -> source.latest(subject));
    }

    @Override
    public void require() {
        bravely(() -> {
            source.ping();
            return true;
        });
    }

    private interface Question<T> {
        T ask() throws Busy;
    }

    private <T> T bravely(Question<T> question) {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.ask();
            } catch (Busy e) {
                if (attempt == TRIES) {
                    throw new RegistryUnavailable(source.place(), e.getMessage(), e.getCause());
                }
                pause(attempt);
            }
        }
    }

    private void pause(int attempt) {
        try {
            Thread.sleep(pause.toMillis() << (attempt - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryUnavailable(source.place(), "interrupted", e);
        }
    }
}
