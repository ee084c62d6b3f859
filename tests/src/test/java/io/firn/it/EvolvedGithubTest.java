package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.zip.GZIPInputStream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.ResolvedEvent;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** A day of real events under a YAML that lists little: what is left out comes back, every value of it. */
@ExtendWith(SparkExtension.class)
class EvolvedGithubTest {
    private static final Path JOBS = Path.of("..", "etl-jobs").toAbsolutePath().normalize();
    private static final LocalDate DAY = LocalDate.of(2021, 7, 21);
    private static final String KEPT = ".*(required: true|name: (ref|additions|deletions),).*";

    @TempDir
    private Path home;

    @Test
    void whatTheYamlLeavesOutIsThereAllTheSame(SparkSession spark) throws IOException {
        Path full = JOBS.resolve("pipelines/github-events.yaml");
        List<String> lines = Files.readAllLines(full).stream()
                .filter(line -> !line.startsWith("      - {name:") || line.matches(KEPT))
                .map(line -> line.replace("unknown-columns: report", "unknown-columns: evolve")
                        .replace("../quickstart/dump/{date}/", "raw/{date}/"))
                .toList();
        try (Workspace declared = Workspace.open(home.resolve("declared"), spark, full);
                Workspace github = Workspace.of(home.resolve("evolved"), spark, String.join("\n", lines) + "\n")) {
            Path dump = JOBS.resolve("quickstart/dump/" + DAY);
            try (GZIPInputStream in =
                    new GZIPInputStream(Files.newInputStream(dump.resolve("github-events.jsonl.gz")))) {
                github.file(DAY, "github-events.jsonl", in.readAllBytes());
            }
            github.file(DAY, "bad-lines.jsonl", Files.readAllBytes(dump.resolve("bad-lines.jsonl")));
            declared.run(DAY);

            RunResult result = github.run(DAY);

            assertThat(result.exit()).as("%s", result.problems()).isEqualTo(ExitCode.OK);
            assertThat(result.problems()).isEmpty();
            assertThat(result.lines().read()).isEqualTo(808);
            int rows = 0;
            for (ResolvedEvent event : github.pipeline().events()) {
                rows += RebuiltLines.check(github, event.name());
                String table = event.target().table().quoted();
                String kept = String.join(
                        ", ",
                        event.tableColumns().stream()
                                .map(column -> "to_json(struct(`" + column.name() + "`))")
                                .toList());
                String query = "SELECT firn_offset, " + kept + " FROM " + table
                        + " WHERE firn_file LIKE '%github-events.jsonl%' ORDER BY firn_offset";
                assertThat(github.sql(query)).isEqualTo(declared.sql(query)).isNotEmpty();
            }
            assertThat(rows).isEqualTo((int) result.lines().loaded());
            assertThat(result.lines().loaded()).isBetween(800L, 805L);
        }
    }
}
