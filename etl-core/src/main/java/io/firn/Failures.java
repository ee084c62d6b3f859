package io.firn;

import io.firn.config.ConfigException;
import io.firn.registry.RegistryUnavailable;
import io.firn.source.SourceUnavailable;
import io.firn.table.Causes;
import io.firn.table.RetriesExhausted;
import io.firn.table.RollbackDetected;

/** What a table's failure means for the exit code. */
final class Failures {
    private static final int MOST_CAUSES = 20;

    private Failures() {}

    /** As of {@link Causes#unchecked}, but a registry that was down in a task is told as such. */
    static RuntimeException unchecked(Exception failure) {
        RegistryUnavailable down = registryDown(failure);
        return down == null ? Causes.unchecked(failure) : down;
    }

    /** The registry's failure, which a task may have met; null where it is none. */
    private static RegistryUnavailable registryDown(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < MOST_CAUSES; depth++) {
            if (at instanceof RegistryUnavailable down) {
                return down;
            }
            at = at.getCause();
        }
        return null;
    }

    static ExitCode exit(RuntimeException failure) {
        if (failure instanceof FirnException known) {
            return known.exit();
        }
        if (failure instanceof ConfigException) {
            return ExitCode.USAGE;
        }
        if (failure instanceof RegistryUnavailable || failure instanceof SourceUnavailable) {
            return ExitCode.SOURCE_NOT_READY;
        }
        boolean conflict = failure instanceof RollbackDetected || failure instanceof RetriesExhausted;
        return conflict ? ExitCode.CONFLICT : ExitCode.FAILED;
    }
}
