package io.firn.it;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A {@link LoadChild} as its parent sees it. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final Thread log;

    /** Starts one; {@code log} hears what it logs, line by line. */
    Child(Consumer<String> log) {
        Path root = Path.of("..").toAbsolutePath();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:SharedArchiveFile=" + root.resolve("etl-jobs/target/spark.jsa"),
                "-Xshare:auto",
                "-Xlog:disable",
                "@" + root.resolve("etl-core/src/main/jvm/spark.options"),
                "-Duser.timezone=UTC",
                "-Dlog4j2.configurationFile=child-log4j2.properties",
                "-cp",
                classPath(root),
                LoadChild.class.getName());
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out = process.inputReader(StandardCharsets.UTF_8);
        this.log = new Thread(
                () -> process.errorReader(StandardCharsets.UTF_8).lines().forEach(log), "child's log");
        this.log.setDaemon(true);
        this.log.start();
    }

    /** This JVM's, Spark's jars first: they start faster, see the launcher. */
    private static String classPath(Path root) {
        Set<String> all = new LinkedHashSet<>();
        try {
            Collections.addAll(
                    all,
                    Files.readString(root.resolve("etl-jobs/target/spark.classpath"))
                            .strip()
                            .split(File.pathSeparator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Collections.addAll(all, System.getProperty("java.class.path").split(File.pathSeparator));
        return String.join(File.pathSeparator, all);
    }

    /** Has it open the project of a folder; returns when it is ready to load. */
    void open(Path home) {
        say(home.toString());
        String answer = answer();
        if (!"open".equals(answer)) {
            throw new IllegalStateException("the child says: " + answer);
        }
    }

    /** Has it load, and does not wait. */
    void go() {
        say("go");
    }

    /** Has it take what topics hold now, and does not wait. */
    void drain() {
        say("drain");
    }

    /** Has it erase rows of a table of the pipeline, and does not wait. */
    void erase(String table, String where) {
        say("erase " + table + " " + where);
    }

    /** Has it keep tables of the pipeline, and does not wait. */
    void maintain(String verb, List<String> tables) {
        say("maintain " + verb + " " + String.join(" ", tables));
    }

    /** What it says next; null when it is dead. */
    String answer() {
        try {
            return out.readLine();
        } catch (IOException e) {
            // Killed while it spoke.
            return null;
        }
    }

    /** Whether it is still alive after a while; returns as soon as it is not. */
    boolean livesFor(long millis) throws InterruptedException {
        return !process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** As {@code kill -9} does, and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
            log.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String line) {
        try {
            OutputStream in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
