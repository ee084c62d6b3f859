package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.config.Overrides;
import io.firn.config.Problem;

/** Whatever is broken in a file, the user gets problems with places, never an exception of the program. */
class BrokenPipelineTest {
    private static final String YAML =
            """
            pipeline: p
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at, max-line-bytes: 4096}
            defaults: {namespace: n, mode: append, max-quarantined: 0.1, properties: {a: b}}
            events:
              A:
                columns:
                  - {name: id, type: "decimal(10,2)", required: true, comment: x}
                  - {name: at, type: timestamptz, format: "uuuu-MM-dd HH:mmX"}
                  - {name: s, type: "struct<x: int, y: list<string>>", path: a.b}
                target:
                  table: lake.n.a
                  location: /tmp/a
                  partition-by: [day(at), "bucket(4, id)"]
                  sort-by: [id, at desc]
                  id-columns: [id]
                  properties: {c: 1}
                unknown-columns: keep
            profiles:
              dev: {defaults: {mode: truncate-load}}
            """;
    private static final List<String> VALUES = List.of(
            "",
            "null",
            "[]",
            "{}",
            "[null]",
            "{a: }",
            "-1",
            "1e999",
            "9".repeat(40),
            "${env:X}",
            "''",
            "é",
            "a: b",
            "&a [*a]",
            "- x");

    @TempDir
    private Path folder;

    @Test
    void problemsAndNothingElse() throws IOException {
        Path file = folder.resolve("p.yaml");
        Files.writeString(file, YAML);
        assertThat(Config.validate(List.of(file), Overrides.none())).isEmpty();
        Random random = new Random(7);
        int broken = 0;
        for (int i = 0; i < 1_500; i++) {
            StringBuilder text = new StringBuilder(YAML);
            for (int change = random.nextInt(3); change >= 0; change--) {
                change(text, random);
            }
            Files.writeString(file, text);
            List<Problem> problems = Config.validate(List.of(file), Overrides.none());
            broken += problems.isEmpty() ? 0 : 1;
            assertThat(problems).as("%s", text).allSatisfy(problem -> {
                assertThat(problem.line()).isPositive();
                assertThat(problem.message()).isNotBlank().doesNotContain("Exception");
            });
        }
        assertThat(broken).isGreaterThan(1_000);
    }

    /** A word becomes another value, or a few characters go. */
    private static void change(StringBuilder text, Random random) {
        int from = random.nextInt(text.length());
        int to = from;
        while (to < text.length() && ":,{}[]\n ".indexOf(text.charAt(to)) < 0) {
            to++;
        }
        if (random.nextInt(3) > 0) {
            while (from > 0 && ":,{}[]\n ".indexOf(text.charAt(from - 1)) < 0) {
                from--;
            }
            text.replace(from, to, VALUES.get(random.nextInt(VALUES.size())));
        } else {
            text.delete(from, Math.min(text.length(), from + 1 + random.nextInt(8)));
        }
    }
}
