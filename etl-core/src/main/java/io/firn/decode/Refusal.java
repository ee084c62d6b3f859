package io.firn.decode;

import io.firn.schema.Rejection;

/** Carries a {@link Rejection} out of the depths of a line; without a stack trace, since bad lines may come in millions. */
final class Refusal extends RuntimeException {
    private final transient Rejection rejection;

    Refusal(String column, String reason) {
        super(reason, null, false, false);
        this.rejection = new Rejection(column, reason);
    }

    Rejection rejection() {
        return rejection;
    }
}
