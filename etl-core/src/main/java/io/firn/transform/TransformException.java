package io.firn.transform;

/** A mistake in an event's transforms that only Spark can see; the message is for the user, a stack trace is not. */
public final class TransformException extends RuntimeException {
    TransformException(String message) {
        super(message);
    }

    TransformException(String message, Throwable cause) {
        super(message, cause);
    }
}
