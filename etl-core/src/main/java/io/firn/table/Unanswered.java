package io.firn.table;

import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.exceptions.ServiceFailureException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;

/**
 * Failures after which nobody knows whether a catalog did what it was asked. Whoever meets one looks at the table before
 * asking again, and deletes nothing. Iceberg's REST client repeats no request that changes something, and reports a cut
 * connection as the plain base of its exceptions.
 */
public final class Unanswered {
    private Unanswered() {}

    /** Whether a failure, or what caused it, is of that kind. */
    public static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CommitStateUnknownException
                    || cause instanceof ServiceFailureException
                    || cause instanceof ServiceUnavailableException
                    || cause.getClass() == RESTException.class) {
                return true;
            }
        }
        return false;
    }
}
