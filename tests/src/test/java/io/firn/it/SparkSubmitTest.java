package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.SparkExtension;
import io.firn.rig.Await;
import io.firn.rig.Connector;
import io.firn.rig.Oracle;
import io.firn.rig.PostgresDatabase;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.rig.StandaloneCluster;
import io.firn.rig.StandaloneCluster.Mode;
import io.firn.rig.StandaloneCluster.Submitted;
import io.firn.rig.Workload;

/** The packaged jar by {@code spark-submit} on a cluster of several JVMs: tables are those of a local run. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class SparkSubmitTest {
    private static final Path JOBS = Path.of("..", "etl-jobs").toAbsolutePath().normalize();
    private static final LocalDate DAY = LocalDate.of(2021, 7, 21);
    private static final String RESULT = "result/run-result.json";

    private static StandaloneCluster cluster;

    @TempDir
    private Path home;

    @BeforeAll
    static void start() {
        cluster = StandaloneCluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void eventsInClusterModeWithAnExecutorKilled(SparkSession spark) {
        Path jar = StandStill.jar(home);
        StandStill.arm(home);
        Path lake = events("cluster");

        Submitted submitted = submit(Mode.CLUSTER, lake, List.of("--jars", jar.toString()), "--date", DAY.toString());
        assertThat(submitted.exit()).as(submitted.err()).isZero();
        cluster.killExecutor(standing());

        assertLoaded(result(lake), spark, lake);
        assertThat(cluster.logs()).contains("ExecutorLostFailure");
    }

    @Test
    @Tag("long")
    void eventsInClientModeWithAnExecutorKilled(SparkSession spark) throws InterruptedException {
        Path jar = StandStill.jar(home);
        StandStill.arm(home);
        Path lake = events("client");
        Thread killer = new Thread(() -> cluster.killExecutor(standing()));
        killer.start();

        Submitted submitted = submit(Mode.CLIENT, lake, List.of("--jars", jar.toString()), "--date", DAY.toString());

        killer.join();
        assertThat(submitted.exit()).as(submitted.err()).isZero();
        assertThat(submitted.err()).contains("ExecutorLostFailure");
        assertThat(submitted.out()).contains("808 lines = 800 loaded + 8 quarantined + 0 not listed");
        assertLoaded(result(lake), spark, lake);
    }

    @Test
    void changesInClientMode(SparkSession spark, Rig rig) {
        changes(Mode.CLIENT, spark, rig);
    }

    @Test
    @Tag("long")
    void changesInClusterMode(SparkSession spark, Rig rig) {
        changes(Mode.CLUSTER, spark, rig);
    }

    /** {@code spark-submit} itself ends well: it only hands the run over. */
    @Test
    @Tag("long")
    void inClusterModeAFailureIsToldByItsResult() {
        Path lake = late();

        Submitted submitted = submit(Mode.CLUSTER, lake, List.of(), "--date", DAY.toString());

        assertThat(submitted.exit()).as(submitted.err()).isZero();
        JsonNode result = result(lake);
        assertThat(result.path("exit").intValue()).as(result.toString()).isEqualTo(4);
        assertThat(result.path("code").textValue()).isEqualTo("SOURCE_NOT_READY");
        assertThat(result.path("reason").textValue())
                .isEqualTo("firn: no files at " + home
                        + "/raw/2021-07-21/ yet; run again when the day is there, or mend source.path");
    }

    @Test
    @Tag("long")
    void inClientModeAFailureIsTheExitCodeToo() {
        Path lake = late();

        Submitted submitted = submit(Mode.CLIENT, lake, List.of(), "--date", DAY.toString());

        assertThat(submitted.exit()).as(submitted.err()).isEqualTo(4);
        assertThat(submitted.err()).contains("firn: no files at ");
        assertThat(result(lake).path("exit").intValue()).isEqualTo(4);
    }

    /** The quickstart's pipeline, over a folder that nobody has filled. */
    private Path late() {
        String yaml = text(JOBS.resolve("pipelines/github-events.yaml"));
        return project("late", yaml.replace("../quickstart/dump/", home + "/raw/"));
    }

    /** The quickstart's pipeline, with a step that keeps every row. */
    private Path events(String name) {
        String yaml = text(JOBS.resolve("pipelines/github-events.yaml"))
                .replace("../quickstart/", JOBS.resolve("quickstart") + "/")
                .replaceFirst(
                        "(?s)(PushEvent:.*?transforms:\n)",
                        "$1      - {type: filter, expr: \"stand_still('" + home + "', id)\"}\n");
        return project(name, yaml);
    }

    private void assertLoaded(JsonNode result, SparkSession spark, Path lake) {
        assertThat(result.at("/result/lines").toString())
                .as(result.toString())
                .isEqualTo("{\"read\":808,\"loaded\":800,\"quarantined\":8,\"filtered\":0,\"not-listed\":0,"
                        + "\"not-added\":0,\"superseded\":0,\"skipped\":0}");
        Path pipeline = JOBS.resolve("pipelines/github-events.yaml");
        try (Workspace local = Workspace.open(home.resolve("local"), spark, pipeline);
                Workspace submitted = Workspace.open(lake, spark, pipeline)) {
            assertThat(local.run(DAY).exit()).isEqualTo(ExitCode.OK);
            assertThat(submitted.content()).isEqualTo(local.content());
        }
    }

    /** The first batches make the tables, the later ones are merged into them. */
    private void changes(Mode mode, SparkSession spark, Rig rig) {
        PostgresDatabase database =
                rig.postgres().database("submitted_" + mode.name().toLowerCase(Locale.ROOT));
        Workload workload = Workload.of(database, "item", 5).create();
        workload.run(20);
        try (Connector connector = rig.connector(database, "item").start()) {
            workload.run(60);
            connector.catchUp();
            String yaml =
                    """
                    pipeline: shop
                    source:
                      type: debezium
                      brokers: %s
                      topic: %s
                      records-per-batch: 60
                    """
                            .formatted(rig.kafka().bootstrap(), connector.topic("item"));
            Path lake = project("shop", yaml);

            Submitted submitted = submit(mode, lake, List.of());

            assertThat(submitted.exit()).as(submitted.err()).isZero();
            JsonNode result = result(lake);
            assertThat(result.path("exit")).as(result.toString()).isEqualTo(IntNode.valueOf(0));
            try (Workspace shop = Workspace.of(lake, spark, yaml);
                    Workspace local = Workspace.of(home.resolve("local"), spark, yaml)) {
                assertThat(local.drain().exit()).isEqualTo(ExitCode.OK);
                Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
                assertThat(items(shop)).isNotEmpty().isEqualTo(items(local));
                assertThat(shop.sql("SELECT operation FROM lake.shop.item.snapshots"))
                        .as("batches were merged")
                        .contains("[overwrite]");
            }
        }
    }

    /** All columns but the time of the load. */
    private static List<String> items(Workspace shop) {
        return shop.spark().table("lake.shop.item").drop("firn_loaded_at").toJSON().collectAsList().stream()
                .sorted()
                .toList();
    }

    private Path project(String name, String yaml) {
        Path lake = home.resolve(name);
        String catalogs = "catalogs:\n  lake: {warehouse: " + lake.resolve("lake/warehouse") + "}\n";
        Map.of("pipeline.yaml", yaml, "firn.yaml", catalogs)
                .forEach((file, text) -> Workspace.write(lake.resolve(file), text.getBytes(StandardCharsets.UTF_8)));
        return lake;
    }

    private static Submitted submit(Mode mode, Path lake, List<String> options, String... more) {
        String folder = lake.toUri().toString();
        List<String> arguments = new ArrayList<>(List.of("run"));
        // A driver on another machine fetches the project.
        arguments.addAll(
                mode == Mode.CLUSTER
                        ? List.of("pipeline.yaml", "--project", folder)
                        : List.of(lake.resolve("pipeline.yaml").toString()));
        arguments.addAll(List.of("--result", folder + RESULT));
        arguments.addAll(List.of(more));
        return cluster.submit(mode, lake, options, arguments);
    }

    /** What Firn was told to leave for its caller; in cluster mode nothing else says how the run ended. */
    private static JsonNode result(Path lake) {
        return awaited("the run wrote its result", () -> {
            try {
                JsonNode result =
                        new ObjectMapper().readTree(lake.resolve(RESULT).toFile());
                return result.isObject() ? result : null;
            } catch (IOException e) {
                return null; // Not there yet, or half written.
            }
        });
    }

    private Long standing() {
        return awaited("an executor stands still", () -> StandStill.standing(home));
    }

    private static <T> T awaited(String what, Supplier<T> ask) {
        try {
            return Await.value(what, ask);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; the cluster's logs:\n" + cluster.logs(), e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
