package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Oracle;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/**
 * A database under load whose tables change under a run that follows them: one table that its messages tell, one that is
 * defined. What needs a person stops the run and says what to write; the test writes it and runs again.
 */
@ExtendWith({SparkExtension.class, RigExtension.class})
class AltersTest {
    private static final String PIPELINE =
            """
            pipeline: shop
            source:
              type: debezium
              brokers: %1$s
              topic-pattern: '%2$s\\..*\\.(item|part)'
            defaults: {max-quarantined: 1.0}
            events:
              %3$s:
                target: {format-version: 3}
            """;
    private static final String PART =
            """
            columns:
              - {name: id, type: int, required: true}
              - {name: n, type: int}
              - {name: label, type: string}
              - {name: size, type: int, on-type-change: quarantine}
            id-columns: [id]
            mode: upsert
            """;

    @TempDir
    private Path home;

    private Path yaml;

    @Test
    void twelveAltersUnderLoad(SparkSession spark, Rig rig) throws Exception {
        Database database = rig.mariaDb().database("altered");
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, req varchar(20) NOT NULL DEFAULT 'r',"
                        + " small int, money decimal(8,2), code int, rate int, nick varchar(20), note varchar(50),"
                        + " gone varchar(20), extra int)",
                "CREATE TABLE part (id int PRIMARY KEY, n int NOT NULL DEFAULT 0, label varchar(20), size int)",
                "INSERT INTO item SELECT seq, 0, 'r', seq, seq + 0.25, seq, seq * 10, concat('nick ', seq), 'note',"
                        + " 'gone', seq FROM seq_1_to_200",
                "INSERT INTO part SELECT seq, 0, concat('label ', seq), seq FROM seq_1_to_200");
        try (Connector connector = rig.connector(database, "item", "part").start();
                Load load = new Load(database)) {
            yaml = home.resolve("pipeline.yaml");
            Path part = home.resolve("ddl/shop/part.yaml");
            Files.createDirectories(part.getParent());
            Files.writeString(part, PART);
            try (Workspace shop = Workspace.of(
                    home,
                    spark,
                    PIPELINE.formatted(rig.kafka().bootstrap(), connector.prefix(), connector.topic("item")))) {
                try (Following firn = new Following(home, "shop")) {
                    firn.awaitRuns(2);
                    database.execute("ALTER TABLE item ADD a int");
                    load.turn();
                    database.execute("ALTER TABLE item ADD b int NOT NULL DEFAULT 7");
                    load.turn();
                    database.execute("ALTER TABLE item DROP COLUMN gone");
                    load.turn();
                    database.execute("ALTER TABLE item MODIFY small bigint", "UPDATE item SET small = 3000000000 + id");
                    firn.awaitRuns(1);
                    database.execute("ALTER TABLE item MODIFY money decimal(12,2)");
                    database.execute("UPDATE item SET money = 1234567890.25 WHERE id % 3 = 0");
                    load.turn();
                    database.execute("ALTER TABLE item RENAME COLUMN nick TO alias");
                    load.turn();
                    database.execute("ALTER TABLE item MODIFY note varchar(60) AFTER id");
                    database.execute("ALTER TABLE item MODIFY req varchar(20) NULL DEFAULT NULL");
                    database.execute("UPDATE item SET req = NULL WHERE id % 5 = 0");
                    firn.awaitText("the source has no column \"gone\" any more");
                    firn.awaitText("column \"nick\" is gone from the source and \"alias\" is new");
                    firn.awaitRuns(2);
                    equalsUnderTheRules(shop);

                    // A type that does not fit: nothing was said of it, so a person has to say.
                    database.execute("ALTER TABLE item MODIFY code varchar(20)");
                    database.execute("UPDATE item SET code = concat('c', id) WHERE id % 2 = 0");
                    stopped(
                            firn,
                            "column \"code\" is int in table lake.shop.item, and its source has come to be string",
                            "on-type-change: new-column");
                }
                write(
                        yaml,
                        "    target: {format-version: 3}",
                        "    on-type-change: new-column\n    target: {format-version: 3}");
                try (Following firn = new Following(home, "shop")) {
                    firn.awaitRuns(1);
                    database.execute("ALTER TABLE item MODIFY rate varchar(20)");
                    database.execute("UPDATE item SET rate = concat(rate, '%') WHERE id % 2 = 1");
                    load.turn();
                    database.execute("ALTER TABLE item DROP COLUMN extra");
                    load.turn();
                    database.execute("ALTER TABLE item ADD extra varchar(20)");
                    database.execute("UPDATE item SET extra = 'again' WHERE id % 4 = 0");
                    database.execute("ALTER TABLE part MODIFY size varchar(10)");
                    database.execute("UPDATE part SET size = 'XL' WHERE id <= 10");
                    database.execute("ALTER TABLE part MODIFY size varchar(12)");
                    firn.awaitText("from now on values go into extra_string");
                    // Renamed where the table is defined: a person has to say that it was.
                    database.execute("ALTER TABLE part RENAME COLUMN label TO title");
                    database.execute("UPDATE part SET title = concat(title, '!') WHERE id % 2 = 0");
                    stopped(firn, "column \"label\" is gone from the source, and \"title\"", "renamed-from: label");
                }
                write(part, "- {name: label, type: string}", "- {name: title, type: string, renamed-from: label}");
                assertThat(firn("apply")).isZero();
                try (Following firn = new Following(home, "shop")) {
                    firn.awaitRuns(1);
                    load.end();
                    connector.catchUp();
                    firn.awaitRuns(2);
                    assertThat(firn.end()).as(firn.log()).isZero();
                }
                shop.spark().catalog().refreshTable("lake.shop.item");
                equalsAtTheEnd(database, shop);

                // Rows that every rule has touched are the source's, once they are written again.
                database.execute(
                        "DELETE FROM part WHERE size NOT REGEXP '^[0-9]+$'",
                        "ALTER TABLE part MODIFY size int",
                        "UPDATE item SET n = n + 1",
                        "UPDATE part SET n = n + 1");
                connector.catchUp();
                assertThat(shop.drain().exit().code()).isZero();
                Oracle.assertEqual(
                        database,
                        "item",
                        shop.spark()
                                .sql("SELECT * EXCEPT (code, rate, extra), code_string code, rate_string rate,"
                                        + " extra_string extra FROM lake.shop.item"));
                Oracle.assertEqual(database, "part", shop.spark().table("lake.shop.part"));
                assertThat(shop.sql("SELECT count(*) > 0, count(*) = count(reason) FROM lake.shop.firn_quarantine"
                                + " WHERE reason LIKE '%int%' AND event LIKE '%part'"))
                        .containsExactly("[true,true]");
                assertThat(shop.sql("SELECT count(*) FROM lake.shop.firn_quarantine WHERE event LIKE '%item'"))
                        .containsExactly("[0]");
            }
        }
    }

    /** Older rows have the values of a renamed column in its old one. */
    private static void equalsUnderTheRules(Workspace shop) {
        shop.spark().catalog().refreshTable("lake.shop.item");
        assertThat(shop.sql("SELECT count(*) > 0 FROM lake.shop.item WHERE b = 7"))
                .containsExactly("[true]");
        assertThat(shop.types("lake.shop.item"))
                .containsEntry("small", "long")
                .containsEntry("money", "decimal(12,2)")
                .containsEntry("gone", "string");
    }

    /** As the documented rules say: what was dropped or renamed keeps older values, what changed its type is one in the view. */
    private static void equalsAtTheEnd(Database database, Workspace shop) {
        Oracle.assertEqual(
                database,
                "item",
                shop.spark()
                        .sql("SELECT * EXCEPT (alias, nick, extra), coalesce(alias, nick) alias,"
                                + " if(extra RLIKE '^[0-9]+$', NULL, extra) extra FROM lake.shop.item_unified"));
        // Rows whose size was quarantined are missing, or as they were.
        String ids = "," + database.value("SELECT group_concat(id) FROM part") + ",";
        assertThat(shop.sql("SELECT id FROM lake.shop.part"))
                .allMatch(id -> ids.contains("," + id.substring(1, id.length() - 1) + ","));
    }

    private void stopped(Following firn, String... texts) throws Exception {
        assertThat(firn.awaitEnd()).as(firn.log()).isEqualTo(1);
        assertThat(Files.readString(home.resolve("firn.out"))).contains(texts);
    }

    private static void write(Path file, String old, String by) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, by));
    }

    private int firn(String... words) throws Exception {
        ProcessBuilder command =
                new ProcessBuilder(Path.of("..", "firn").toAbsolutePath().toString());
        command.command().addAll(List.of(words));
        return command.directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("command.out").toFile())
                .start()
                .waitFor();
    }

    /** Transactions that insert, update and delete all the time, and know no column that changes. */
    private static final class Load implements AutoCloseable {
        private static final long MILLIS_APART = 25;

        private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
        private final Database database;
        private final ScheduledFuture<?> writing;
        private final Semaphore turns = new Semaphore(0);
        private int next = 1000;

        Load(Database database) {
            this.database = database;
            writing = writer.scheduleWithFixedDelay(this::write, 0, MILLIS_APART, TimeUnit.MILLISECONDS);
        }

        private void write() {
            int id = next++;
            int old = id % 200 + 1;
            database.execute(
                    "INSERT INTO item (id, n) VALUES (" + id + ", 1)",
                    "INSERT INTO part (id, n) VALUES (" + id + ", 1)",
                    "UPDATE item SET n = n + 1 WHERE id = " + old,
                    "UPDATE part SET n = n + 1 WHERE id = " + old,
                    "DELETE FROM item WHERE id = " + (id - 7) + " AND id % 2 = 0",
                    "DELETE FROM part WHERE id = " + (id - 5) + " AND id % 3 = 0");
            turns.release();
        }

        /** Waits for a few more transactions. */
        void turn() throws InterruptedException {
            int unused = turns.drainPermits();
            assertThat(turns.tryAcquire(5, 1, TimeUnit.MINUTES)).isTrue();
        }

        void end() {
            boolean unused = writing.cancel(false);
            writer.shutdown();
        }

        @Override
        public void close() {
            end();
        }
    }
}
