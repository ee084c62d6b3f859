package io.firn.decode;

import io.firn.schema.Rejection;

/** Carries a {@link Rejection} out of the depths of a line; without a stack trace, since bad lines may come in millions. */
final class Refusal extends RuntimeException {
    private final transient Rejection rejection;
    private final boolean misfit;

    /** A value that its column does not hold, or, without a column, a line that is no document. */
    Refusal(String column, String reason) {
        this(column, reason, column != null);
    }

    private Refusal(String column, String reason, boolean misfit) {
        super(reason, null, false, false);
        this.rejection = new Rejection(column, reason);
        this.misfit = misfit;
    }

    /** What a line lacks, or has too much: no other column could take it. */
    static Refusal ofLine(String column, String reason) {
        return new Refusal(column, reason, false);
    }

    /** Whether it is a value of another type than its column's. */
    boolean isMisfit() {
        return misfit;
    }

    Rejection rejection() {
        return rejection;
    }
}
