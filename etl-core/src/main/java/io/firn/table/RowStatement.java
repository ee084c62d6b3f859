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
            } catch (Exception e) {
                boolean rivalry = Causes.has(e, CommitFailedException.class, ValidationException.class);
                boolean expired = Causes.has(e, NotFoundException.class) && tries + 1 < READS;
                if (!rivalry && !expired) {
                    throw Causes.unchecked(e);
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
}
