package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A second engine, which shares no code with Spark's: PyIceberg, in an environment that the first test to ask makes. */
public final class PyIceberg {
    private static final Path SOURCES = Path.of("src", "test", "pyiceberg");
    private static final Path HOME = Path.of("target", "pyiceberg");
    private static final Path PYTHON = HOME.resolve("bin/python");

    private PyIceberg() {}

    /** What tables of a cloud's Glue hold, as {@code digest.py} tells it, by table. */
    public static JsonNode held(Cloud cloud, List<String> tables) {
        install();
        ObjectMapper json = new ObjectMapper();
        try {
            Path properties = Files.createTempFile("pyiceberg", ".json");
            json.writeValue(
                    properties.toFile(),
                    Map.of(
                            "type", "glue",
                            "glue.endpoint", cloud.glue().endpoint(),
                            "client.region", "eu-west-1",
                            "client.access-key-id", "key",
                            "client.secret-access-key", "secret",
                            "s3.endpoint", cloud.s3Endpoint()));
            List<String> command = new ArrayList<>(
                    List.of(PYTHON.toString(), SOURCES.resolve("digest.py").toString(), properties.toString()));
            command.addAll(tables);
            JsonNode held = json.readTree(run(command));
            Files.delete(properties);
            return held;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized void install() {
        Path pins = SOURCES.resolve("requirements.txt");
        Path done = HOME.resolve("installed");
        try {
            OneJvm.at(HOME, () -> {
                if (Files.exists(done) && Files.readString(done).equals(Files.readString(pins))) {
                    return;
                }
                run(List.of("python3", "-m", "venv", HOME.toString()));
                run(List.of(
                        PYTHON.toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--no-compile",
                        "--requirement",
                        pins.toString()));
                Files.copy(pins, done, StandardCopyOption.REPLACE_EXISTING);
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String run(List<String> command) throws IOException {
        Path log = Files.createTempFile("pyiceberg", ".log");
        Process process = new ProcessBuilder(command)
                .redirectError(Redirect.to(log.toFile()))
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PyIceberg ran", e);
        } finally {
            Files.delete(log);
        }
        return out;
    }
}
