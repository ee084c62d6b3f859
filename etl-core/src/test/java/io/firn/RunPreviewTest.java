package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;

import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.config.Overrides;

class RunPreviewTest {
    @TempDir
    private Path folder;

    @Test
    void aCatalogThatCannotBeOpenedIsItsTablesTroubleAlone() throws IOException {
        Files.writeString(
                folder.resolve("firn.yaml"),
                """
                catalogs:
                  lake: {warehouse: lake/warehouse}
                  dead: {uri: "jdbc:nosuch://me:hush@db/firn?password=hush", warehouse: "s3://b/w", state: "s3://b/s"}
                """);
        Path yaml = Files.writeString(
                folder.resolve("p.yaml"),
                """
                pipeline: p
                source: {type: json-dump, path: "raw/{date}/", event-name: type}
                events:
                  A: {columns: [{name: a, type: int}], target: {table: dead.p.a}}
                  B: {columns: [{name: b, type: int}]}
                """);
        Configuration hadoop = new Configuration();
        LoadedPipeline pipeline = Pipeline.load(yaml, Overrides.none());
        RunPreview preview;
        try (Catalogs catalogs = new Catalogs(pipeline.project(), hadoop)) {
            preview = RunPreview.of(pipeline, catalogs, LocalDate.of(2026, 11, 20), hadoop);
        }

        assertThat(preview.blocked()).isTrue();
        assertThat(preview.tables().get(0).error())
                .startsWith("catalog dead at jdbc:nosuch://db/firn cannot be opened or asked: ")
                .doesNotContain("hush");
        assertThat(preview.tables().get(1).error()).isNull();
        assertThat(preview.tables().get(1).create()).isTrue();
    }
}
