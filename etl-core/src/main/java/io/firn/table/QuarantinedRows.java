package io.firn.table;

import java.util.Collection;

import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.spark.sql.SparkSession;

/** Deletes rows of a quarantine whose lines a table holds by now. */
public final class QuarantinedRows {
    private static final int TRIES = 10;

    private QuarantinedRows() {}

    /**
     * Deletes them; done again it deletes nothing more.
     *
     * @param files the source files whose rows to look at
     */
    public static void deleteLoaded(
            SparkSession spark, TableName quarantine, String pipeline, TableName table, Collection<String> files) {
        String statement = "DELETE FROM " + quarantine.quoted() + " q WHERE q.pipeline = " + SqlLiterals.text(pipeline)
                + " AND EXISTS (SELECT 1 FROM " + table.quoted() + " t WHERE t." + LoadColumns.FILE + " IN "
                + SqlLiterals.list(files) + " AND t." + LoadColumns.FILE + " = q." + LoadColumns.FILE + " AND t."
                + LoadColumns.OFFSET + " = q." + LoadColumns.OFFSET + ")";
        RuntimeException rival = null;
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                spark.sql(statement);
                return;
            } catch (CommitFailedException | ValidationException e) {
                rival = e;
                Backoff.pause(tries);
            }
        }
        throw new RetriesExhausted(
                "Rows that table " + table + " holds by now could not be deleted from " + quarantine
                        + ": others kept changing it. Run again when they are done.",
                rival);
    }
}
