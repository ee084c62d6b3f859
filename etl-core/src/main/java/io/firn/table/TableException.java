package io.firn.table;

/** A table cannot be used as asked; the message says what happened, why, and how to go on. */
public class TableException extends RuntimeException {
    public TableException(String message) {
        super(message);
    }

    public TableException(String message, Throwable cause) {
        super(message, cause);
    }
}
