package io.firn;

/** A failure that a person can mend: the message says what happened, why, and what to do. Shown without a stack trace. */
public final class FirnException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final ExitCode exit;

    public FirnException(ExitCode exit, String message) {
        super(message);
        this.exit = exit;
    }

    public ExitCode exit() {
        return exit;
    }
}
