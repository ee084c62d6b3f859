package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.rig.Cloud;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** The launcher's commands on tables on S3 that Glue knows, with nothing set but what firn.yaml says. */
@Tag("long")
@ExtendWith(RigExtension.class)
class CloudCommandsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String DAY = "2021-07-21";
    private static final String TABLE = "lake.github.push_event";

    @TempDir
    private Path home;

    @Test
    void everyCommandWorksOnGlueAndS3(Rig rig) throws Exception {
        try (Cloud cloud = rig.cloud(1, 0)) {
            CloudLake lake = new CloudLake(cloud, CloudLake.Catalog.GLUE, "firn-commands");
            try (Stream<Path> files =
                    Files.list(ROOT.resolve("etl-jobs/quickstart/dump").resolve(DAY))) {
                files.forEach(file -> lake.upload(file, DAY + "/" + file.getFileName()));
            }
            Files.writeString(home.resolve("firn.yaml"), lake.project());
            Files.writeString(
                    home.resolve("github.yaml"),
                    Files.readString(ROOT.resolve("etl-jobs/pipelines/github-events.yaml"))
                            .replace("../quickstart/dump/", lake.raw()));

            cloud.requests().by("analyst-commands");
            assertThat(firn("validate", "github.yaml")).isNotNull();
            assertThat(firn("plan", "github.yaml", "--date", DAY)).contains("push_event");
            cloud.requests().by("ingest-commands");
            assertThat(firn("run", "github.yaml", "--date", DAY, "--output", "json"))
                    .contains("\"exit\"");
            cloud.requests().by("analyst-commands");
            assertThat(firn("status", "github.yaml")).contains("lake.github.push_event");
            String rows = firn("sql", "SELECT count(*) FROM lake.github.push_event");
            assertThat(rows).containsPattern("\\d+");
            assertThat(firn("health", "github.push_event")).contains("push_event");
            assertThat(firn("history", TABLE)).contains("created");
            assertThat(firn("verify", TABLE)).isNotBlank();
            cloud.requests().by("maintenance-commands");
            assertThat(firn("maintain", "all", TABLE)).contains("push_event");
            assertThat(firn("rollback", TABLE)).isNotBlank();
            cloud.requests().by("ingest-commands");
            assertThat(firn("run", "github.yaml", "--date", DAY)).isNotNull();
            cloud.requests().by("analyst-commands");
            assertThat(firn("sql", "SELECT count(*) FROM lake.github.push_event"))
                    .isEqualTo(rows);
            cloud.requests().write();
        }
    }

    private String firn(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("firn").toString()));
        command.addAll(List.of(arguments));
        Path log = home.resolve("log");
        Process process = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectError(log.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as("%s: %s %s", command, out, Files.readString(log))
                .isZero();
        return out;
    }
}
