package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Spark's own standalone cluster on loopback: a master and two workers, each a JVM that starts executors and drivers as
 * JVMs of their own. Its Spark is what the launcher puts on the class path, which is what a cluster provides.
 */
public final class StandaloneCluster implements AutoCloseable {
    /** Where the driver runs. */
    public enum Mode {
        /** In the process of {@code spark-submit}. */
        CLIENT,
        /** On a worker; {@code spark-submit} ends when it is handed over. */
        CLUSTER
    }

    /** How {@code spark-submit} ended. */
    public record Submitted(int exit, String out, String err) {}

    private static final Path JOBS = Path.of("..", "etl-jobs", "target").toAbsolutePath();
    private static final List<String> WORKERS = List.of("worker-1", "worker-2");

    /** As Spark's own does: its launcher prints an empty line, then each word of the command ended by NUL. */
    private static final String SPARK_CLASS =
            """
            #!/usr/bin/env bash
            java=$JAVA_HOME/bin/java
            { read -r; mapfile -d '' -t command; } < <("$java" -Xmx64m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main "$@")
            exec "${command[@]}"
            """;

    private static final String DEFAULTS =
            """
            spark.ui.enabled false
            spark.driver.memory 640m
            spark.executor.memory 512m
            spark.sql.shuffle.partitions 4
            spark.driver.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1
            spark.executor.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1
            """;

    private static final String LOGGING =
            """
            rootLogger.level = warn
            rootLogger.appenderRef.console.ref = console
            appender.console.type = Console
            appender.console.name = console
            appender.console.target = SYSTEM_ERR
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{HH:mm:ss,SSS} %p %c{1}: %m%n%ex
            """;

    private final Watchdog watchdog = new Watchdog();
    private final Path folder = watchdog.folder("cluster");
    private final Path home = folder.resolve("spark");
    private final String master;
    private final List<Process> servers = new ArrayList<>();

    private StandaloneCluster() {
        int port = Ports.free();
        master = "spark://127.0.0.1:" + port;
        install();
        server("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "" + port);
        Await.until("the master answers; see " + folder, () -> Ports.answers(port));
        for (String worker : WORKERS) {
            server(
                    worker,
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    "" + Ports.free(),
                    "--cores",
                    "2",
                    "--memory",
                    "2g",
                    "--work-dir",
                    folder.resolve(worker).toString(),
                    master);
        }
        Await.until("both workers are registered; see " + folder, () -> WORKERS.stream()
                .allMatch(worker -> text(folder.resolve(worker + ".log")).contains("Successfully registered")));
    }

    /** Starts one; it ends with this JVM at the latest. */
    public static StandaloneCluster start() {
        return new StandaloneCluster();
    }

    private void install() {
        try {
            Path jars = Files.createDirectories(home.resolve("jars"));
            for (String jar :
                    Files.readString(JOBS.resolve("spark.classpath")).strip().split(":")) {
                Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
            }
            Path conf = Files.createDirectories(home.resolve("conf"));
            Files.writeString(conf.resolve("spark-defaults.conf"), DEFAULTS);
            Files.writeString(conf.resolve("log4j2.properties"), LOGGING);
            Path bin = Files.createDirectories(home.resolve("bin"));
            Path script = Files.writeString(bin.resolve("spark-class"), SPARK_CLASS);
            if (!script.toFile().setExecutable(true)) {
                throw new IOException(script + " cannot be made executable");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void server(String name, String type, String... arguments) {
        List<String> command = sparkClass(type);
        command.addAll(List.of(arguments));
        command.addAll(command.size() - arguments.length, List.of("--webui-port", "" + Ports.free()));
        try {
            ProcessBuilder builder = process(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(name + ".log").toFile());
            builder.environment().put("SPARK_DAEMON_MEMORY", "192m");
            builder.environment()
                    .put(
                            "SPARK_DAEMON_JAVA_OPTS",
                            "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dspark.master.rest.enabled=false"
                                    + " -Dlog4j2.configurationFile="
                                    + Files.writeString(
                                            folder.resolve("daemon-log4j2.properties"),
                                            LOGGING.replaceFirst("warn", "info")));
            Process process = builder.start();
            watchdog.watch(process.pid());
            servers.add(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * {@code spark-submit} of Firn's jar; returns when it ended.
     *
     * @param options Spark's own
     * @param arguments Firn's
     */
    public Submitted submit(Mode mode, Path workingFolder, List<String> options, List<String> arguments) {
        List<String> command = sparkClass("org.apache.spark.deploy.SparkSubmit");
        command.addAll(List.of("--master", master, "--deploy-mode", mode.name().toLowerCase(Locale.ROOT)));
        command.addAll(options);
        command.addAll(List.of(
                "--class",
                "io.firn.jobs.Firn",
                JOBS.resolve("firn.jar").normalize().toString()));
        command.addAll(arguments);
        try {
            Path out = Files.createTempFile(folder, "submit", ".out");
            Path err = Files.createTempFile(folder, "submit", ".err");
            Process process = process(command)
                    .directory(workingFolder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(Redirect.to(err.toFile()))
                    .start();
            watchdog.watch(process.pid());
            int exit = process.waitFor();
            watchdog.forget(process.pid());
            return new Submitted(exit, text(out), text(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while spark-submit ran", e);
        }
    }

    /** Kills the JVM of an executor as {@code kill -9} does; refuses to kill anything else. */
    public void killExecutor(long pid) {
        ProcessHandle executor = ProcessHandle.of(pid).orElseThrow();
        String command = executor.info().commandLine().orElse("");
        boolean ofOurs = command.contains("CoarseGrainedExecutorBackend") && command.contains(home.toString());
        if (!ofOurs || !executor.destroyForcibly()) {
            throw new IllegalStateException("process " + pid + " is no executor of this cluster: " + command);
        }
        executor.onExit().join();
    }

    /** What executors, and drivers in cluster mode, wrote to their logs so far. */
    public String logs() {
        return WORKERS.stream().map(folder::resolve).map(this::logs).collect(Collectors.joining("\n"));
    }

    private String logs(Path worker) {
        try (Stream<Path> files = Files.walk(worker)) {
            return files.filter(file -> file.endsWith("stderr") || file.endsWith("stdout"))
                    .map(file -> worker.relativize(file) + ":\n" + text(file))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> sparkClass(String type) {
        return new ArrayList<>(List.of(home.resolve("bin/spark-class").toString(), type));
    }

    private ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "SPARK_HOME",
                        home.toString(),
                        "SPARK_SCALA_VERSION",
                        "2.13",
                        "SPARK_LOCAL_IP",
                        "127.0.0.1"));
        return builder;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Workers first: those whose master is gone would wait for it. Executors and drivers end with their worker. */
    @Override
    public void close() {
        for (int i = servers.size() - 1; i >= 0; i--) {
            Process server = servers.get(i);
            server.destroy();
            server.onExit().join();
            watchdog.forget(server.pid());
        }
    }
}
