package io.firn.transform;

import org.apache.spark.SparkThrowable;
import org.apache.spark.TaskKilledException;

/** Names why an expression failed on a row; Spark's own messages quote the row's values, so only conditions are told. */
final class ExpressionFailure {
    private ExpressionFailure() {}

    static String reason(Exception failure) {
        if (failure instanceof TaskKilledException killed) {
            throw killed;
        }
        if (!(failure instanceof SparkThrowable spark) || spark.getCondition() == null) {
            return "expression failed: " + failure.getClass().getSimpleName();
        }
        String condition = "expression failed: " + spark.getCondition();
        Throwable cause = failure.getCause();
        return spark.getCondition().startsWith("FAILED_EXECUTE_UDF") && cause != null
                ? condition + " (" + cause.getClass().getSimpleName() + ")"
                : condition;
    }
}
