package io.firn.source;

import io.firn.config.Secrets;

/** Brokers that do not answer, or refuse to. */
public final class SourceUnavailable extends RuntimeException {
    SourceUnavailable(TopicSource source, Throwable cause) {
        super(
                "Kafka at " + Secrets.masked(source.brokers()) + " cannot be asked: "
                        + (cause.getMessage() == null ? cause.toString() : cause.getMessage())
                        + ". Nothing was loaded; check brokers and settings, and run again",
                cause);
    }
}
