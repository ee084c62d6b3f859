package io.firn;

import io.firn.config.ConfigException;
import io.firn.table.RetriesExhausted;
import io.firn.table.RollbackDetected;

/** What a table's failure means for the exit code. */
final class Failures {
    private Failures() {}

    /** Spark, written in Scala, throws checked exceptions without a word: catch Exception where its jobs may fail. */
    static RuntimeException unchecked(Exception failure) {
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure.getMessage(), failure);
    }

    static ExitCode exit(RuntimeException failure) {
        if (failure instanceof FirnException known) {
            return known.exit();
        }
        if (failure instanceof ConfigException) {
            return ExitCode.USAGE;
        }
        boolean conflict = failure instanceof RollbackDetected || failure instanceof RetriesExhausted;
        return conflict ? ExitCode.CONFLICT : ExitCode.FAILED;
    }
}
