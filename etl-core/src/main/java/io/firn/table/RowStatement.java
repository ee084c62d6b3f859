package io.firn.table;

import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.spark.sql.SparkSession;

/** A DELETE or UPDATE of a table's main branch, beside which others commit. */
public final class RowStatement {
    private static final int TRIES = 10;

    private RowStatement() {}

    /**
     * Runs it, again when another commit came between; it must do nothing more when it is done again. Throws
     * {@link RetriesExhausted} when others never let it in.
     *
     * @param otherwise what was not done then, as the beginning of a sentence
     */
    public static void run(SparkSession spark, String statement, String otherwise) {
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
                otherwise + ": others kept changing it. Run again when they are done. The last try: "
                        + rival.getMessage(),
                rival);
    }
}
