package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The servers of this JVM's tests, each started when it is first asked for and shared by all tests, which keep apart by
 * database, topic prefix and slot. They end with this JVM.
 */
public final class Rig {
    private static final long FLUSH_MILLIS = 100;

    private final Watchdog watchdog = new Watchdog();
    private final ExecutorService threads = Executors.newCachedThreadPool(Rig::daemon);
    private final Map<String, Long> startMillis = new LinkedHashMap<>();
    private final AtomicInteger ownConnects = new AtomicInteger();
    private final AtomicInteger ownRegistries = new AtomicInteger();
    private final Part<KafkaServer> kafka = new Part<>("kafka", () -> KafkaServer.start(watchdog));
    private final Part<Postgres> postgres = new Part<>("postgres", () -> Postgres.start(watchdog));
    private final Part<MariaDb> mariaDb = new Part<>("mariadb", () -> MariaDb.start(watchdog));
    private final Part<Connect> connect =
            new Part<>("connect", () -> Connect.start(watchdog, "connect", kafka().bootstrap(), FLUSH_MILLIS));

    private final Part<Registry> registry = new Part<>("registry", () -> Registry.start(watchdog, "registry"));

    private final Part<S3Server> s3 = new Part<>("s3", () -> S3Server.start(watchdog));

    private Rig() {}

    /** This JVM's. */
    public static Rig shared() {
        return Shared.RIG;
    }

    public KafkaServer kafka() {
        return kafka.running();
    }

    public Postgres postgres() {
        return postgres.running();
    }

    public MariaDb mariaDb() {
        return mariaDb.running();
    }

    public Connect connect() {
        return connect.running();
    }

    public Registry registry() {
        return registry.running();
    }

    /** S3, Glue and a REST catalog, of whose answers a share fails while the faults are on. */
    public Cloud cloud(long seed, double share) {
        return new Cloud(watchdog, s3.running(), new Faults(seed, share));
    }

    /** A registry that a test may kill. */
    public Registry ownRegistry() {
        return Registry.start(watchdog, "registry-" + ownRegistries.incrementAndGet());
    }

    /** Starts all parts but the registry at once; sooner than each when it is asked for. */
    public Rig all() {
        CompletableFuture.allOf(kafka.begin(), postgres.begin(), mariaDb.begin(), connect.begin())
                .join();
        return this;
    }

    /** A connector on the shared Connect, to be started. */
    public Connector.Plan connector(Database database, String... tables) {
        return connector(connect(), database, tables);
    }

    /** A connector on a Connect of the test's own, to be started. */
    public Connector.Plan connector(Connect own, Database database, String... tables) {
        return new Connector.Plan(own, database, List.of(tables));
    }

    /**
     * A Connect that a test may stop and kill.
     *
     * @param flushMillis how often it writes down how far it came
     */
    public Connect ownConnect(long flushMillis) {
        return Connect.start(watchdog, "connect-" + ownConnects.incrementAndGet(), kafka().bootstrap(), flushMillis);
    }

    /** What runs: how long it took to start, and the memory that it holds alone. */
    public String figures() {
        List<String> lines = new ArrayList<>();
        startMillis.forEach(
                (name, millis) -> lines.add("%-9s started in %5d ms, %4d MB".formatted(name, millis, megabytes(name))));
        return String.join("\n", lines);
    }

    private long megabytes(String name) {
        long pid =
                switch (name) {
                    case "kafka" -> kafka().pid();
                    case "postgres" -> postgres().pid();
                    case "mariadb" -> mariaDb().pid();
                    case "registry" -> registry().pid();
                    case "s3" -> s3.running().pid();
                    default -> connect().pid();
                };
        return ProcessHandle.of(pid).stream()
                        .flatMap(p -> Stream.concat(Stream.of(p), p.descendants()))
                        .mapToLong(p -> kilobytes(p.pid()))
                        .sum()
                / 1024;
    }

    /** Proportional, so that memory that processes share counts once. */
    private static long kilobytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                    .filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "rig");
        thread.setDaemon(true);
        return thread;
    }

    private final class Part<T> {
        private final String name;
        private final Supplier<T> start;
        private CompletableFuture<T> started;

        Part(String name, Supplier<T> start) {
            this.name = name;
            this.start = start;
        }

        synchronized CompletableFuture<T> begin() {
            if (started == null) {
                started = CompletableFuture.supplyAsync(this::timed, threads);
            }
            return started;
        }

        private T timed() {
            long before = System.nanoTime();
            T running = start.get();
            synchronized (startMillis) {
                startMillis.put(name, (System.nanoTime() - before) / 1_000_000);
            }
            return running;
        }

        T running() {
            try {
                return begin().join();
            } catch (CompletionException e) {
                throw new IllegalStateException(
                        name + " did not start: " + e.getCause().getMessage(), e.getCause());
            }
        }
    }

    private static final class Shared {
        private static final Rig RIG = new Rig();
    }
}
