package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.config.Overrides;

/** Validation is quick because it does without Spark and Iceberg: a JVM of its own shows what it loads. */
class ValidateWithoutSparkTest {
    @TempDir
    private Path folder;

    /** What the JVM of the test runs. */
    public static final class Main {
        private Main() {}

        public static void main(String[] args) {
            long start = System.nanoTime();
            LoadedPipeline loaded = Pipeline.load(Path.of(args[0]), Overrides.none());
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            System.out.println("loaded " + loaded.events().size() + " events in " + millis + " ms");
            System.out.println(ResolvedConfig.print(loaded).length());
        }
    }

    @Test
    void noClassOfSparkIsLoaded() throws Exception {
        Path file = Files.writeString(folder.resolve("p.yaml"), yaml());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:stdout",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        List<String> output = process.inputReader().lines().toList();
        assertThat(process.waitFor())
                .as(() -> output.stream()
                        .filter(line -> !line.contains("source: "))
                        .collect(Collectors.joining("\n")))
                .isZero();
        List<String> loaded = output.stream()
                .filter(line -> line.contains("source: "))
                .map(line -> line.replaceFirst("^.*\\] (\\S+) source: .*$", "$1"))
                .toList();
        assertThat(loaded).contains("io.firn.Pipeline");
        assertThat(loaded.stream().filter(name -> name.matches("(org\\.apache\\.(spark|iceberg)|scala)\\..*")))
                .isEmpty();
        String time = output.stream()
                .filter(line -> line.startsWith("loaded 30 events in "))
                .findFirst()
                .orElseThrow();
        // Alone it takes well below a second; the machine that runs the tests may be busy.
        assertThat(Long.parseLong(time.replaceAll("^.* in | ms$", ""))).isLessThan(10_000);
    }

    private static String yaml() throws IOException {
        String events = IntStream.range(0, 30)
                .mapToObj(i ->
                        """
                          Event%d:
                            columns:
                              - {name: id, type: long, required: true}
                              - {name: price, type: "decimal(10,2)"}
                              - {name: at, type: timestamptz, format: "uuuu-MM-dd'T'HH:mm:ssXXX"}
                              - {name: items, type: "list<struct<a: int, b: map<string, fixed[3]>>>"}
                            target: {partition-by: [day(at), "bucket(4, id)"], sort-by: [id], id-columns: [id]}
                        """
                                .formatted(i))
                .collect(Collectors.joining());
        return "pipeline: p\nsource: {type: json-dump, path: \"{date}\", event-name: type, event-time: at}\nevents:\n"
                + events;
    }
}
