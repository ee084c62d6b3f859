package io.firn;

import io.firn.config.ConfigException;
import io.firn.table.RetriesExhausted;
import io.firn.table.RollbackDetected;

/** What a table's failure means for the exit code. */
final class Failures {
    private Failures() {}

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
