package io.firn.table;

/** Others kept committing to the table for so long that this commit never got in; nothing was added. */
public final class RetriesExhausted extends TableException {
    public RetriesExhausted(String message, Throwable cause) {
        super(message, cause);
    }
}
