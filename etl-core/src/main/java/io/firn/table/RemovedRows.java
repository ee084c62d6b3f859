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

    static void add(Transaction transaction, long rows) {
        // A sum that was set again on top of a rival's commit would lose the rival's rows: this fails where one was
        // first.
        transaction.updateSchema().commit();
        transaction
                .updateProperties()
                .set(PROPERTY, Long.toString(of(transaction.table()) + rows))
                .commit();
    }
}
