package io.firn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlFileTest {
    @TempDir
    private Path folder;

    @Test
    void largeFilesAreRefused() throws IOException {
        assertThat(problem("#".repeat((1 << 20) + 1).getBytes(StandardCharsets.UTF_8)))
                .endsWith(":1:1: larger than 1 MiB; a configuration is smaller");
    }

    @Test
    void textMustBeUtf8() throws IOException {
        assertThat(problem(new byte[] {'a', ':', ' ', (byte) 0xe9})).endsWith(":1:1: not UTF-8");
    }

    @Test
    void aFileIsAMapping() throws IOException {
        assertThat(problem("- a".getBytes(StandardCharsets.UTF_8)))
                .endsWith(":1:1: expected a mapping (key: value), found a list");
        assertThat(problem(new byte[0])).endsWith(":1:1: expected a mapping (key: value), found nothing");
    }

    @Test
    void profilesAreMappings() throws IOException {
        assertThat(problem("profiles: [a]".getBytes(StandardCharsets.UTF_8)))
                .endsWith(":1:1: profiles is a mapping from a profile's name to what it sets");
        assertThat(problem("profiles:\n  dev: x".getBytes(StandardCharsets.UTF_8)))
                .endsWith(":2:3: profile \"dev\" is a mapping of what it sets");
    }

    @Test
    void foldersAreNoFiles() {
        Problems problems = new Problems();
        assertThat(YamlFile.read(folder, problems)).isNull();
        assertThat(problems.all().get(0).message()).contains("cannot be read").contains("name a readable YAML file");
    }

    private String problem(byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("f.yaml"), bytes);
        Problems problems = new Problems();
        YamlFile unused = YamlFile.read(file, problems);
        assertThat(problems.all()).hasSize(1);
        return problems.all().get(0).toString();
    }
}
