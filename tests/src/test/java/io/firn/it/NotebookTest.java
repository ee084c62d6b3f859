package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.rig.SparkConnect;

/** What an analyst does: the notebook and its SQL, run from first to last by a kernel on Spark Connect. */
class NotebookTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final Path NOTEBOOKS = HOME.resolve("docs/notebooks");
    private static final Path VENV = Path.of("target/notebook-venv").toAbsolutePath();
    private static final String RUN_SQL =
            """
            import os
            from pyspark.sql import SparkSession
            spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
            for file in ("views.sql", "tables.sql"):
                for statement in open(file).read().split(";"):
                    if statement.strip():
                        print([tuple(map(str, row)) for row in spark.sql(statement).collect()])
            """;

    @TempDir
    private static Path folder;

    private static SparkConnect server;

    @BeforeAll
    static void aLakeAndASession() throws Exception {
        run(folder, Map.of(), HOME.resolve("firn").toString(), "quickstart");
        for (String file : List.of("tables.ipynb", "tables.sql")) {
            Files.copy(NOTEBOOKS.resolve(file), folder.resolve(file));
        }
        Files.writeString(folder.resolve("views.sql"), firn("sql-snippets", "--format", "views", "github"));
        server = SparkConnect.start(folder, firn("sql-snippets", "--format", "spark-defaults"));
        installed();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theNotebookRunsFromFirstToLastCell() throws Exception {
        run(
                folder,
                Map.of("SPARK_REMOTE", server.remote()),
                VENV + "/bin/jupyter-execute",
                "tables.ipynb",
                "--output",
                "done.ipynb");

        JsonNode cells = new ObjectMapper()
                .readTree(folder.resolve("done.ipynb").toFile())
                .path("cells");
        List<JsonNode> code = StreamSupport.stream(cells.spliterator(), false)
                .filter(cell -> cell.path("cell_type").asText().equals("code"))
                .toList();
        assertThat(code).allMatch(cell -> cell.path("execution_count").asInt() > 0);
        String shown =
                code.stream().map(cell -> cell.path("outputs").toString()).collect(Collectors.joining("\n"));
        assertThat(shown)
                .contains("d2021_07_21: 425 rows", "now: 425 rows", "|2021-07-21|", "lake.github.watch_event")
                .contains("expected int, found string")
                .doesNotContain("Traceback");
    }

    @Test
    void thePlainSqlGivesTheSame() throws Exception {
        String rows = run(folder, Map.of("SPARK_REMOTE", server.remote()), VENV + "/bin/python", "-c", RUN_SQL);

        assertThat(rows)
                .contains("[('425',)]", "('d2021_07_21', ", "'604800000')", "expected int, found string")
                .contains("'lake.github.push_event', '2026-", "'append', '425', 'None', '425', ");
    }

    /** Kept between builds until other versions are asked for. */
    private static void installed() throws Exception {
        Path wanted = Path.of("notebook-requirements.txt").toAbsolutePath();
        Path has = VENV.resolve("installed.txt");
        if (Files.exists(has) && Files.mismatch(wanted, has) < 0) {
            return;
        }
        run(folder, Map.of(), "python3", "-m", "venv", "--clear", VENV.toString());
        run(folder, Map.of(), VENV + "/bin/pip", "install", "--quiet", "--no-compile", "-r", wanted.toString());
        Files.copy(wanted, has);
    }

    private static String firn(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(HOME.resolve("firn").toString()));
        command.addAll(List.of(arguments));
        return run(folder, Map.of(), command.toArray(String[]::new));
    }

    /** What it prints; fails with all it says when it does not end well. */
    private static String run(Path where, Map<String, String> environment, String... command) throws Exception {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(where.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        int exit = builder.start().waitFor();
        String printed = Files.readString(out);
        assertThat(exit)
                .as("%s%n%s%n%s", String.join(" ", command), printed, Files.readString(err))
                .isZero();
        return printed;
    }
}
