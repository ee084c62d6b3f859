package io.firn.rig;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what other processes do: polls until it is so, and fails after a deadline. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(25);

    private Await() {}

    /** Returns as soon as {@code done} says so. */
    public static void until(String what, Supplier<Boolean> done) {
        value(what, () -> done.get() ? Boolean.TRUE : null);
    }

    /** The first answer that is not null. */
    public static <T> T value(String what, Supplier<T> ask) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (T answer = ask.get(); ; answer = ask.get()) {
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not so after " + PATIENCE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
