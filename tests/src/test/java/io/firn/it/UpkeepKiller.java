package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Kills upkeep amid its work, as {@code kill -9} does: a while after so many of its stops, which are what its verb logs
 * and every commit. The process that dies next starts while the last one's work is looked at.
 */
final class UpkeepKiller implements AutoCloseable {
    private static final String END = "end";
    private static final int SOON = 80;
    private static final Bounds GUESS = new Bounds(8, 2500);

    private final Map<String, Bounds> bounds =
            new HashMap<>(Map.of("expire-data", new Bounds(2, 100), "remove-orphans", new Bounds(24, 3000)));
    private Victim next = Victim.start();

    /** How many stops upkeep has, and how long it takes from the first; guessed until a kill came too late. */
    private record Bounds(int stops, int millis) {}

    private record Victim(Child child, BlockingQueue<String> stops) {
        static Victim start() {
            BlockingQueue<String> stops = new LinkedBlockingQueue<>();
            return new Victim(
                    new Child(line -> {
                        if (line.startsWith("firn ") || line.startsWith("Successfully committed to table")) {
                            stops.add(line);
                        }
                    }),
                    stops);
        }
    }

    /** Begins upkeep and kills it at a moment that chance chooses; tells when. Null: it had ended before. */
    String kill(Path home, String verb, List<String> tables, Random random)
            throws InterruptedException, ExecutionException {
        Bounds most = bounds.getOrDefault(verb, GUESS);
        boolean atStop = random.nextBoolean();
        int stops = atStop ? 1 + random.nextInt(most.stops()) : 1;
        int millis = random.nextInt(atStop ? SOON : most.millis());
        Victim victim = next;
        try (Child child = victim.child()) {
            child.open(home);
            child.maintain(verb, tables);
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(child::answer);
            CompletableFuture<Boolean> unused =
                    answer.thenApply(end -> victim.stops().add(END));
            String last = victim.stops().take();
            Instant begun = Instant.now();
            int reached = 1;
            while (reached < stops && !last.equals(END)) {
                last = victim.stops().take();
                reached++;
            }
            if (!ends(answer, millis)) {
                child.kill();
            }
            String said = answer.get();
            if (said == null) {
                return "stop %d and %d ms, %s".formatted(stops, millis, last);
            }
            assertThat(said).isEqualTo("done OK");
            int took = (int) Duration.between(begun, Instant.now()).toMillis();
            bounds.put(
                    verb,
                    atStop
                            ? new Bounds(Math.max(1, reached - 1), most.millis())
                            : new Bounds(most.stops(), Math.max(1, took)));
            return null;
        } finally {
            next = Victim.start();
        }
    }

    /** Whether it says within that time how it ended; a process that dies by itself says nothing. */
    private static boolean ends(CompletableFuture<String> answer, int millis)
            throws InterruptedException, ExecutionException {
        try {
            assertThat(answer.get(millis, TimeUnit.MILLISECONDS)).isNotNull();
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Override
    public void close() {
        next.child().close();
    }
}
