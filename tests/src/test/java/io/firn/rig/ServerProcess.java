package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JVM of the servers' own classpath, which the build of {@code tests/servers} resolved. */
final class ServerProcess {
    private static final Path BUILT =
            Path.of(System.getProperty("firn.servers", "servers/target")).toAbsolutePath();
    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final Watchdog watchdog;
    private final Path log;

    private ServerProcess(Process process, Watchdog watchdog, Path log) {
        this.process = process;
        this.watchdog = watchdog;
        this.log = log;
    }

    static Path plugins() {
        return built("plugins");
    }

    private static Path built(String name) {
        Path path = BUILT.resolve(name);
        if (!Files.exists(path)) {
            throw new IllegalStateException(path + " is missing; build it: mvn -pl tests -am process-classes");
        }
        return path;
    }

    /** Starts a main class of Kafka's; see {@link #startRegistry}. */
    static ServerProcess start(Watchdog watchdog, Path folder, String heap, String main, String... arguments) {
        try {
            String classpath = Files.readString(built("kafka.classpath")).strip();
            return start(watchdog, folder, heap, classpath, main, List.of(), List.of(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the S3 stand-in's main class. */
    static ServerProcess startS3(Watchdog watchdog, Path folder, String main, String... arguments) {
        return startOf("s3", watchdog, folder, main, arguments);
    }

    /** Starts the REST catalog's main class. */
    static ServerProcess startRest(Watchdog watchdog, Path folder, String main, String... arguments) {
        return startOf("rest", watchdog, folder, main, arguments);
    }

    private static ServerProcess startOf(
            String module, Watchdog watchdog, Path folder, String main, String... arguments) {
        String built = "../" + module + "/target/";
        try {
            String classpath =
                    Files.readString(built(built + module + ".classpath")).strip();
            Path classes = BUILT.resolve(built + "classes").normalize();
            return start(watchdog, folder, "256m", classes + ":" + classpath, main, List.of(), List.of(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the schema registry with settings of its own. */
    static ServerProcess startRegistry(Watchdog watchdog, Path folder, List<String> settings) {
        try (Stream<Path> files = Files.list(built("registry"))) {
            Path jar = files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
            return start(
                    watchdog, folder, "256m", jar.toString(), "io.quarkus.runner.GeneratedMain", settings, List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With settings for a small machine; what it logs is in {@code folder}. */
    private static ServerProcess start(
            Watchdog watchdog,
            Path folder,
            String heap,
            String classpath,
            String main,
            List<String> settings,
            List<String> arguments) {
        Path log = folder.resolve(main.substring(main.lastIndexOf('.') + 1) + ".log");
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + heap,
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Duser.timezone=UTC",
                    "-Dlog4j2.configurationFile=" + logging(folder),
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
            command.addAll(settings);
            command.addAll(List.of("-cp", classpath, main));
            command.addAll(arguments);
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start();
            watchdog.watch(process.pid());
            return new ServerProcess(process, watchdog, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path logging(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("log4j2.properties"),
                """
                rootLogger.level = warn
                rootLogger.appenderRef.out.ref = out
                appender.out.type = Console
                appender.out.name = out
                appender.out.layout.type = PatternLayout
                appender.out.layout.pattern = %d{HH:mm:ss,SSS} %p %c{1}: %m%n%ex
                """);
    }

    /** Waits until it listens; fails with its log if it dies first. */
    void awaitPort(int port) {
        Await.until("port " + port + " answers; see " + log, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("a server ended at its start:\n" + log());
            }
            return Ports.answers(port);
        });
    }

    /** Waits for its end. */
    void awaitSuccess() {
        try {
            int exit = process.waitFor();
            watchdog.forget(process.pid());
            if (exit != 0) {
                throw new IllegalStateException("a server's tool ended with " + exit + ":\n" + log());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, and waits until it did. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
            watchdog.forget(process.pid());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** As {@code kill -NAME} does. */
    void signal(String name) {
        try {
            int failed = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (failed != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + failed);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** As {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
            watchdog.forget(process.pid());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a server ended", e);
    }
}
