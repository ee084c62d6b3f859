package io.firn.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.TopicPositions;
import io.firn.rig.Await;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Oracle;
import io.firn.rig.PostgresDatabase;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.rig.Workload;

/** Snapshots that follow others: of whole tables after a log was lost, and of parts while changes go on. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class ResnapshotTest {
    private final Rig rig;

    @TempDir
    private Path home;

    ResnapshotTest(Rig rig) {
        this.rig = rig.all();
    }

    private Workspace shop(SparkSession spark, String prefix, String pattern, String more) {
        return Workspace.of(
                home.resolve(prefix),
                spark,
                """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic-pattern: '%s'
                %s"""
                        .formatted(rig.kafka().bootstrap(), pattern, more));
    }

    private static RunResult drain(Workspace shop) {
        RunResult run = shop.drain();
        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        return run;
    }

    @Test
    void rowsDeletedWhileNoConnectorRanGo(SparkSession spark) {
        for (Database database :
                List.of(rig.postgres().database("resnapshot"), rig.mariaDb().database("resnapshot"))) {
            Workload workload = Workload.of(database, "item", 3).create();
            String[] tables = workload.tables().toArray(String[]::new);
            workload.run(40);
            String prefix;
            try (Connector first = rig.connector(database, tables).start()) {
                prefix = first.prefix();
                workload.run(20);
                database.execute(
                        "INSERT INTO item (id) VALUES (1000)", "INSERT INTO item_pair (a, b) VALUES (1000, 'gone')");
                first.catchUp();
            }
            String pattern = prefix + "\\..*\\.item(_pair)?";
            try (Workspace shop = shop(spark, prefix, pattern, "  records-per-batch: 20\n");
                    Workspace keeping = shop(spark, prefix + "_kept", pattern, "  sweep: false\n")) {
                drain(shop);
                drain(keeping);
                assertThat(keeping.sql("SELECT a, b FROM lake.shop.item_pair WHERE a = 1000"))
                        .containsExactly("[1000,gone]");
                database.execute("DELETE FROM item WHERE id >= 20", "DELETE FROM item_pair WHERE a >= 5");
                workload.run(20);
                try (Connector second =
                        rig.connector(database, tables).prefix(prefix).start()) {
                    second.catchUp();
                    workload.run(10);
                    second.catchUp();
                    drain(shop);
                    drain(keeping);
                }
                for (String table : tables) {
                    Oracle.assertEqual(database, table, shop.spark().table("lake.shop." + table));
                }
                assertThat(shop.sql("SELECT a, b FROM lake.shop.item_pair WHERE a = 1000"))
                        .isEmpty();
                assertThat(keeping.sql("SELECT a, b FROM lake.shop.item_pair WHERE a = 1000"))
                        .containsExactly("[1000,gone]");
            }
        }
    }

    /** MariaDB's log begins anew in a file of the same name, and Debezium takes a snapshot of what is there then. */
    @Test
    void aLogThatBeginsAnew(SparkSession spark) {
        Database database = rig.mariaDb().database("new_log");
        database.execute("RESET MASTER", "CREATE TABLE item_pair (id int PRIMARY KEY, v varchar(200))");
        for (int id = 1; id <= 30; id++) {
            database.execute("INSERT INTO item_pair VALUES (" + id + ", '" + "x".repeat(150) + "')");
        }
        String prefix;
        try (Connector first = rig.connector(database, "item_pair").start()) {
            prefix = first.prefix();
            first.catchUp();
            database.execute("UPDATE item_pair SET v = 'read'");
            first.catchUp();
            try (Workspace shop = shop(spark, prefix, prefix + "\\..*\\.item_pair", "")) {
                drain(shop);
                Oracle.assertEqual(database, "item_pair", shop.spark().table("lake.shop.item_pair"));
            }
            database.execute("UPDATE item_pair SET v = 'not read' WHERE id < 20");
            first.catchUp();
        }
        // Debezium 3.5 cannot begin where the log has nothing yet.
        database.execute("RESET MASTER", "DELETE FROM item_pair WHERE id < 10");
        try (Connector second =
                        rig.connector(database, "item_pair").prefix(prefix).start();
                Workspace shop = shop(spark, prefix, prefix + "\\..*\\.item_pair", "")) {
            second.catchUp();
            database.execute(
                    "UPDATE item_pair SET v = 'new' WHERE id = 12",
                    "DELETE FROM item_pair WHERE id = 15",
                    "INSERT INTO item_pair VALUES (1, 'again')");
            second.catchUp();

            RunResult run = shop.drain();

            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.item_pair WHERE v = 'not read'"))
                    .containsExactly("[19]");
            Matcher since = Pattern.compile("--new-epoch --since (\\S+)")
                    .matcher(run.problems().get(0));
            assertThat(since.find()).isTrue();
            TopicPositions.reset(
                    shop.pipeline(), shop.catalogs(), null, false, true, Instant.parse(since.group(1)), true);
            drain(shop);
            Oracle.assertEqual(database, "item_pair", shop.spark().table("lake.shop.item_pair"));
            database.execute("UPDATE item_pair SET v = 'newer' WHERE id < 20");
            second.catchUp();
            drain(shop);
            Oracle.assertEqual(database, "item_pair", shop.spark().table("lake.shop.item_pair"));
        }
    }

    @Test
    void incrementalSnapshotsAmongChanges(SparkSession spark) {
        for (Database database :
                List.of(rig.postgres().database("incremental"), rig.mariaDb().database("incremental"))) {
            String signals = database.schema() + ".firn_signal";
            database.execute(
                    "CREATE TABLE firn_signal (id varchar(42) PRIMARY KEY, type varchar(32), data varchar(2048))");
            Workload workload = Workload.of(database, "item", 4).create();
            workload.run(60);
            try (Connector connector = rig.connector(database, "item", "item_pair", "firn_signal")
                            .with("signal.data.collection", signals)
                            .with("snapshot.mode", "no_data")
                            .with("incremental.snapshot.chunk.size", "5")
                            .start();
                    Workspace shop = shop(spark, connector.prefix(), connector.prefix() + "\\..*\\.item_pair", "")) {
                workload.run(20);
                connector.catchUp();
                RunResult before = drain(shop);
                assertThat(Oracle.compare(database, "item_pair", shop.spark().table("lake.shop.item_pair"))
                                .missing())
                        .as("rows that were there before the connector")
                        .isNotEmpty();
                database.execute(
                        "INSERT INTO firn_signal VALUES ('one', 'execute-snapshot'," + " '{\"data-collections\": [\""
                                + database.schema() + ".item_pair\"], \"type\": \"incremental\"}')");
                workload.run(60);
                Await.until("the snapshot's rows are in the topic", () -> reads(connector) > 5);
                connector.catchUp();
                settle(connector);
                RunResult after = drain(shop);

                assertThat(after.lines().read()).isGreaterThan(before.lines().read());
                Oracle.assertEqual(database, "item_pair", shop.spark().table("lake.shop.item_pair"));
            }
        }
    }

    /** Debezium marks the only row of a table once, by where the table stands in the snapshot. */
    @Test
    void tablesOfOneRow(SparkSession spark) {
        for (Database database :
                List.of(rig.postgres().database("one_row"), rig.mariaDb().database("one_row"))) {
            String[] tables = {"item_a", "item_b", "item_c"};
            database.execute(
                    "CREATE TABLE firn_signal (id varchar(42) PRIMARY KEY, type varchar(32), data varchar(2048))");
            for (String table : tables) {
                database.execute(
                        "CREATE TABLE " + table + " (id int PRIMARY KEY, v varchar(20))",
                        "INSERT INTO " + table + " VALUES (1, 'only')");
            }
            try (Connector connector = rig.connector(database, "item_a", "item_b", "item_c", "firn_signal")
                            .with("signal.data.collection", database.schema() + ".firn_signal")
                            .start();
                    Workspace shop = shop(
                            spark,
                            connector.prefix(),
                            connector.prefix() + "\\..*\\.item_.",
                            "defaults: {mode: truncate-load}\n")) {
                // What tells that the connector has caught up is a row of a last table, if it comes before the
                // snapshot.
                Await.until("the snapshot is in the topics", () -> !markers(connector, "item_c")
                        .isEmpty());
                assertThat(markers(connector, "item_a")).containsExactly("first");
                assertThat(markers(connector, "item_b")).containsExactly("last_in_data_collection");
                assertThat(markers(connector, "item_c")).containsExactly("last");

                RunResult run = shop.drain();

                assertThat(run.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY);
                assertThat(run.problems())
                        .singleElement()
                        .asString()
                        .startsWith("topic " + connector.topic("item_a"))
                        .contains("let it take a blocking snapshot of this table alone");
                Oracle.assertEqual(database, "item_b", shop.spark().table("lake.shop.item_b"));
                Oracle.assertEqual(database, "item_c", shop.spark().table("lake.shop.item_c"));

                database.execute(
                        "INSERT INTO firn_signal VALUES ('one', 'execute-snapshot', '{\"data-collections\": [\""
                                + database.schema() + ".item_a\"], \"type\": \"blocking\"}')");
                Await.until(
                        "the snapshot is in the topic",
                        () -> markers(connector, "item_a").size() == 2);
                assertThat(markers(connector, "item_a")).containsExactly("first", "last");
                drain(shop);
                Oracle.assertEqual(database, "item_a", shop.spark().table("lake.shop.item_a"));
            }
        }
    }

    private List<String> markers(Connector connector, String table) {
        Pattern marker = Pattern.compile("\"snapshot\":\"([a-z_]+)\"");
        return rig.kafka().read(connector.topic(table)).stream()
                .map(record -> marker.matcher(new String(record.value(), UTF_8)))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
    }

    private long reads(Connector connector) {
        return rig.kafka().read(connector.topic("item_pair")).stream()
                .filter(record -> record.value() != null && new String(record.value(), UTF_8).contains("\"op\":\"r\""))
                .count();
    }

    /** Until a last chunk is over: nothing is added by two more turns of the connector. */
    private void settle(Connector connector) {
        long[] last = {-1};
        Await.until("the snapshot is over", () -> {
            connector.catchUp();
            long now = reads(connector);
            boolean same = now == last[0];
            last[0] = now;
            return same;
        });
    }

    /** What a transaction wrote before a chunk was read, and committed after it, is newer than the chunk's rows. */
    @Test
    void transactionsThatAreOpenWhileAChunkIsRead(SparkSession spark) throws SQLException {
        for (Database database :
                List.of(rig.postgres().database("open_chunk"), rig.mariaDb().database("open_chunk"))) {
            database.execute(
                    "CREATE TABLE firn_signal (id varchar(42) PRIMARY KEY, type varchar(32), data varchar(2048))",
                    "CREATE TABLE item_pair (id int PRIMARY KEY, v varchar(20))",
                    "INSERT INTO item_pair VALUES (1, 'old'), (2, 'old'), (3, 'old')");
            try (Connector connector = rig.connector(database, "item_pair", "firn_signal")
                            .with("signal.data.collection", database.schema() + ".firn_signal")
                            .with("snapshot.mode", "no_data")
                            .start();
                    Workspace shop = shop(spark, connector.prefix(), connector.prefix() + "\\..*\\.item_pair", "");
                    Connection open = database.connect();
                    Statement statement = open.createStatement()) {
                connector.catchUp();
                open.setAutoCommit(false);
                statement.execute("UPDATE item_pair SET v = 'new' WHERE id = 1");
                statement.execute("DELETE FROM item_pair WHERE id = 2");
                database.execute(
                        "INSERT INTO firn_signal VALUES ('one', 'execute-snapshot', '{\"data-collections\": [\""
                                + database.schema() + ".item_pair\"], \"type\": \"incremental\"}')");
                Await.until("the chunk is in the topic", () -> reads(connector) == 3);
                statement.execute("UPDATE item_pair SET v = 'newer' WHERE id = 1");
                open.commit();
                connector.catchUp();

                drain(shop);

                Oracle.assertEqual(database, "item_pair", shop.spark().table("lake.shop.item_pair"));
            }
        }
    }

    /** PostgreSQL waits for open transactions until it makes a slot; those that begin meanwhile may outlast it. */
    @Test
    void transactionsThatAreOpenWhileTheFirstSnapshotIsTaken(SparkSession spark) throws Exception {
        Database database = rig.postgres().database("open_snapshot");
        database.execute(
                "CREATE TABLE item_pair (id int PRIMARY KEY, v varchar(20))",
                "INSERT INTO item_pair VALUES (1, 'old'), (2, 'old'), (3, 'old')");
        try (Connection first = database.connect();
                Connection second = database.connect();
                Connection open = database.connect()) {
            begin(first, "SELECT pg_current_xact_id()");
            CompletableFuture<Connector> starting = CompletableFuture.supplyAsync(
                    () -> rig.connector(database, "item_pair").start());
            slotWaitsFor(database, first);
            begin(second, "SELECT pg_current_xact_id()");
            first.commit();
            slotWaitsFor(database, second);
            begin(open, "UPDATE item_pair SET v = 'new' WHERE id = 1");
            begin(open, "DELETE FROM item_pair WHERE id = 2");
            second.commit();
            try (Connector connector = starting.join()) {
                String pattern = connector.prefix() + "\\..*\\.item_pair";
                try (Workspace apart = shop(spark, "apart", pattern, "");
                        Workspace together = shop(spark, "together", pattern, "")) {
                    Await.until("the snapshot is in the topic", () -> reads(connector) == 3);
                    drain(apart);
                    open.commit();
                    connector.catchUp();
                    for (Workspace shop : List.of(apart, together)) {
                        drain(shop);

                        Oracle.assertEqual(database, "item_pair", shop.spark().table("lake.shop.item_pair"));
                    }
                }
            }
        }
    }

    private static void begin(Connection connection, String sql) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void slotWaitsFor(Database database, Connection connection) throws SQLException {
        int pid = connection.unwrap(PGConnection.class).getBackendPID();
        Await.until(
                "the slot waits for " + pid,
                () -> database.value("SELECT 1 FROM pg_stat_activity WHERE backend_type = 'walsender' AND " + pid
                                + " = ANY (pg_blocking_pids(pid))")
                        != null);
    }

    @Test
    void whatConnectorsWriteBesideChangesIsCountedOrLeftOut(SparkSession spark) {
        for (Database database :
                List.of(rig.postgres().database("beside"), rig.mariaDb().database("beside"))) {
            Workload workload = Workload.truncating(database, "item", 5).create();
            workload.run(20);
            try (Connector connector = rig.connector(database, "item", "item_pair")
                            .with("heartbeat.interval.ms", "100")
                            .with("provide.transaction.metadata", "true")
                            .with("include.schema.changes", "true")
                            .with("skipped.operations", "none")
                            .start();
                    Workspace shop = shop(
                            spark,
                            connector.prefix(),
                            "(__debezium-heartbeat\\.)?" + connector.prefix() + "(\\..*)?",
                            "")) {
                connector.awaitTruncatable();
                workload.run(60);
                if (database instanceof PostgresDatabase) {
                    database.execute("SELECT pg_logical_emit_message(true, 'firn', 'hello')");
                }
                connector.catchUp();
                assertThat(rig.kafka().exists("__debezium-heartbeat." + connector.prefix()))
                        .isTrue();
                assertThat(rig.kafka().exists(connector.prefix() + ".transaction"))
                        .isTrue();

                RunResult run = drain(shop);

                for (String table : workload.tables()) {
                    Oracle.assertEqual(database, table, shop.spark().table("lake.shop." + table));
                }
                assertThat(run.tables())
                        .extracting(table -> table.event())
                        .contains(connector.topic("item"), connector.topic("item_pair"))
                        .doesNotContain(connector.prefix(), connector.prefix() + ".transaction");
                assertThat(run.lines().quarantined()).isZero();
            }
        }
    }
}
