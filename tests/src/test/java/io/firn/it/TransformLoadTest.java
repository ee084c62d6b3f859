package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.RunResult;
import io.firn.RunResult.TableResult;
import io.firn.SparkExtension;
import io.firn.function.UserJar;

/** Row-level transforms run in the pass that loads: what a person would expect of each row, by hand. */
@ExtendWith(SparkExtension.class)
class TransformLoadTest {
    private static final String YAML =
            """
            pipeline: app
            source: {type: json-dump, path: "raw/{date}/", event-name: type}
            defaults: {max-quarantined: 1.0}
            events:
              login:
                columns:
                  - {name: user, type: string, path: who}
                  - {name: ms, type: string}
                  - {name: device, type: string}
                  - {name: secret, type: string}
                transforms:
            STEPS
            """;

    @TempDir
    private Path home;

    private Workspace app(SparkSession spark, String... steps) {
        return Workspace.of(home, spark, YAML.replace("STEPS", "      - " + String.join("\n      - ", steps)));
    }

    @Test
    void allStepsInTheirOrder(SparkSession spark) {
        try (Workspace app = app(
                spark,
                "{type: rename, column: user, to: name}",
                "{type: cast, column: ms, as: int}",
                "{type: extract, column: device, into: [{name: os, type: string},"
                        + " {name: ram, type: \"decimal(4,1)\", path: mem.gb}]}",
                "{type: filter, expr: \"name <> 'robot'\"}",
                "{type: derive, name: seconds, as: double, expr: \"ms / 1000\"}",
                "{type: derive, name: initial, as: string, expr: \"upper(substr(name, 1, 1))\"}",
                "{type: drop, names: [secret]}")) {
            app.file(
                    "a.jsonl",
                    line("'ada'", "'1500'", "'{\\\"os\\\":\\\"linux\\\",\\\"mem\\\":{\\\"gb\\\":7.5}}'"),
                    line("'robot'", "'1'", "null"),
                    line("null", "'1'", "null"),
                    line("'bob'", "'15x'", "null"),
                    line("'cy'", "null", "null"),
                    line("'dan'", "'2'", "'{\\\"os\\\":\\\"mac\\\",\\\"mem\\\":{\\\"gb\\\":7.25}}'"),
                    line("'eve'", "'3'", "'{\\\"os\\\":'"));

            RunResult result = app.run();

            assertThat(app.spark().table("lake.app.login").columns())
                    .containsExactly(
                            "name",
                            "ms",
                            "os",
                            "ram",
                            "seconds",
                            "initial",
                            "firn_file",
                            "firn_offset",
                            "firn_loaded_at");
            assertThat(app.sql("SELECT name, ms, os, ram, seconds, initial FROM lake.app.login ORDER BY name"))
                    .containsExactly("[ada,1500,linux,7.5,1.5,A]", "[cy,null,null,null,null,C]");
            assertThat(result.lines()).isEqualTo(new RunResult.Lines(7, 2, 3, 2, 0, 0));
            assertThat(result.tables())
                    .singleElement()
                    .extracting(TableResult::filtered)
                    .isEqualTo(2L);
            assertThat(app.sql("SELECT line_number, column_name FROM lake.app.firn_quarantine ORDER BY 1"))
                    .containsExactly("[4,ms]", "[6,ram]", "[7,device]");
        }
    }

    @Test
    void keepLeavesOtherColumnsOut(SparkSession spark) {
        try (Workspace app = app(spark, "{type: keep, names: [ms, user]}")) {
            app.file("a.jsonl", line("'ada'", "'1'", "null"));

            assertThat(app.run().lines().loaded()).isEqualTo(1);

            assertThat(app.sql("SELECT user, ms FROM lake.app.login")).containsExactly("[ada,1]");
            assertThat(app.spark().table("lake.app.login").columns())
                    .containsExactly("user", "ms", "firn_file", "firn_offset", "firn_loaded_at");
        }
    }

    @Test
    void aFailingExpressionQuarantinesItsRowOnly(SparkSession spark) {
        try (Workspace app =
                app(spark, "{type: derive, name: n, as: int, expr: \"cast(100 div (length(user) - 3) as int)\"}")) {
            app.file("a.jsonl", line("'four'", "null", "null"), line("'ada'", "null", "null"));

            assertThat(app.run().lines()).isEqualTo(new RunResult.Lines(2, 1, 1, 0, 0, 0));

            assertThat(app.sql("SELECT user, n FROM lake.app.login")).containsExactly("[four,100]");
            assertThat(app.refused())
                    .singleElement()
                    .asString()
                    .contains(" 2 login n: expression failed: DIVIDE_BY_ZERO");
        }
    }

    @Test
    void anExpressionThatSparkRefusesStopsTheRunBeforeAnyTable(SparkSession spark) {
        try (Workspace app = app(spark, "{type: derive, name: n, as: double, expr: \"sum(length(user))\"}")) {
            app.file("a.jsonl", line("'ada'", "null", "null"));

            assertThatThrownBy(app::run)
                    .isInstanceOfSatisfying(
                            FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE))
                    .hasMessageContaining("pipeline.yaml: event login: ")
                    .hasMessageContaining("sum");
            assertThat(Files.exists(home.resolve("lake/warehouse"))).isFalse();
        }
    }

    @Test
    void aUsersFunctionWorksInExpressions(SparkSession spark) throws Exception {
        Path jar = UserJar.build(Files.createDirectories(home.resolve("user")), "example.TextFunctions", UserJar.TIDY);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader users = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            thread.setContextClassLoader(users);
            spark.sparkContext().addJar(jar.toString());
            try (Workspace app = app(
                    spark,
                    "{type: filter, expr: \"tidy(user) <> 'robot'\"}",
                    "{type: derive, name: user, as: string, expr: \"tidy(user)\"}")) {
                app.file(
                        "a.jsonl",
                        line("'  Ada '", "null", "null"),
                        line("'ROBOT'", "null", "null"),
                        line("null", "null", "null"));

                assertThat(app.run().lines()).isEqualTo(new RunResult.Lines(3, 1, 0, 2, 0, 0));

                assertThat(app.sql("SELECT user FROM lake.app.login")).containsExactly("[ada]");
            }
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String line(String who, String ms, String device) {
        return ("{'type':'login','who':" + who + ",'ms':" + ms + ",'device':" + device + ",'secret':'x'}")
                .replace('\'', '"');
    }
}
