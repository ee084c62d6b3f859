package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.maintain.Verb.Execution;
import io.firn.rig.Cloud;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Faults.Fate;
import io.firn.rig.Oracle;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.rig.Workload;
import io.firn.table.TableName;

/**
 * On S3, by Glue or REST, where three of ten answers are 503 or cut after the server did what it was asked: tables hold
 * what they hold on a laptop, and nothing that a table names is deleted.
 */
@ExtendWith({SparkExtension.class, RigExtension.class})
class CloudFaultsTest {
    private static final Path JOBS = Path.of("..", "etl-jobs").toAbsolutePath().normalize();
    private static final LocalDate DAY = LocalDate.of(2021, 7, 21);
    private static final double SHARE = 0.3;
    private static final int MOST_RUNS = 10;
    private static final Set<String> FEW = Set.of("PushEvent", "GollumEvent");
    private static final List<String> VERBS = List.of(
            "compact", "rewrite-manifests", "expire-snapshots", "expire-data", "remove-orphans", "compute-statistics");

    @TempDir
    private Path home;

    @ParameterizedTest
    @EnumSource
    void tablesAreWhatTheyAreWithoutFaults(CloudLake.Catalog catalog, SparkSession spark, Rig rig) throws IOException {
        // Each request that Iceberg's REST client repeats waits a second or more: its changes are for the long run.
        check(catalog, 1, few(events()), catalog == CloudLake.Catalog.GLUE ? 1 : 0, spark, rig);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"GLUE,2", "GLUE,3", "GLUE,4", "REST,2", "REST,3"})
    void allEventsAndMoreSeeds(CloudLake.Catalog catalog, long seed, SparkSession spark, Rig rig) throws IOException {
        check(catalog, seed, events(), 6, spark, rig);
    }

    /** The commit that publishes is done and its answer lost, as credentials expire: main names files that no run knows of. */
    @Test
    void filesOfAHistoryStayWhenNobodyCanLookWhatBecameOfTheirCommit(SparkSession spark, Rig rig) {
        ItemTopic items = ItemTopic.create(rig.kafka(), "cloud.history", 1);
        try (Cloud cloud = rig.cloud(1, 0)) {
            CloudLake lake = new CloudLake(cloud, CloudLake.Catalog.GLUE, "firn-history");
            String yaml = items.yaml("events:\n  cloud.history: {target: {table: lake.shop.item, mode: append}}\n");
            try (Workspace shop = Workspace.of(home.resolve("history"), spark, yaml, lake.project())) {
                items.send(items.create(1, 1, "a"));
                assertThat(shop.drain().problems()).isEmpty();
                items.send(items.create(2, 2, "b"));

                // The rows and their branch are one update, main is the next.
                cloud.glue().expireWith(2);
                RunResult gone = shop.drain();
                cloud.glue().renew();

                assertThat(gone.exit()).isEqualTo(ExitCode.FAILED);
                shop.spark().catalog().refreshTable("lake.shop.item");
                assertThat(shop.sql("SELECT id, name FROM lake.shop.item ORDER BY id"))
                        .containsExactly("[1,a]", "[2,b]");
                assertThat(shop.drain().lines().read()).isZero();
            }
        }
    }

    private void check(CloudLake.Catalog catalog, long seed, String events, int rounds, SparkSession spark, Rig rig)
            throws IOException {
        String name = catalog.name().toLowerCase(Locale.ROOT) + seed;
        try (Cloud cloud = rig.cloud(seed, SHARE)) {
            CloudLake lake = new CloudLake(cloud, catalog, "firn-" + name);
            dump(cloud, lake, name, events, spark);
            if (rounds > 0) {
                changes(cloud, lake, catalog, name, rounds, spark, rig);
            }
            assertThat(cloud.faults().counts().get(Fate.CUT)).isGreaterThan(30);
            assertThat(cloud.faults().counts().get(Fate.REFUSED)).isGreaterThan(30);
            assertThat(cloud.glue().archivedVersions()).isZero();
            cloud.requests().write();
        }
    }

    private void dump(Cloud cloud, CloudLake lake, String name, String yaml, SparkSession spark) throws IOException {
        Path dumps = JOBS.resolve("quickstart/dump");
        try (Stream<Path> files = Files.list(dumps.resolve(DAY.toString()))) {
            files.forEach(file -> lake.upload(file, DAY + "/" + file.getFileName()));
        }
        try (Workspace local =
                        Workspace.of(home.resolve("local"), spark, yaml.replace("../quickstart/dump/", dumps + "/"));
                Workspace s3 = Workspace.of(
                        home.resolve("events"),
                        spark,
                        yaml.replace("../quickstart/dump/", lake.raw()),
                        lake.project())) {
            RunResult expected = local.run(DAY);
            assertThat(expected.problems()).isEmpty();
            cloud.requests().by("ingest-events-" + name);

            withFaults(cloud, () -> s3.run(DAY));

            List<String> tables = new ArrayList<>();
            s3.pipeline()
                    .events()
                    .forEach(event -> tables.add(event.target().table().text()));
            tables.add(s3.pipeline().quarantine().text());
            cloud.requests().by("analyst-events-" + name);
            Map<String, List<String>> rows = content(local);
            assertThat(content(s3)).isEqualTo(rows);
            maintained(cloud, s3, tables, "events-" + name);
            assertThat(content(s3)).isEqualTo(rows);
            cloud.requests().by("ingest-events-" + name);
            assertThat(s3.run(DAY).lines().read()).isZero();
        }
    }

    private void changes(
            Cloud cloud,
            CloudLake lake,
            CloudLake.Catalog catalog,
            String name,
            int rounds,
            SparkSession spark,
            Rig rig) {
        Database database = rig.postgres().database("cloud_" + name);
        Workload workload = Workload.of(database, "item", 7).create();
        try (Connector connector = rig.connector(database, workload.tables().toArray(String[]::new))
                        .start();
                Workspace shop = Workspace.of(
                        home.resolve("shop"),
                        spark,
                        """
                        pipeline: shop
                        source:
                          type: debezium
                          brokers: %s
                          topic-pattern: '%s\\..*\\.item(_pair)?'
                          raw: lake.shop.raw_changes
                        """
                                .formatted(rig.kafka().bootstrap(), connector.prefix()),
                        lake.project())) {
            List<String> tables = new ArrayList<>(List.of("lake.shop.raw_changes"));
            for (int round = 0; round < rounds; round++) {
                workload.run(30);
                connector.catchUp();
                cloud.requests().by("ingest-changes-" + name);

                withFaults(cloud, shop::drain);

                cloud.requests().by("analyst-changes-" + name);
                for (String table : workload.tables()) {
                    Oracle.assertEqual(database, table, shop.spark().table("lake.shop." + table));
                }
            }
            workload.tables().forEach(table -> tables.add("lake.shop." + table));
            maintained(cloud, shop, tables, "changes-" + name);
            for (String table : workload.tables()) {
                Oracle.assertEqual(database, table, shop.spark().table("lake.shop." + table));
            }
            assertThat(shop.sql(
                            "SELECT count(*), count(DISTINCT firn_file, firn_offset)" + " FROM lake.shop.raw_changes"))
                    .singleElement()
                    .asString()
                    .matches("\\[(\\d+),\\1]");
            if (catalog == CloudLake.Catalog.GLUE) {
                List<String> both = new ArrayList<>(tables);
                FEW.forEach(event -> both.add("lake.github." + table(event)));
                SecondEngine.assertReadsTheSame(cloud, shop, both);
            }
            cloud.requests().by("ingest-changes-" + name);
            assertThat(shop.drain().lines().read()).isZero();
        }
    }

    /** Runs until a run says that all is done, as a scheduler would. */
    private static void withFaults(Cloud cloud, Supplier<RunResult> run) {
        cloud.faults().begin();
        List<String> problems = new ArrayList<>();
        for (int runs = 0; runs < MOST_RUNS; runs++) {
            RunResult result = run.get();
            if (result.exit() == ExitCode.OK) {
                cloud.faults().end();
                return;
            }
            problems.addAll(result.problems());
        }
        throw new AssertionError(MOST_RUNS + " runs did not end well: " + problems);
    }

    private static void maintained(Cloud cloud, Workspace lake, List<String> tables, String name) {
        assertNothingIsMissing(cloud, lake, tables);
        cloud.requests().by("maintenance-" + name);
        List<TableName> names = tables.stream().map(TableName::parse).toList();
        cloud.faults().begin();
        var done = lake.maintain(
                names,
                catalog -> VERBS.stream()
                        .map(verb -> UpkeptLake.verb(verb, catalog))
                        .toList(),
                Execution.DO);
        cloud.faults().end();
        assertThat(done.exit()).as("upkeep: %s", done).isEqualTo(ExitCode.OK);
        cloud.requests().by("analyst-" + name);
        assertNothingIsMissing(cloud, lake, tables);
    }

    /** Every file that any snapshot of a table names lies where it should. */
    private static void assertNothingIsMissing(Cloud cloud, Workspace lake, List<String> tables) {
        for (String table : tables) {
            List<String> named = lake
                    .spark()
                    .sql("SELECT file_path FROM %1$s.all_files UNION SELECT path FROM %1$s.all_manifests"
                                    .formatted(table)
                            + " UNION SELECT manifest_list FROM %1$s.snapshots UNION SELECT file FROM %1$s.metadata_log_entries"
                                    .formatted(table))
                    .collectAsList()
                    .stream()
                    .map(row -> row.getString(0))
                    .toList();
            assertThat(named).as(table).hasSizeGreaterThan(3).allMatch(cloud.storage()::holds);
        }
    }

    private static String table(String event) {
        return event.replaceFirst("Event$", "_event").toLowerCase(Locale.ROOT);
    }

    private static String events() throws IOException {
        return Files.readString(JOBS.resolve("pipelines/github-events.yaml"));
    }

    /** The pipeline with some of its events. */
    private static String few(String yaml) {
        StringBuilder few = new StringBuilder();
        boolean wanted = true;
        for (String line : yaml.split("\n")) {
            if (line.matches("  [A-Za-z]+:")) {
                wanted = FEW.contains(line.strip().replace(":", ""));
            }
            few.append(wanted ? line + "\n" : "");
        }
        return few.toString();
    }

    /** Without the folder of the raw files, which differs. */
    private static Map<String, List<String>> content(Workspace of) {
        Map<String, List<String>> content = new TreeMap<>();
        of.content()
                .forEach((event, rows) -> content.put(
                        event,
                        rows.stream()
                                .map(row -> row.replaceAll("(file:|s3://)[^,\\]]*/(?=" + DAY + "/)", ""))
                                .toList()));
        return content;
    }
}
