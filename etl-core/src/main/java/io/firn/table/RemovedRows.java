package io.firn.table;

import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;

/**
 * How many rows left a table on purpose after they were loaded, by erasure or retention: the ledgers still count them,
 * and {@code firn verify} takes that many for missed.
 */
final class RemovedRows {
    static final String PROPERTY = "firn.removed-rows";

    private RemovedRows() {}

    static long of(Table table) {
        return Long.parseLong(table.properties().getOrDefault(PROPERTY, "0"));
    }

    /** Makes a transaction fail where a rival was first: changes of schemas, even empty ones, are never re-applied. */
    static void pin(Transaction transaction) {
        transaction.updateSchema().commit();
    }

    static void add(Transaction transaction, long rows) {
        // A sum that was set again on top of a rival's commit would lose the rival's rows.
        pin(transaction);
        transaction
                .updateProperties()
                .set(PROPERTY, Long.toString(of(transaction.table()) + rows))
                .commit();
    }
}
