package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Oracle;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.rig.Workload;

/** Changes of real databases arrive in their tables, which then equal the source. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class ChangesTest {
    @TempDir
    private Path home;

    @Test
    void everyRecordIsKeptAsItCame(SparkSession spark, Rig rig) {
        Database database = rig.postgres().database("kept");
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, name text)", "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        try (Connector connector = rig.connector(database, "item").start();
                Workspace shop = Workspace.of(
                        home,
                        spark,
                        yaml(rig, connector).replace("  brokers", "  raw: lake.shop.raw_changes\n  brokers"))) {
            connector.catchUp();
            shop.drain();
            database.execute("DELETE FROM item WHERE id = 1");
            connector.catchUp();
            assertThat(shop.drain().problems()).isEmpty();
            shop.drain();

            List<String> there = rig.kafka().read(connector.topic("item")).stream()
                    .map(record -> "[%d,%s,%s]".formatted(record.offset(), text(record.key()), text(record.value())))
                    .toList();
            assertThat(there).hasSize(4);
            assertThat(shop.sql("SELECT firn_offset, string(record_key), string(value) FROM lake.shop.raw_changes"
                            + " WHERE topic = '" + connector.topic("item") + "' ORDER BY 1"))
                    .isEqualTo(there);
        }
    }

    @Test
    void softDeletesStayAsLongAsTheyAreRemembered(SparkSession spark, Rig rig) {
        Database database = rig.postgres().database("soft");
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, name text)", "INSERT INTO item VALUES (1, 'a'), (2, 'b')");
        String soft = "\ndefaults: {max-quarantined: 0}\nevents:\n  TOPIC:\n    target: {deletes: soft}\n";
        try (Connector connector = rig.connector(database, "item").start()) {
            String yaml = (yaml(rig, connector) + soft).replace("TOPIC", connector.topic("item"));
            try (Workspace shop = Workspace.of(home, spark, yaml)) {
                connector.catchUp();
                shop.drain();
                database.execute("DELETE FROM item WHERE id = 1");
                connector.catchUp();
                assertThat(shop.drain().problems()).isEmpty();
                assertThat(shop.sql("SELECT id, firn_op FROM lake.shop.item ORDER BY id"))
                        .containsExactly("[1,d]", "[2,r]");

                try (Workspace forgetting = shop.mended(yaml.replace("soft}", "soft, remember-deletes: 0s}"))) {
                    forgetting.drain();
                    assertThat(shop.sql("SELECT id, firn_op FROM lake.shop.item ORDER BY id"))
                            .containsExactly("[2,r]");
                }
            }
        }
    }

    /** MariaDB gives all events of a transaction one place, and counts rows anew in each. */
    @Test
    void theLastOfSeveralChangesThatATransactionMakesToARow(SparkSession spark, Rig rig) {
        Database database = rig.mariaDb().database("several");
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, v int)", "INSERT INTO item VALUES (1, 0), (2, 0), (3, 0)");
        try (Connector connector = rig.connector(database, "item").start();
                Workspace shop = Workspace.of(home, spark, yaml(rig, connector))) {
            connector.catchUp();
            assertThat(shop.drain().problems()).isEmpty();

            database.execute(
                    "START TRANSACTION",
                    "UPDATE item SET v = 1",
                    "UPDATE item SET v = 2 WHERE id = 2",
                    "DELETE FROM item WHERE id = 3",
                    "INSERT INTO item VALUES (3, 3)",
                    "COMMIT");
            connector.catchUp();
            assertThat(shop.drain().problems()).isEmpty();

            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
        }
    }

    /** Another transaction commits meanwhile, and all changes of the first count from there. */
    @Test
    void aTruncateStandsWhereItsTransactionHasIt(SparkSession spark, Rig rig) throws SQLException {
        Database database = rig.postgres().database("truncated");
        database.execute("CREATE TABLE item (id int PRIMARY KEY, name text)", "INSERT INTO item VALUES (0, 'old')");
        rig.kafka().createTopic("truncated.public.item", 3);
        try (Connector connector = rig.connector(database, "item")
                        .prefix("truncated")
                        .with("skipped.operations", "none")
                        .start();
                Connection open = database.connect();
                Statement statement = open.createStatement();
                Workspace shop = Workspace.of(home, spark, yaml(rig, connector))) {
            connector.catchUp();
            assertThat(shop.drain().problems()).isEmpty();

            statement.execute("BEGIN; INSERT INTO item SELECT i, 'before' FROM generate_series(1, 300) i;"
                    + " TRUNCATE item; INSERT INTO item SELECT i, 'after' FROM generate_series(201, 500) i");
            database.execute("INSERT INTO firn_marker VALUES (1000)");
            statement.execute("COMMIT");
            connector.catchUp();
            assertThat(shop.drain().problems()).isEmpty();

            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
        }
    }

    private static String yaml(Rig rig, Connector connector) {
        return """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic-pattern: '%s\\..*\\.item(_pair)?'
                """
                .formatted(rig.kafka().bootstrap(), connector.prefix());
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void tablesEqualTheirSourceAfterEveryRun(SparkSession spark, Rig rig) {
        for (Database database :
                List.of(rig.postgres().database("follow"), rig.mariaDb().database("follow"))) {
            Workload workload = Workload.of(database, "item", 7).create();
            workload.run(20);
            try (Connector connector = rig.connector(database, workload.tables().toArray(String[]::new))
                            .start();
                    Workspace shop = Workspace.of(
                            home.resolve(connector.prefix()),
                            spark,
                            """
                            pipeline: shop
                            source:
                              type: debezium
                              brokers: %s
                              topic-pattern: '%s\\..*\\.item(_pair)?'
                            """
                                    .formatted(rig.kafka().bootstrap(), connector.prefix()))) {
                for (int round = 0; round < 3; round++) {
                    connector.catchUp();

                    RunResult run = shop.drain();

                    assertThat(run.problems()).isEmpty();
                    assertThat(run.exit()).isEqualTo(ExitCode.OK);
                    for (String table : workload.tables()) {
                        Oracle.assertEqual(database, table, shop.spark().table("lake.shop." + table));
                    }
                    workload.run(40);
                }
            }
        }
    }

    /** The source tells of it by two records, and the second does not repeat large values. */
    @Test
    void aRowThatTakesAnotherKeyStaysWholeWhereverABatchEnds(SparkSession spark, Rig rig) {
        Database database = rig.postgres().database("keys");
        String large = "repeat('large', 1000)";
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, n int, big text)",
                "ALTER TABLE item ALTER big SET STORAGE EXTERNAL",
                "INSERT INTO item SELECT i, i, " + large + " FROM generate_series(1, 3) i");
        try (Connector connector = rig.connector(database, "item").start();
                Workspace shop = Workspace.of(
                        home.resolve("keys"),
                        spark,
                        """
                        pipeline: shop
                        source: {type: debezium, brokers: %s, topic: %s, records-per-batch: 1}
                        """
                                .formatted(rig.kafka().bootstrap(), connector.topic("item")))) {
            database.execute(
                    "UPDATE item SET id = 12 WHERE id = 2",
                    "UPDATE item SET id = 22 WHERE id = 12",
                    "UPDATE item SET id = 2, n = 0 WHERE id = 22",
                    "UPDATE item SET id = 13 WHERE id = 3");
            connector.catchUp();

            RunResult run = shop.drain();

            assertThat(run.problems()).isEmpty();
            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
        }
    }

    /** More rows than a task remembers what they were under their former keys. */
    @Test
    void soManyRowsTakeAnotherKeyThatTheirBatchIsTakenInParts(SparkSession spark, Rig rig) {
        Database database = rig.postgres().database("many_keys");
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, big text) WITH (toast_tuple_target = 128)",
                "ALTER TABLE item ALTER big SET STORAGE EXTERNAL",
                "INSERT INTO item SELECT i, repeat(i::text, 500) FROM generate_series(1, 12000) i");
        try (Connector connector = rig.connector(database, "item").start();
                Workspace shop = Workspace.of(home, spark, yaml(rig, connector))) {
            connector.catchUp();
            assertThat(shop.drain().problems()).isEmpty();
            database.execute("UPDATE item SET id = id + 1000000");
            connector.catchUp();

            RunResult run = shop.drain();

            assertThat(run.problems()).isEmpty();
            assertThat(run.lines().quarantined()).isZero();
            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
        }
    }
}
