package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.rig.Connector;
import io.firn.rig.Messages;
import io.firn.rig.Oracle;
import io.firn.rig.Pgbench;
import io.firn.rig.PostgresDatabase;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** The command line follows a database that pgbench writes to; asked to end, it ends well, and all that was written is there. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class PgbenchTest {
    /** Takes the brokers and the prefix of the topics. */
    static final String YAML =
            """
            pipeline: bench
            source:
              type: debezium
              brokers: %1$s
              topic-pattern: '%2$s\\.public\\.pgbench_.*'
              format: {schemas: none}
            events:
              %2$s.public.pgbench_accounts:
                columns:
                  - {name: aid, type: int, required: true}
                  - {name: bid, type: int}
                  - {name: abalance, type: int}
                  - {name: filler, type: string}
                target: {id-columns: [aid]}
              %2$s.public.pgbench_branches:
                columns:
                  - {name: bid, type: int, required: true}
                  - {name: bbalance, type: int}
                  - {name: filler, type: string}
                target: {id-columns: [bid], write-mode: copy-on-write}
              %2$s.public.pgbench_tellers:
                columns:
                  - {name: tid, type: int, required: true}
                  - {name: bid, type: int}
                  - {name: tbalance, type: int}
                  - {name: filler, type: string}
                target: {id-columns: [tid], format-version: 3}
              %2$s.public.pgbench_history:
                columns:
                  - {name: tid, type: int}
                  - {name: bid, type: int}
                  - {name: aid, type: int}
                  - {name: delta, type: int}
                  - {name: mtime, type: timestamp, format: epoch-micros}
                  - {name: filler, type: string}
                target: {mode: append}
            """;

    @TempDir
    private Path home;

    @Test
    void everyTableEqualsTheDatabaseAfterSigterm(SparkSession spark, Rig rig) throws InterruptedException {
        PostgresDatabase database = rig.postgres().database("pgbench_followed");
        Pgbench pgbench = new Pgbench(database, 1);
        pgbench.init();
        try (Connector connector = rig.connector(database, Pgbench.TABLES.toArray(String[]::new))
                        .messages(Messages.PLAIN)
                        .start();
                Workspace bench =
                        Workspace.of(home, spark, YAML.formatted(rig.kafka().bootstrap(), connector.prefix()))) {
            connector.catchUp();
            try (Following firn = new Following(home, "bench")) {
                firn.awaitRuns(1);
                for (int seed = 1; seed <= 3; seed++) {
                    pgbench.run(4, 100, seed);
                    firn.awaitRuns(1);
                }
                pgbench.run(4, 100, 4);
                connector.catchUp();
                // The run in hand began before that, maybe; the next did not.
                firn.awaitRuns(2);

                assertThat(firn.end()).as(firn.log()).isZero();
                assertThat(firn.log()).contains("firn: ends when the batches in hand are done");
            }

            Pgbench.TABLES.forEach(
                    table -> Oracle.assertEqual(database, table, bench.spark().table("lake.bench." + table)));
            assertThat(database.value("SELECT count(*) FROM pgbench_history")).isEqualTo("1600");
            assertThat(bench.spark()
                            .table("lake.bench.pgbench_accounts.snapshots")
                            .count())
                    .as("it followed, it did not come after")
                    .isGreaterThan(3);
        }
    }
}
