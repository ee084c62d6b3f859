package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.Snapshot;

/**
 * What the table itself says about a pipeline's ledger, in a table property; also in the summary of the snapshot that
 * it came with, there without snapshot and sequence, which are that snapshot's own.
 *
 * @param address the ledger's index
 * @param sha256 of the index
 * @param table the table's UUID
 * @param commit names the load: equal loads have equal ids
 * @param attempt names the try that got in
 * @param snapshot the snapshot it came with
 * @param sequence that snapshot's sequence number
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LedgerPointer(
        String address, String sha256, String table, String commit, String attempt, Long snapshot, Long sequence)
        implements StatePointer {
    static final String PREFIX = "firn.ledger.";

    static LedgerPointer parse(String json) {
        try {
            return LedgerStore.JSON.readValue(json, LedgerPointer.class);
        } catch (IOException e) {
            throw new UncheckedIOException("A " + PREFIX + "* property is not what Firn wrote", e);
        }
    }

    @Override
    public String what() {
        return "ledger";
    }

    @Override
    public String json() {
        return LedgerStore.json(this);
    }

    @Override
    public LedgerPointer at(Snapshot came) {
        return new LedgerPointer(address, sha256, table, commit, attempt, came.snapshotId(), came.sequenceNumber());
    }
}
