package io.firn.init;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Lines to infer from. */
final class Lines {
    static final Path GITHUB_EVENTS =
            Path.of("..", "etl-jobs", "quickstart", "dump", "2021-07-21", "github-events.jsonl.gz");

    private Lines() {}

    static Iterator<byte[]> of(String... lines) {
        return Arrays.stream(lines).map(l -> l.getBytes(StandardCharsets.UTF_8)).iterator();
    }

    static List<String> githubEvents() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(GITHUB_EVENTS)), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
