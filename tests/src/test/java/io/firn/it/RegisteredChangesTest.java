package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.registry.RegistryUnavailable;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Oracle;
import io.firn.rig.Registry;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** Changes in Avro, whose schemas a real registry holds. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class RegisteredChangesTest {
    private static final List<String> VERSIONS = List.of(
            "INSERT INTO item VALUES (4, 'd', 4.44), (5, 'e', 5.55)",
            "ALTER TABLE item ADD qty int",
            "INSERT INTO item VALUES (6, 'f', -6.66, 2147483647)",
            "ALTER TABLE item ALTER qty TYPE bigint",
            "INSERT INTO item VALUES (7, 'é😀', 0, 9223372036854775807)",
            "DELETE FROM item WHERE id = 4",
            "ALTER TABLE item DROP name, ALTER amount TYPE numeric(12,2)",
            "INSERT INTO item VALUES (8, 8999999999.99, NULL)",
            "ALTER TABLE item ADD tags text[], ADD at timestamptz, ADD raw bytea",
            "INSERT INTO item VALUES (9, 1, 1, '{a,NULL,\"b,c\"}', '2026-03-29 02:30:00.123456+00', '\\x00ff')",
            "ALTER TABLE item RENAME qty TO count",
            "UPDATE item SET amount = amount + 1, count = coalesce(count, 0) - id, at = '2026-01-01 00:00:00+00'",
            "UPDATE item SET id = 100 WHERE id = 5");

    private static final String ALL_COLUMNS =
            """
            events:
              %s:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: amount, type: "decimal(12,2)"}
                  - {name: count, type: long}
                  - {name: tags, type: list<string>}
                  - {name: at, type: timestamptz}
                  - {name: raw, type: binary}
                target: {id-columns: [id]}
            """;

    @TempDir
    private Path home;

    /** Named columns take what they can of each version, in one batch; told ones follow version by version. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allVersionsOfATableAreReadInOneRun(boolean named, SparkSession spark, Rig rig) {
        Database database = rig.postgres().database(named ? "versions" : "registered");
        create(database);
        try (Connector connector =
                        rig.connector(database, "item").avro(rig.registry()).start();
                Workspace shop = Workspace.of(
                        home,
                        spark,
                        yaml(
                                rig,
                                connector,
                                rig.registry().confluent(),
                                named ? ALL_COLUMNS.formatted(connector.topic("item")) : ""))) {
            connector.catchUp();
            VERSIONS.forEach(database::execute);
            connector.catchUp();
            assertThat(versions(rig, connector.topic("item"))).hasSizeGreaterThanOrEqualTo(5);

            RunResult run = shop.drain();

            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(run.lines().quarantined()).isZero();
            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
            if (named) {
                assertThat(run.problems()).isEmpty();
                assertThat(shop.sql("SELECT count(*) FROM lake.shop.item.snapshots WHERE operation <> 'append'"
                                + " OR summary['added-records'] IS NOT NULL"))
                        .containsExactly("[1]");
            } else {
                assertThat(run.problems())
                        .satisfiesExactly(
                                gone -> assertThat(gone)
                                        .contains("the source has no column \"name\" any more (schema "),
                                gone -> assertThat(gone).contains("the source has no column \"qty\" any more"),
                                hint -> assertThat(hint)
                                        .contains(
                                                "\"qty\" is gone from the source and \"count\" is new and of the same"));
                assertThat(shop.spark().table("lake.shop.item").schema().toDDL())
                        .startsWith("id BIGINT NOT NULL,name STRING,amount DECIMAL(12,2),")
                        .contains("qty BIGINT,tags ARRAY<STRING>,at TIMESTAMP,raw BINARY,count BIGINT");
                assertThat(shop.sql("SELECT count(name), count(qty) FROM lake.shop.item"))
                        .containsExactly("[0,0]");
            }
        }
    }

    @Test
    void anIdThatTheRegistryDoesNotKnowRefusesItsRecordAlone(SparkSession spark, Rig rig) {
        Database database = rig.postgres().database("unknown_ids");
        create(database);
        try (Connector connector =
                        rig.connector(database, "item").avro(rig.registry()).start();
                Workspace shop = Workspace.of(
                        home,
                        spark,
                        yaml(rig, connector, rig.registry().confluent(), "defaults: {max-quarantined: 0.5}\n"))) {
            connector.catchUp();
            String topic = connector.topic("item");
            byte[] key = rig.kafka().read(topic).get(0).key();
            byte[] stranger = {0, 0x77, 0, 0, 1, 2, 2};
            rig.kafka().produce(List.of(new ProducerRecord<>(topic, key, stranger)));
            database.execute("INSERT INTO item VALUES (4, 'd', 4.44)");
            connector.catchUp();

            RunResult run = shop.drain();

            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(shop.sql("SELECT firn_file, firn_offset, hex(line), reason FROM lake.shop.firn_quarantine"))
                    .containsExactly("[" + topic + "/0,3,00770000010202,its schema 1996488705 is not in the registry]");
            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
        }
    }

    @Test
    void aRegistryThatDiesStopsTheRunBeforeItWrites(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.postgres().database("registry_dies");
        create(database);
        try (Registry registry = rig.ownRegistry();
                Proxy proxy = new Proxy(registry);
                Connector connector =
                        rig.connector(database, "item").avro(registry).start();
                Workspace shop = Workspace.of(
                        home, spark, yaml(rig, connector, proxy.url(), COLUMNS.formatted(connector.topic("item"))))) {
            connector.catchUp();
            assertThat(shop.drain().problems()).isEmpty();
            List<String> before = snapshots(shop);
            database.execute("ALTER TABLE item ADD later int", "INSERT INTO item VALUES (4, 'd', 4.44, 4)");
            connector.catchUp();
            proxy.killAtNextSchema = true;

            RunResult died = shop.drain();

            assertThat(died.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY);
            assertThat(died.problems()).singleElement().asString().startsWith("the schema registry at " + proxy.url());
            assertThat(snapshots(shop)).isEqualTo(before);
            assertThatThrownBy(shop::drain)
                    .isInstanceOf(RegistryUnavailable.class)
                    .hasMessageContaining("Nothing was written without it");
            assertThat(snapshots(shop)).isEqualTo(before);

            proxy.killAtNextSchema = false;
            registry.start();
            RunResult again = shop.drain();

            assertThat(again.problems()).isEmpty();
            assertThat(again.exit()).isEqualTo(ExitCode.OK);
            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"), "later");
        }
    }

    private static final String COLUMNS =
            """
            events:
              %s:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: name, type: string}
                  - {name: amount, type: "decimal(10,2)"}
                target: {id-columns: [id]}
            """;

    private static void create(Database database) {
        database.execute(
                "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(20), amount numeric(10,2))",
                "ALTER TABLE item REPLICA IDENTITY FULL",
                "INSERT INTO item VALUES (1, 'a', 0.01), (2, 'b', NULL), (3, NULL, 99999999.99)");
    }

    private static String yaml(Rig rig, Connector connector, String registry, String more) {
        return """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic: %s
                  format: {type: avro, registry: {type: confluent, url: '%s'}}
                %s"""
                .formatted(rig.kafka().bootstrap(), connector.topic("item"), registry, more);
    }

    private static List<String> snapshots(Workspace shop) {
        return shop.sql("SELECT snapshot_id FROM lake.shop.item.snapshots ORDER BY committed_at");
    }

    /** The ids of the values' schemas. */
    private static Set<Integer> versions(Rig rig, String topic) {
        return rig.kafka().read(topic).stream()
                .filter(record -> record.value() != null)
                .map(record -> ByteBuffer.wrap(record.value()).getInt(1))
                .collect(Collectors.toSet());
    }

    /** What stands between a run and its registry, to kill it at a known moment. */
    private static final class Proxy implements AutoCloseable {
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final HttpClient http = HttpClient.newHttpClient();
        private final Registry registry;
        private volatile boolean killAtNextSchema;

        Proxy(Registry registry) throws IOException {
            this.registry = registry;
            server.createContext("/", this::forward);
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        private void forward(HttpExchange exchange) throws IOException {
            try (exchange) {
                String path = exchange.getRequestURI().toString();
                if (killAtNextSchema && path.startsWith("/schemas/ids/")) {
                    registry.kill();
                }
                HttpResponse<byte[]> answer = http.send(
                        HttpRequest.newBuilder(URI.create(registry.confluent() + path))
                                .build(),
                        BodyHandlers.ofByteArray());
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
