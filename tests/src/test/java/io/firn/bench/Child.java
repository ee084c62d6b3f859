package io.firn.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.apache.spark.launcher.JavaModuleOptions;

/** Runs something in a process and a working directory of its own, every JVM with the same heap and processors. */
record Child(Path home) {
    /** What every side's JVM gets. */
    static List<String> settings() {
        return List.of("-Xmx" + System.getProperty("bench.heap", "6g"), "-XX:ActiveProcessorCount=2");
    }

    /** Runs a class of this process's class path on plain Spark; the collector is the one that Firn's launcher takes. */
    Cost spark(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return spark(List.of(), main, arguments);
    }

    /** The same with further options of the JVM. */
    Cost spark(List<String> options, Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(settings());
        command.addAll(List.of("-XX:+UseParallelGC", "-XX:MetaspaceSize=256m", "-Duser.timezone=UTC"));
        command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(measuring());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        return run(new ProcessBuilder(command));
    }

    /** Runs Firn as its users do, by the launcher; without the archive of Spark's classes, which the other sides lack. */
    Cost firn(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        List<String> options = new ArrayList<>(settings());
        options.add("-XX:SharedArchiveFile=" + Path.of(System.getProperty("java.home"), "lib/server/classes.jsa"));
        options.addAll(measuring());
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().put("FIRN_JAVA_OPTS", String.join(" ", options));
        process.environment().put("FIRN_JARS", Measured.classes().toString());
        return run(process);
    }

    private List<String> measuring() {
        return List.of("-Dspark.extraListeners=" + Measured.class.getName(), "-Dbench.measured=" + measured());
    }

    private Path measured() {
        return home.resolve("measured.properties").toAbsolutePath();
    }

    /** Absolute, since a child runs in a directory of its own. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Runs it to its end; throws with the end of its output if it failed. */
    private Cost run(ProcessBuilder child) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path log = home.resolve("output.log");
        Files.deleteIfExists(measured());
        long start = System.nanoTime();
        Process process = child.directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exit != 0) {
            List<String> lines = Files.readAllLines(log);
            throw new IllegalStateException(child.command() + " ended with " + exit + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
        }
        return Cost.read(seconds, measured());
    }
}
