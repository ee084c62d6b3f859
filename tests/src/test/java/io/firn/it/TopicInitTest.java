package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.TopicInit;
import io.firn.TopicInit.Drafts;
import io.firn.TopicPreview;
import io.firn.init.Inference.Hints;
import io.firn.init.InferenceException;
import io.firn.registry.Confluent;
import io.firn.registry.Registry;
import io.firn.registry.Schemas;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Messages;
import io.firn.rig.Oracle;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** What is written from a live topic is checked, planned and run as it is, and the table equals its source. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class TopicInitTest {
    private static final List<String> RICH = List.of(
            "CREATE TABLE item (id bigint, part int, name varchar(20) NOT NULL, amount numeric(10,2), day date,"
                    + " at timestamp(3), ok boolean, ratio double precision, \"with blank\" int, PRIMARY KEY (part, id))",
            "ALTER TABLE item REPLICA IDENTITY FULL",
            "INSERT INTO item VALUES (1, 1, 'a', 0.01, '2026-03-01', '2026-03-29 02:30:00.123', true, 0.1, 7),"
                    + " (2, 1, 'é', NULL, NULL, NULL, NULL, NULL, NULL)");
    private static final List<String> PLAIN = List.of(
            "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(20), ok boolean, ratio double precision)",
            "INSERT INTO item VALUES (1, 'a', true, 0.1), (2, 'b', NULL, -1e300)");

    @TempDir
    private Path home;

    @Test
    void messagesThatCarryTheirSchema(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.postgres().database("init_described");
        try (Connector connector = started(rig, database, RICH, Messages.SCHEMAS)) {
            String topic = connector.topic("item");
            Drafts drafts = drafts(rig, topic, null, Hints.NONE);
            String prefix = connector.prefix();
            assertThat(drafts.tables()).containsExactly("lake." + prefix + ".item");
            assertThat(drafts.records()).isEqualTo(2);
            assertThat(text(drafts, "pipeline.yaml"))
                    .isEqualTo(
                            """
                            # yaml-language-server: $schema=pipeline.schema.json
                            # Inferred from topic TOPIC: 2 records, which carry their schema.
                            # Id-columns are the fields of the messages' key.
                            pipeline: shop
                            catalog: lake
                            source:
                              type: debezium
                              brokers: "BROKERS"
                              topic: TOPIC
                            defaults: {namespace: PREFIX}

                            events:
                              TOPIC:
                                target: {table: lake.PREFIX.item} # keys, partitioning and properties: under ddl/
                            """
                                    .replace("TOPIC", topic)
                                    .replace("PREFIX", prefix)
                                    .replace("BROKERS", rig.kafka().bootstrap()));
            assertThat(text(drafts, "ddl/" + prefix + "/item.yaml"))
                    .isEqualTo(
                            """
                            # yaml-language-server: $schema=table.schema.json
                            # Inferred from topic TOPIC.
                            # Id-columns are the fields of the messages' key.
                            # Only key columns are required, so that a column that the source relaxes or drops stops no run.
                            # Not partitioned: a large table that is merged into does well with partition-by: ["bucket(16, ID)"].
                            table: lake.PREFIX.item
                            columns:
                              - {name: id, type: long, required: true}
                              - {name: part, type: int, required: true}
                              - {name: name, type: string}
                              - {name: amount, type: "decimal(10,2)"}
                              - {name: day, type: date}
                              - {name: at, type: timestamp}
                              - {name: ok, type: boolean}
                              - {name: ratio, type: double}
                              - {name: "with blank", type: int}
                            id-columns: [part, id]
                            mode: upsert
                            """
                                    .replace("TOPIC", topic)
                                    .replace("PREFIX", prefix));
            runs(drafts, spark, connector, database, prefix);
        }
    }

    @Test
    void messagesWhoseSchemasARegistryHas(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.postgres().database("init_registered");
        // Avro has no names with blanks; its converter makes others of them.
        RICH.forEach(statement -> database.execute(statement.replace("with blank", "with_line")));
        Registry registry = new Confluent(rig.registry().confluent(), null, null, null);
        try (Connector connector =
                rig.connector(database, "item").avro(rig.registry()).start()) {
            connector.catchUp();
            String topic = connector.topic("item");
            Drafts drafts = drafts(rig, topic, registry, Hints.NONE);
            assertThat(text(drafts, "pipeline.yaml"))
                    .contains("  format: {type: avro, registry: {type: confluent, url: \""
                            + rig.registry().confluent() + "\"}}\n")
                    .contains("2 records, whose schemas a registry has.");
            runs(drafts, spark, connector, database, connector.prefix());

            assertThatThrownBy(() -> drafts(rig, topic, null, Hints.NONE))
                    .isInstanceOf(InferenceException.class)
                    .hasMessage(
                            "Topic " + topic + " cannot be read: its messages begin with the id of a schema; say with"
                                    + " --registry which registry has it");
            anEmptyTopicIsToldByTheRegistry(rig, topic, registry, spark);
        }
    }

    /** The schemas of one topic registered for another, which holds nothing. */
    private void anEmptyTopicIsToldByTheRegistry(Rig rig, String topic, Registry registry, SparkSession spark)
            throws IOException {
        String empty = "empty." + topic;
        rig.kafka().createTopic(empty, 1);
        assertThatThrownBy(() -> drafts(rig, empty, registry, Hints.NONE))
                .hasMessage("Topic " + empty + " holds no record with a value, and the registry no subject " + empty
                        + "-value, so nothing tells what it holds. Write a record and run again.");
        Schemas schemas = registry.open();
        for (String side : List.of("-key", "-value")) {
            register(
                    rig,
                    empty + side,
                    schemas.latest(topic + side).orElseThrow().schema().text());
        }
        Drafts drafts = drafts(rig, empty, registry, Hints.NONE);
        assertThat(text(drafts, "ddl/empty/item.yaml")).contains("id-columns: [part, id]", "decimal(10,2)");
        try (Workspace shop = written(drafts, spark)) {
            assertThat(shop.pipeline().pipeline().pipeline()).isEqualTo("shop");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Messages.class,
            names = {"PLAIN", "TEXT", "FLAT"})
    void messagesThatCarryNoSchema(Messages messages, SparkSession spark, Rig rig) throws IOException {
        Database database = rig.postgres().database("init_" + messages.name().toLowerCase(java.util.Locale.ROOT));
        try (Connector connector = started(rig, database, PLAIN, messages)) {
            Drafts drafts = drafts(rig, connector.topic("item"), null, Hints.NONE);
            assertThat(text(drafts, "pipeline.yaml"))
                    .contains(messages == Messages.FLAT ? "{schemas: none, envelope: unwrapped}" : "{schemas: none}")
                    .contains(
                            "# Messages carry no schema: types are the narrowest that hold every value of the records")
                    .contains("      - {name: id,    type: long,    required: true}\n");
            runs(drafts, spark, connector, database, connector.prefix());
        }
    }

    @Test
    void aTopicWhoseTableChangedBefore(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.postgres().database("init_changed");
        List<String> first = List.of(
                "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(20), old int, qty int, ratio double precision)",
                "ALTER TABLE item REPLICA IDENTITY FULL",
                "INSERT INTO item VALUES (1, 'a', 1, 1, 0.1), (2, 'b', NULL, NULL, 2)");
        try (Connector connector = started(rig, database, first, Messages.SCHEMAS)) {
            database.execute(
                    "ALTER TABLE item DROP old, ALTER qty TYPE bigint, ADD later text",
                    "INSERT INTO item VALUES (5, 'e', 9223372036854775807, 1, 'x')");
            connector.catchUp();
            Drafts drafts = drafts(rig, connector.topic("item"), null, Hints.NONE);
            assertThat(text(drafts, "ddl/" + connector.prefix() + "/item.yaml"))
                    .contains("name: qty, type: long", "name: later")
                    .doesNotContain("name: old");
            try (Workspace shop = written(drafts, spark)) {
                // What the source has no more is left out, and the run says so.
                RunResult run = shop.drain();
                assertThat(run.exit()).isEqualTo(ExitCode.OK);
                assertThat(run.problems())
                        .singleElement()
                        .asString()
                        .startsWith("topic " + connector.topic("item") + ": column \"old\" of the source is not in ");
                assertThat(run.lines().quarantined()).isZero();
                Oracle.assertEqual(database, "item", shop.spark().table("lake." + connector.prefix() + ".item"));
            }
        }
    }

    @Test
    void mariaDb(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.mariaDb().database("init_maria");
        try (Connector connector = started(rig, database, PLAIN, Messages.SCHEMAS)) {
            runs(
                    drafts(rig, connector.topic("item"), null, Hints.NONE),
                    spark,
                    connector,
                    database,
                    connector.prefix());
        }
    }

    @Test
    void aTableWithoutKeyIsAppendedTo(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.postgres().database("init_keyless");
        List<String> keyless = List.of(
                "CREATE TABLE item (id int NOT NULL, name text)",
                "ALTER TABLE item REPLICA IDENTITY FULL",
                "INSERT INTO item VALUES (1, 'a'), (1, 'a')");
        try (Connector connector = started(rig, database, keyless, Messages.SCHEMAS)) {
            Drafts drafts = drafts(rig, connector.topic("item"), null, Hints.NONE);
            assertThat(text(drafts, "ddl/" + connector.prefix() + "/item.yaml"))
                    .contains("# Messages have no key, so rows cannot be found again: every change is appended.")
                    .endsWith("  - {name: name, type: string}\nmode: append\n");
            try (Workspace shop = written(drafts, spark)) {
                database.execute("DELETE FROM item WHERE id = 1");
                connector.catchUp();
                assertThat(shop.drain().problems()).isEmpty();
                assertThat(shop.sql("SELECT firn_op, count(*) FROM lake." + connector.prefix()
                                + ".item GROUP BY 1 ORDER BY 1"))
                        .containsExactly("[d,2]", "[r,2]");
            }
        }
    }

    @Test
    void plainEvents(SparkSession spark, Rig rig) throws IOException {
        String topic = "init_clicks";
        rig.kafka().createTopic(topic, 2);
        String visit = Shop.visit(1).replace("}", ",\"at\":\"2026-11-21T00:00:00Z\"}");
        send(rig, topic, Shop.sale(1), Shop.sale(2), visit);

        Drafts drafts = drafts(rig, topic, null, Hints.NONE);

        assertThat(drafts.tables()).containsExactly("lake.init_clicks.sale", "lake.init_clicks.visit");
        assertThat(text(drafts, "pipeline.yaml"))
                .contains("# Inferred from topic init_clicks: 3 records, 2 events.\n")
                .contains("  type: kafka\n  brokers: \"" + rig.kafka().bootstrap() + "\"\n  topic: init_clicks\n")
                .contains("  sale: # 2 records\n");
        assertThat(text(drafts, "ddl/init_clicks/sale.yaml")).contains("partition-by: [\"day(at)\"]\nmode: append\n");
        try (Workspace shop = written(drafts, spark)) {
            send(rig, topic, Shop.sale(3));
            RunResult run = shop.drain();
            assertThat(run.problems()).isEmpty();
            assertThat(run.lines().quarantined()).isZero();
            assertThat(shop.sql("SELECT id, amount, at FROM lake.init_clicks.sale ORDER BY id"))
                    .containsExactly(
                            "[1,1.5,2026-11-20 10:00:00.0]",
                            "[2,2.5,2026-11-20 10:00:00.0]",
                            "[3,3.5,2026-11-20 10:00:00.0]");
        }
    }

    @Test
    void whatCannotBeReadIsToldWithWhatToDo(Rig rig) {
        assertThatThrownBy(() -> drafts(rig, "init_nowhere", null, Hints.NONE))
                .isInstanceOf(FirnException.class)
                .hasMessageStartingWith(
                        "there is no topic init_nowhere at " + rig.kafka().bootstrap());
        rig.kafka().createTopic("init_odd", 1);
        assertThatThrownBy(() -> drafts(rig, "init_odd", null, Hints.NONE))
                .hasMessage("Topic init_odd cannot be read: it holds no record with a value");
        send(rig, "init_odd", "[1, 2]");
        assertThatThrownBy(() -> drafts(rig, "init_odd", null, Hints.NONE))
                .hasMessage(
                        "Topic init_odd cannot be read: its messages are JSON, but no objects, so that nothing names"
                                + " columns");
        send(rig, "init_odd", "secret text");
        assertThatThrownBy(() -> drafts(rig, "init_odd", null, Hints.NONE))
                .hasMessage("Topic init_odd cannot be read: its messages are neither JSON nor do they begin with a"
                        + " schema's id");
        send(rig, "init_odd", "{\"a\":1}");
        assertThatThrownBy(() -> drafts(
                        rig, "init_odd", new Confluent(rig.registry().confluent(), null, null, null), Hints.NONE))
                .hasMessageContaining("leave out --registry");
        assertThatThrownBy(() -> drafts(rig, "init_odd", null, Hints.NONE)).hasMessageContaining("--event-name");
    }

    private static Connector started(Rig rig, Database database, List<String> statements, Messages messages) {
        database.execute(statements.toArray(String[]::new));
        Connector connector = rig.connector(database, "item").messages(messages).start();
        connector.catchUp();
        return connector;
    }

    private Drafts drafts(Rig rig, String topic, Registry registry, Hints hints) throws IOException {
        Files.writeString(home.resolve("firn.yaml"), "catalogs: {lake: {warehouse: lake/warehouse}}\n");
        return new TopicInit(rig.kafka().bootstrap(), topic, Map.of(), registry, hints)
                .drafts(home.resolve("pipeline.yaml"), "shop", null, (file, name) -> name);
    }

    private String text(Drafts drafts, String file) {
        return drafts.files().get(home.resolve(file));
    }

    /** The files where they belong, read and checked. */
    private Workspace written(Drafts drafts, SparkSession spark) throws IOException {
        for (Map.Entry<Path, String> file : drafts.files().entrySet()) {
            Workspace.write(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        return Workspace.open(home, spark, home.resolve("pipeline.yaml"));
    }

    /** Unedited: planned and run, again after changes, and equal to the source each time. */
    private void runs(Drafts drafts, SparkSession spark, Connector connector, Database database, String namespace)
            throws IOException {
        try (Workspace shop = written(drafts, spark)) {
            try (Catalogs catalogs = new Catalogs(shop.pipeline().project(), new Configuration())) {
                TopicPreview plan = TopicPreview.of(shop.pipeline(), shop.spark(), catalogs);
                assertThat(plan.blocked()).as(plan::toString).isFalse();
                assertThat(plan.tables().get(0).create()).isTrue();
            }
            equal(shop, database, namespace);
            database.execute(
                    "UPDATE item SET name = 'changed', ratio = 5e-324 WHERE id = 1",
                    "UPDATE item SET id = 3 WHERE id = 2",
                    "INSERT INTO item (id, name"
                            + (namespaceIsRich(drafts) ? ", part) VALUES (4, 'd', 2)" : ") VALUES (4, 'd')"),
                    "DELETE FROM item WHERE id = 1");
            connector.catchUp();
            equal(shop, database, namespace);
        }
    }

    private boolean namespaceIsRich(Drafts drafts) {
        return drafts.files().values().stream().anyMatch(text -> text.contains("{name: part,"));
    }

    private static void equal(Workspace shop, Database database, String namespace) {
        RunResult run = shop.drain();
        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        assertThat(run.lines().quarantined()).isZero();
        Oracle.assertEqual(database, "item", shop.spark().table("lake." + namespace + ".item"));
    }

    private static void send(Rig rig, String topic, String... values) {
        rig.kafka()
                .produce(List.of(values).stream()
                        .map(value ->
                                new ProducerRecord<>(topic, (byte[]) null, value.getBytes(StandardCharsets.UTF_8)))
                        .toList());
    }

    private static void register(Rig rig, String subject, String schema) throws IOException {
        String body = new ObjectMapper().writeValueAsString(Map.of("schema", schema));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(rig.registry().confluent() + "/subjects/" + subject + "/versions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        try {
            assertThat(HttpClient.newHttpClient()
                            .send(request, BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
