package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

/** A table that is defined under ddl/ and fed by a topic is as its definition says, and equals its source in that. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class DeclaredTopicTest {
    @TempDir
    private Path home;

    @Test
    void theDefinitionStandsAboveWhatMessagesTell(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.mariaDb().database("declared");
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, name varchar(20), qty int, size int, secret varchar(20))",
                "INSERT INTO item VALUES (1, 'a', 1, 5, 's'), (2, 'b', 2, 5, 's'), (3, 'c', 3, 5, 's'),"
                        + " (5, 'e', 5, 5, 's'), (6, 'f', 6, 5, 's')");
        Path file = home.resolve("ddl/shop/item.yaml");
        Files.createDirectories(file.getParent());
        String ddl =
                """
                columns:
                  - {name: id, type: long, required: true}
                  - {name: qty, type: long}
                  - {name: name, type: string}
                  - {name: more, type: string}
                  - {name: size, type: int, on-type-change: quarantine}
                id-columns: [id]
                mode: upsert
                """;
        Files.writeString(file, ddl);
        try (Connector connector = rig.connector(database, "item").start();
                Workspace shop = Workspace.of(
                        home,
                        spark,
                        """
                        pipeline: shop
                        source: {type: debezium, brokers: "%s", topic: %s}
                        defaults: {max-quarantined: 1.0}
                        """
                                .formatted(rig.kafka().bootstrap(), connector.topic("item")))) {
            connector.catchUp();
            RunResult run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(run.problems())
                    .singleElement()
                    .asString()
                    .contains("column \"secret\" of the source is not in")
                    .contains("- name: secret\n    type: string");
            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"), "secret");
            assertThat(shop.spark().table("lake.shop.item").columns())
                    .startsWith("id", "qty", "name", "more", "size", "firn_position");

            database.execute(
                    "DELETE FROM item WHERE id = 2",
                    "UPDATE item SET qty = 7 WHERE id = 1",
                    "INSERT INTO item (id) VALUES (4)");
            connector.catchUp();
            assertThat(shop.drain().exit()).isEqualTo(ExitCode.OK);
            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"), "secret");

            database.execute(
                    "ALTER TABLE item MODIFY size varchar(10)",
                    "DELETE FROM item WHERE id = 3",
                    "UPDATE item SET size = 'XL' WHERE id = 1",
                    "INSERT INTO item (id) VALUES (7), (8)",
                    "DELETE FROM item WHERE id = 7");
            connector.catchUp();
            RunResult quarantined = shop.drain();
            assertThat(quarantined.exit()).isEqualTo(ExitCode.OK);
            assertThat(shop.sql("SELECT id, size FROM lake.shop.item ORDER BY id"))
                    .containsExactly("[1,5]", "[4,null]", "[5,5]", "[6,5]", "[8,null]");

            database.execute("ALTER TABLE item RENAME COLUMN name TO title", "DELETE FROM item WHERE id = 5");
            connector.catchUp();
            RunResult stopped = shop.drain();
            assertThat(stopped.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(stopped.problems())
                    .anySatisfy(problem -> assertThat(problem).contains("renamed-from: name"));
            Files.writeString(
                    file, ddl.replace("name: name, type: string", "name: title, type: string, renamed-from: name"));
            shop.apply("lake.shop.item");
            database.execute("UPDATE item SET title = 'T' WHERE id = 6", "DELETE FROM item WHERE id = 4");
            connector.catchUp();
            try (Workspace renamed = shop.mended(Files.readString(home.resolve("pipeline.yaml")))) {
                assertThat(renamed.drain().exit()).isEqualTo(ExitCode.OK);
                assertThat(renamed.sql("SELECT id, title, size FROM lake.shop.item ORDER BY id"))
                        .containsExactly("[1,a,5]", "[6,f,5]", "[8,null,null]");
            }
        }
    }
}
