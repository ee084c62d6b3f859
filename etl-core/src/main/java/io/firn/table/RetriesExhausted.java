package io.firn.table;

/** Others kept committing to the table for so long that this commit never got in; nothing was added. */
public final class RetriesExhausted extends TableException {
    RetriesExhausted(String message, Throwable cause) {
        super(message, cause);
    }
}
