package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Messages;
import io.firn.rig.Oracle;
import io.firn.rig.PostgresDatabase;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** Messages that carry no schema: the YAML names the columns, and tables equal their source. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class PlainChangesTest {
    private static final String POSTGRES =
            """
            CREATE TABLE thing (id bigint PRIMARY KEY, n int, s varchar(20), b boolean, d double precision,
                amount numeric(12,2), day date, ts timestamp(3), tz timestamptz(3), raw bytea, doc jsonb, u uuid)
            """;
    private static final String MARIADB =
            """
            CREATE TABLE thing (id bigint PRIMARY KEY, n int, s varchar(20), b boolean, d double,
                amount decimal(12,2), day date, ts datetime(3), tz timestamp(3) NULL, raw varbinary(20), doc json, u uuid)
            """;
    private static final List<String> WRITES = List.of(
            "INSERT INTO thing VALUES (1, 2147483647, 'é😀', true, 0.1, 9999999999.99, '9999-12-31',"
                    + " '2026-03-29 02:30:00.123', '2038-01-19 03:14:07.999', 'raw', '{\"a\": [1, null]}',"
                    + " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')",
            "INSERT INTO thing VALUES (2, -2147483648, '', false, -1.7976931348623157e308, -9999999999.99, '1000-01-01',"
                    + " '1970-01-01 00:00:00', '1970-01-01 00:00:01', '', '\"null\"',"
                    + " '00000000-0000-0000-0000-000000000000')",
            "INSERT INTO thing (id, amount) VALUES (3, 0)",
            "INSERT INTO thing (id) VALUES (-9223372036854775808)",
            "INSERT INTO thing (id, n) VALUES (9223372036854775807, 0)");
    private static final List<String> CHANGES = List.of(
            "UPDATE thing SET n = NULL, s = 'a\"b\\\\c', amount = 0.01, doc = NULL WHERE id = 1",
            "UPDATE thing SET id = 4, d = 5e-324 WHERE id = 3",
            "DELETE FROM thing WHERE id = 2",
            "INSERT INTO thing (id, s) VALUES (2, 'again')",
            "DELETE FROM thing WHERE id < -5");

    @TempDir
    private Path home;

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SCHEMAS")
    void tablesEqualTheirSource(Messages messages, SparkSession spark, Rig rig) {
        String name = "plain_" + messages.name().toLowerCase(Locale.ROOT);
        for (Database database :
                List.of(rig.postgres().database(name), rig.mariaDb().database(name))) {
            boolean postgres = database instanceof PostgresDatabase;
            database.execute(postgres ? POSTGRES : MARIADB);
            WRITES.subList(0, 3).forEach(database::execute);
            try (Connector connector =
                            rig.connector(database, "thing").messages(messages).start();
                    Workspace shop = Workspace.of(
                            home.resolve(connector.prefix()),
                            spark,
                            yaml(rig.kafka().bootstrap(), connector.topic("thing"), messages, postgres))) {
                WRITES.subList(3, 5).forEach(database::execute);
                equal(connector, shop, database);
                CHANGES.forEach(database::execute);
                equal(connector, shop, database);
            }
        }
    }

    private static void equal(Connector connector, Workspace shop, Database database) {
        connector.catchUp();

        RunResult run = shop.drain();

        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        assertThat(run.lines().quarantined()).isZero();
        Oracle.assertEqual(database, "thing", shop.spark().table("lake.shop.thing"));
    }

    private static String yaml(String brokers, String topic, Messages messages, boolean postgres) {
        boolean flat = messages == Messages.FLAT;
        String binary = messages != Messages.TEXT ? "bytes" : postgres ? "base64" : "hex";
        String amount =
                switch (messages) {
                    case PLAIN -> "decimal(12,2), format: base64";
                    case FLAT -> postgres ? "double" : "decimal(12,2)";
                    default -> "decimal(12,2)";
                };
        String time = messages == Messages.TEXT ? "timestamp" : "timestamp, format: epoch-millis";
        return """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic: %s
                  format: {schemas: none, envelope: %s, binary: %s}
                events:
                  %s:
                    columns:
                      - {name: id, type: long, required: true}
                      - {name: n, type: int}
                      - {name: s, type: string}
                      - {name: b, type: %s}
                      - {name: d, type: double}
                      - {name: amount, type: "%s}
                      - {name: day, type: date}
                      - {name: ts, type: %s}
                      - {name: tz, type: timestamptz}
                      - {name: raw, type: binary}
                      - {name: doc, type: string}
                      - {name: u, type: uuid}
                    target: {id-columns: [id]}
                """
                .formatted(
                        brokers,
                        topic,
                        flat ? "unwrapped" : "debezium",
                        binary,
                        topic,
                        postgres ? "boolean" : "int",
                        amount.replaceFirst("(,2\\))|(?<=double)", "$1\""),
                        time);
    }
}
