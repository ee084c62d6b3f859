package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

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

/** A source adds columns with defaults, of whose older rows no message comes. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class NewColumnDefaultsTest {
    @TempDir
    private Path home;

    @Test
    void olderRowsHaveWhatTheSourceSaysOrItIsTold(SparkSession spark, Rig rig) {
        Database database = rig.postgres().database("defaults");
        database.execute("CREATE TABLE item (id int PRIMARY KEY)", "INSERT INTO item VALUES (1), (2)");
        try (Connector connector = rig.connector(database, "item")
                .with("value.converter.replace.null.with.default", "false")
                .start()) {
            connector.catchUp();
            try (Workspace free = shop("v3", "format-version: 3", spark, rig, connector);
                    Workspace filled = shop("v2", "backfill-default: true", spark, rig, connector);
                    Workspace told = shop("told", "format-version: 2", spark, rig, connector)) {
                assertThat(free.drain().exit()).isEqualTo(ExitCode.OK);
                assertThat(filled.drain().exit()).isEqualTo(ExitCode.OK);
                assertThat(told.drain().exit()).isEqualTo(ExitCode.OK);
                database.execute(
                        "INSERT INTO item VALUES (3)",
                        "ALTER TABLE item ADD n int NOT NULL DEFAULT 5, ADD price numeric(8,2) DEFAULT 1.50,"
                                + " ADD word text DEFAULT 'it is \\ \"so\"', ADD day date DEFAULT '2026-03-01', ADD yes boolean"
                                + " DEFAULT true, ADD x double precision DEFAULT 0.1",
                        "INSERT INTO item (id, word) VALUES (4, NULL)",
                        "UPDATE item SET n = 6, day = NULL WHERE id = 2");
                connector.catchUp();

                assertThat(free.drain().problems()).isEmpty();
                Oracle.assertEqual(database, "item", free.spark().table("lake.shop.item"));
                assertThat(filled.drain().problems()).isEmpty();
                Oracle.assertEqual(database, "item", filled.spark().table("lake.shop.item"));
                assertThat(filled.sql("SELECT count(*) FROM lake.shop.item WHERE word IS NULL"))
                        .containsExactly("[1]");
                RunResult run = told.drain();
                assertThat(run.problems()).hasSize(6).anySatisfy(problem -> assertThat(problem)
                        .contains("column \"n\" is new, and rows that are there have 5 in it at the source")
                        .contains("backfill-default: true"));
                assertThat(told.sql("SELECT id, n, day FROM lake.shop.item ORDER BY id"))
                        .containsExactly("[1,null,null]", "[2,6,null]", "[3,null,null]", "[4,5,2026-03-01]");
                assertThat(filled.drain().lines().read()).isZero();
            }
        }
    }

    private Workspace shop(String name, String target, SparkSession spark, Rig rig, Connector connector) {
        return Workspace.of(
                home.resolve(name),
                spark,
                """
                pipeline: shop
                source: {type: debezium, brokers: "%s", topic: %s}
                events: {%2$s: {target: {%s}}}
                """
                        .formatted(rig.kafka().bootstrap(), connector.topic("item"), target));
    }
}
