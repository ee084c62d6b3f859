package io.firn.table;

/** A ledger file is gone or is not what was written. */
public final class LedgerLost extends TableException {
    LedgerLost(String message, Throwable cause) {
        super(message, cause);
    }
}
