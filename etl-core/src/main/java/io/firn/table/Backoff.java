package io.firn.table;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Waits between tries, longer each time and never equally long for two runs. */
public final class Backoff {
    private static final long FIRST_MILLIS = 20;
    private static final int MOST_DOUBLINGS = 7;

    private Backoff() {}

    /**
     * Waits before the next try.
     *
     * @param tries that were made so far
     */
    public static void pause(int tries) {
        long most = FIRST_MILLIS << Math.min(tries, MOST_DOUBLINGS);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most * 1_000_000));
        if (Thread.currentThread().isInterrupted()) {
            throw new TableException(
                    "The run was interrupted between two tries; run again, it goes on from where the tables stand.");
        }
    }
}
