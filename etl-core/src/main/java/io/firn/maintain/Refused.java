package io.firn.maintain;

/** A verb would not be safe; the message says why, and what to do. */
final class Refused extends RuntimeException {
    Refused(String message) {
        super(message);
    }

    Refused(String message, Throwable cause) {
        super(message, cause);
    }
}
