package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Spark Connect server with the launcher's class path; it ends with this JVM at the latest. */
public final class SparkConnect implements AutoCloseable {
    private final Process process;
    private final Watchdog watchdog = new Watchdog();
    private final int port = Ports.free();

    private SparkConnect(Path folder, String settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1",
                "@" + Path.of("../etl-core/src/main/jvm/spark.options").toAbsolutePath(),
                "-Dspark.master=local[2]",
                "-Dspark.ui.enabled=false",
                "-Dspark.driver.host=127.0.0.1",
                "-Dspark.connect.grpc.binding.address=127.0.0.1",
                "-Dspark.connect.grpc.binding.port=" + port));
        settings.lines().forEach(line -> command.add("-D" + line.replaceFirst(" ", "=")));
        String connect = Files.readString(Path.of("servers/connect/target/connect.classpath"))
                .strip();
        String spark =
                Files.readString(Path.of("../etl-jobs/target/spark.classpath")).strip();
        command.addAll(
                List.of("-cp", connect + ":" + spark, "org.apache.spark.sql.connect.service.SparkConnectServer"));
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        watchdog.watch(process.pid());
    }

    /**
     * Starts one in a folder. Its clients ask again until it answers.
     *
     * @param settings lines of spark-defaults.conf
     */
    public static SparkConnect start(Path folder, String settings) {
        try {
            return new SparkConnect(folder, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What its clients call it. */
    public String remote() {
        return "sc://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        watchdog.forget(process.pid());
    }
}
