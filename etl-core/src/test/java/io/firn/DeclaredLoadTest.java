package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.config.Overrides;
import io.firn.table.Destructive;

/** A pipeline loads into a table that a file under {@code ddl/} defines. */
@ExtendWith(SparkExtension.class)
class DeclaredLoadTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final String ORDERS =
            """
            columns:
              - {name: id, type: long, required: true}
              - {name: note, type: string, comment: by hand}
              - {name: filled_later, type: date}
            partition-by: ["bucket(4, id)"]
            id-columns: [id]
            """;

    @TempDir
    private Path home;

    private TableProject project;
    private LoadedPipeline pipeline;

    @BeforeEach
    void aPipelineThatNamesOnlyItsTable(SparkSession spark) {
        project = new TableProject(home, spark).define(ORDERS);
        project.write(
                "raw/" + DAY + "/a.jsonl", "{\"type\":\"Order\",\"id\":1,\"note\":\"one\"}\n{\"type\":\"Order\"}\n");
        pipeline = load("");
    }

    private LoadedPipeline load(String more) {
        Path file = project.write(
                "p.yaml",
                """
                pipeline: shop
                source: {type: json-dump, path: "raw/{date}/", event-name: type}
                defaults: {max-quarantined: 1.0}
                events:
                  Order:
                    target: {table: lake.shop.orders}
                """
                        + more);
        return Pipeline.load(file, Overrides.none());
    }

    @Test
    void aRunMakesTheTableAsDeclared() {
        assertThat(run().exit()).isEqualTo(ExitCode.OK);
        loaded();
        assertThat(TableProject.texts(project.plan())).isEmpty();
    }

    @Test
    void aTableThatIsAppliedFirstGainsTheColumnsOfTheLoad() {
        assertThat(project.apply(Destructive.REFUSED).error()).isNull();
        assertThat(run().exit()).isEqualTo(ExitCode.OK);
        loaded();
        assertThat(project.described()).containsEntry("write.metadata.metrics.column.firn_file", "full");
        assertThat(TableProject.texts(project.plan())).isEmpty();
        assertThat(project.apply(Destructive.ALLOWED).changed()).isFalse();
    }

    @Test
    void aRunDoesNotGuessWhatARenameMeans() {
        assertThat(run().exit()).isEqualTo(ExitCode.OK);
        project.define(ORDERS.replace("name: note,", "name: remark, renamed-from: note,"));
        project.write("raw/" + DAY + "/b.jsonl", "{\"type\":\"Order\",\"id\":2,\"remark\":\"two\"}\n");
        pipeline = load("");

        RunResult blocked = run();
        assertThat(blocked.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(blocked.tables().get(0).error())
                .contains(
                        "its definition under ddl/ is not applied yet; firn plan lake.shop.orders shows it, firn apply"
                                + " lake.shop.orders makes it so\n  rename note to remark");

        assertThat(project.apply(Destructive.REFUSED).error()).isNull();
        assertThat(run().exit()).isEqualTo(ExitCode.OK);
        assertThat(project.sql("SELECT id, remark FROM lake.shop.orders ORDER BY id"))
                .containsExactly("[1,one]", "[2,two]");
    }

    @Test
    void newColumnsComeWithTheRunAndTheirOrderWithApply() {
        assertThat(run().exit()).isEqualTo(ExitCode.OK);
        project.define(ORDERS.replace("  - {name: note", "  - {name: more, type: int}\n  - {name: note"));
        project.write("raw/" + DAY + "/b.jsonl", "{\"type\":\"Order\",\"id\":2,\"more\":5}\n");
        pipeline = load("");

        assertThat(run().exit()).isEqualTo(ExitCode.OK);

        assertThat(project.sql("SELECT id, more FROM lake.shop.orders ORDER BY id"))
                .containsExactly("[1,null]", "[2,5]");
        assertThat(TableProject.texts(project.plan()))
                .singleElement()
                .asString()
                .startsWith("order id, more, note,");
        assertThat(project.apply(Destructive.REFUSED).error()).isNull();
        assertThat(project.spark().table("lake.shop.orders").columns())
                .startsWith("id", "more", "note", "filled_later", "firn_file");
    }

    private RunResult run() {
        try (Catalogs catalogs = project.catalogs()) {
            return new PipelineRun(pipeline, project.spark(), catalogs, RunListener.SILENT).run(DAY, false);
        }
    }

    private void loaded() {
        assertThat(project.sql("SELECT id, note, filled_later FROM lake.shop.orders"))
                .containsExactly("[1,one,null]");
        assertThat(project.spark().table("lake.shop.orders").columns())
                .containsExactly("id", "note", "filled_later", "firn_file", "firn_offset", "firn_loaded_at");
        assertThat(project.sql("SELECT partition.id_bucket IS NOT NULL FROM lake.shop.orders.files"))
                .containsExactly("[true]");
        assertThat(project.sql("SELECT reason FROM lake.shop.firn_quarantine")).hasSize(1);
    }
}
