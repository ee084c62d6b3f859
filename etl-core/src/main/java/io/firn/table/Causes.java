package io.firn.table;

/** What lies beneath a failure that Spark, Iceberg or an executor wrapped. */
public final class Causes {
    private Causes() {}

    /** Whether a failure, or what caused it, is one of these. */
    public static boolean has(Throwable failure, Class<?>... types) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (Class<?> type : types) {
                if (type.isInstance(cause)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Spark, written in Scala, throws checked exceptions without a word: catch Exception where its jobs may fail. */
    public static RuntimeException unchecked(Exception failure) {
        return failure instanceof RuntimeException known
                ? known
                : new IllegalStateException(failure.getMessage(), failure);
    }
}
