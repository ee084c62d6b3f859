package io.firn.init;

/** A sample from which no pipeline can be told; the message says why and what to do. */
public final class InferenceException extends RuntimeException {
    public InferenceException(String message) {
        super(message);
    }
}
