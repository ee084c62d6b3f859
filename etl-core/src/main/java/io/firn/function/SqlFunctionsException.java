package io.firn.function;

/** A user's jar of SQL functions is broken; the message names the class and its jar. */
public final class SqlFunctionsException extends RuntimeException {
    SqlFunctionsException(String message, Throwable cause) {
        super(message, cause);
    }
}
