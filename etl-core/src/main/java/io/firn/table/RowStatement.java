package io.firn.table;

import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;

/** A DELETE or UPDATE of a table's main branch, beside which others commit. */
public final class RowStatement {
    private static final int TRIES = 10;
    /** A file that is gone for each of so many is gone for good. */
    private static final int READS = 3;

    private RowStatement() {}

    /**
     * Runs it, again when another commit came between, or an expiry took what it read; it must do nothing more when it
     * is done again. Throws {@link RetriesExhausted} when others never let it in.
     *
     * @param otherwise what was not done then, as the beginning of a sentence
     */
    public static void run(Runnable statement, String otherwise) {
        Exception rival = null;
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                statement.run();
                return;
            } catch (Exception e) { // Spark throws checked ones without a word
                boolean rivalry = has(e, CommitFailedException.class) || has(e, ValidationException.class);
                boolean expired = has(e, NotFoundException.class) && tries + 1 < READS;
                if (!rivalry && !expired) {
                    throw e;
                }
                rival = e;
                Backoff.pause(tries);
            }
        }
        throw new RetriesExhausted(
                otherwise + ": others kept changing it. Run again when they are done. The last try: "
                        + rival.getMessage(),
                rival);
    }

    private static boolean has(Throwable failure, Class<?> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
