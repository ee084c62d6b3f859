package io.firn.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.apache.spark.launcher.JavaModuleOptions;

/** Runs a main class in a JVM of its own, in an own working directory, every JVM with the same settings. */
record Child(String classPath, Path home) {

    /** With this process's classes: plain Spark, and the benchmark's own steps. */
    static Child plain(Path home) {
        return new Child(classPath(entry -> true), home);
    }

    /** With Firn's jar in place of its modules' classes; Spark comes from this process, as a cluster would provide it. */
    static Child firn(Path jar, Path home) {
        String provided = classPath(entry -> !entry.contains("etl-core"));
        return new Child(jar.toAbsolutePath() + File.pathSeparator + provided, home);
    }

    /** Absolute, since a child runs in a directory of its own. */
    private static String classPath(Predicate<String> wanted) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .filter(wanted)
                .collect(Collectors.joining(File.pathSeparator));
    }

    static List<String> settings() {
        return List.of(
                "-Xmx" + System.getProperty("bench.heap", "6g"), "-XX:+UseParallelGC", "-XX:ActiveProcessorCount=2");
    }

    Cost run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(main.getName(), List.of(arguments));
    }

    /** Runs it to its end; throws with the end of its output if it failed. */
    Cost run(String main, List<String> arguments) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path measured = home.resolve("measured.properties");
        Path log = home.resolve("output.log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(settings());
        command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Duser.timezone=UTC", "-Dspark.master=local[2]", "-cp", classPath));
        command.addAll(List.of(Measured.class.getName(), measured.toString(), main));
        command.addAll(arguments);
        Files.deleteIfExists(measured);
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exit != 0) {
            List<String> lines = Files.readAllLines(log);
            throw new IllegalStateException(main + " " + arguments + " ended with " + exit + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
        }
        return Cost.read(seconds, measured);
    }
}
