package io.firn.source;

import java.util.regex.Pattern;

import io.firn.config.Secrets;

/** Brokers that do not answer or refuse to, or settings by which they cannot be asked. */
public final class SourceUnavailable extends RuntimeException {
    /** What Kafka cannot read of sasl.jaas.config it quotes, and that may be a part of a password. */
    private static final Pattern QUOTED = Pattern.compile("'[^']*'(?= in JAAS config)");

    SourceUnavailable(TopicSource source, Throwable cause) {
        super(message(source, text(cause)), cause);
    }

    private SourceUnavailable(TopicSource source, String why) {
        super(message(source, why));
    }

    /** Of clients that cannot be made of the settings; without the cause, whose text may hold a secret. */
    static SourceUnavailable settings(TopicSource source, RuntimeException failure) {
        Throwable why = failure;
        while (why.getCause() != null && text(why).startsWith("Failed to create new ")) {
            why = why.getCause();
        }
        return new SourceUnavailable(source, QUOTED.matcher(text(why)).replaceAll("***"));
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static String message(TopicSource source, String why) {
        return "Kafka at " + Secrets.masked(source.brokers()) + " cannot be asked: " + why
                + ". Nothing was loaded; check brokers and settings, and run again";
    }
}
