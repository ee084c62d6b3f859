package io.firn.it;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a run over changes is killed: a while after it came to a stop so many times, or after its start.
 *
 * @param stop as {@link #stop} tells it; null: its start
 */
record KillMoment(String stop, int times, int millis) {
    private static final Pattern STOP =
            Pattern.compile("firn (stage|publish) (\\S+): ([a-z ]+?)( snapshot \\d+| [0-9a-f]{19,20})?");

    /** Where a run is, by what it logs; null: something else. */
    static String stop(String line) {
        Matcher match = STOP.matcher(line);
        if (!match.matches()) {
            return null;
        }
        String table = match.group(2).endsWith("quarantine") ? "the quarantine" : "a table";
        return match.group(1) + " " + table + ": " + match.group(3);
    }

    /** Starts a run in a process of its own and kills it, as {@code kill -9} does; false: it had ended before. */
    boolean kill(Path lake) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(times);
        CompletableFuture<Boolean> inTime = new CompletableFuture<>();
        try (Child child = new Child(line -> {
            String reached = stop(line);
            if (reached != null && reached.equals(stop) && left.decrementAndGet() == 0) {
                inTime.complete(true);
            }
        })) {
            child.open(lake);
            child.drain();
            CompletableFuture<Void> end = CompletableFuture.runAsync(() -> inTime.complete(child.answer() == null));
            if (stop == null || inTime.join()) {
                boolean unused = child.livesFor(millis);
            }
            child.kill();
            end.join();
            return inTime.join();
        }
    }

    @Override
    public String toString() {
        return stop == null ? millis + " ms" : stop + " (" + times + ") and " + millis + " ms";
    }
}
