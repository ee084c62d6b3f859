package io.firn.jobs;

import java.util.concurrent.ExecutionException;

import org.apache.spark.SparkException;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.config.ConfigException;
import io.firn.function.SqlFunctionsException;
import io.firn.init.InferenceException;
import io.firn.registry.RegistryUnavailable;
import io.firn.source.PositionLost;
import io.firn.source.SourceUnavailable;
import io.firn.table.RetriesExhausted;
import io.firn.table.RollbackDetected;
import io.firn.table.TableException;

/** What a person is told of a failure, and the exit code that goes with it. */
record Failure(ExitCode exit, String message, boolean unexpected) {

    /** The message where it is plain that Firn speaks. */
    String reason() {
        return message.replaceFirst("^firn: ", "");
    }

    static Failure of(Throwable failure) {
        if (failure instanceof FirnException firn) {
            return new Failure(firn.exit(), "firn: " + firn.getMessage(), false);
        }
        if (failure instanceof ConfigException config) {
            return new Failure(ExitCode.USAGE, config.getMessage(), false);
        }
        if (failure instanceof RollbackDetected || failure instanceof RetriesExhausted) {
            return new Failure(ExitCode.CONFLICT, "firn: " + failure.getMessage(), false);
        }
        if (failure instanceof RegistryUnavailable) {
            return new Failure(ExitCode.SOURCE_NOT_READY, "firn: " + failure.getMessage(), false);
        }
        if (failure instanceof TableException
                || failure instanceof SourceUnavailable
                || failure instanceof PositionLost) {
            return new Failure(ExitCode.FAILED, "firn: " + failure.getMessage(), false);
        }
        if (failure instanceof AnalysisException sql) {
            return new Failure(ExitCode.USAGE, "firn: " + sql.getSimpleMessage().strip(), false);
        }
        if (failure instanceof SqlFunctionsException || failure instanceof InferenceException) {
            return new Failure(ExitCode.USAGE, "firn: " + failure.getMessage().strip(), false);
        }
        boolean wrapper = failure instanceof SparkException || failure instanceof ExecutionException;
        if (wrapper && failure.getCause() != null) {
            return of(failure.getCause());
        }
        if (failure instanceof SparkThrowable sql && sql.getCondition() != null && !sql.isInternalError()) {
            return new Failure(ExitCode.FAILED, "firn: " + failure.getMessage().strip(), false);
        }
        String what = failure.getMessage() == null
                ? ""
                : ": " + failure.getMessage().lines().findFirst().orElse("");
        return new Failure(ExitCode.FAILED, "firn: " + failure.getClass().getSimpleName() + what, true);
    }
}
