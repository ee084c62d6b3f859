package io.firn.table;

/** A table's data was taken back while its ledger was not: loading on would skip what was taken back. */
public final class RollbackDetected extends TableException {
    RollbackDetected(String message) {
        super(message);
    }
}
