package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.RunResult.Lines;
import io.firn.SparkExtension;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** Plain messages of a topic go into the tables of their events, each once. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class RecordsTest {
    private static final String TOPIC = "clicks";

    @TempDir
    private Path home;

    private final Rig rig;

    RecordsTest(Rig rig) {
        this.rig = rig;
    }

    @BeforeEach
    void freshTopic() {
        if (rig.kafka().exists(TOPIC)) {
            rig.kafka().deleteTopic(TOPIC);
        }
        rig.kafka().createTopic(TOPIC, 3);
    }

    @Test
    void eachRecordIsLoadedOrQuarantinedOrCountedOnce(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml(Shop.yaml()))) {
            send(sale(1), sale(2), badSale(3), visit(1), "{\"type\":\"refund\"}", "{", "{\"id\":3}");
            rig.kafka().abort(records(sale(66)));
            send(1, (byte[]) null);

            RunResult first = shop.drain();

            assertThat(first.problems()).isEmpty();
            assertThat(first.lines()).isEqualTo(new Lines(8, 3, 3, 0, 2, 0));
            assertThat(first.notListed()).containsEntry("refund", 1L).containsEntry("(no value)", 1L);
            assertThat(ids(shop, "sale")).containsExactly("[1]", "[2]");
            assertThat(ids(shop, "visit")).containsExactly("[1]");
            assertThat(shop.sql("SELECT event, column_name, string(line) FROM lake.shop.firn_quarantine ORDER BY line"))
                    .containsExactlyInAnyOrder(
                            "[sale,amount," + badSale(3) + "]", "[null,null,{]", "[null,null,{\"id\":3}]");

            assertThat(shop.drain().lines()).isEqualTo(new Lines(0, 0, 0, 0, 0, 0));
            send(sale(4));
            assertThat(shop.drain().lines()).isEqualTo(new Lines(1, 1, 0, 0, 0, 0));
            assertThat(ids(shop, "sale")).containsExactly("[1]", "[2]", "[4]");
        }
    }

    @Test
    void whatIsRefusedKeepsItsKey(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml(Shop.yaml()))) {
            rig.kafka()
                    .produce(Stream.of(badSale(3), sale(1), "{")
                            .map(line -> new ProducerRecord<>(TOPIC, 0, bytes("key of " + line), bytes(line)))
                            .toList());
            rig.kafka().produce(List.of(new ProducerRecord<>(TOPIC, 0, new byte[0], bytes(badSale(4)))));
            send(0, bytes(badSale(5)));

            RunResult run = shop.drain();

            assertThat(run.lines()).isEqualTo(new Lines(5, 1, 4, 0, 0, 0));
            assertThat(ids(shop, "sale")).containsExactly("[1]");
            assertThat(shop.sql("SELECT string(line), string(record_key) FROM lake.shop.firn_quarantine"))
                    .containsExactlyInAnyOrder(
                            "[" + badSale(3) + ",key of " + badSale(3) + "]",
                            "[{,key of {]",
                            "[" + badSale(4) + ",]",
                            "[" + badSale(5) + ",null]");
        }
    }

    @Test
    void anEventThatTheYamlGainsCatchesUp(SparkSession spark) {
        String salesOnly = Shop.yaml().substring(0, Shop.yaml().indexOf("  visit:"));
        try (Workspace sales = Workspace.of(home, spark, yaml(salesOnly))) {
            send(sale(1), visit(1), visit(2).replace("\"id\":2", "\"id\":\"two\""), badSale(2), "{");
            assertThat(sales.drain().lines()).isEqualTo(new Lines(5, 1, 2, 0, 2, 0));
            send(sale(3), visit(3));

            try (Workspace all = sales.mended(yaml(Shop.yaml()))) {
                RunResult run = all.drain();

                assertThat(run.problems()).isEmpty();
                assertThat(ids(all, "visit")).containsExactly("[1]", "[3]");
                assertThat(ids(all, "sale")).containsExactly("[1]", "[3]");
                assertThat(all.sql("SELECT event, count(*) FROM lake.shop.firn_quarantine GROUP BY event"))
                        .containsExactlyInAnyOrder("[sale,1]", "[visit,1]", "[null,1]");
            }
        }
    }

    /** What tables remember of a topic that is no more keeps none of them from being as far as the others. */
    @Test
    void aTopicOfAnotherNameIsReadOnByOldTablesAndNew(SparkSession spark) {
        String renamed = "clicks.renamed";
        rig.kafka().createTopic(renamed, 1);
        String salesOnly = Shop.yaml().substring(0, Shop.yaml().indexOf("  visit:"));
        try (Workspace sales = Workspace.of(home, spark, yaml(salesOnly))) {
            send(sale(1), visit(1));
            assertThat(sales.drain().lines()).isEqualTo(new Lines(2, 1, 0, 0, 1, 0));

            try (Workspace all = sales.mended(yaml(Shop.yaml()).replace("topic: " + TOPIC, "topic: " + renamed))) {
                for (int i = 2; i < 4; i++) {
                    rig.kafka()
                            .produce(Stream.of(sale(i), visit(i))
                                    .map(line -> new ProducerRecord<byte[], byte[]>(
                                            renamed, line.getBytes(StandardCharsets.UTF_8)))
                                    .toList());
                    RunResult run = all.drain();
                    assertThat(run.problems()).isEmpty();
                    assertThat(run.lines()).isEqualTo(new Lines(2, 2, 0, 0, 0, 0));
                }
                assertThat(ids(all, "sale")).containsExactly("[1]", "[2]", "[3]");
                assertThat(ids(all, "visit")).containsExactly("[2]", "[3]");
            }
        }
    }

    @Test
    void whatAFailingTableRefusedStaysInTheQuarantine(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml(Shop.yaml()))) {
            send(sale(1), badSale(2), visit(1).replace("1,", "\"one\","), "{");
            assertThat(shop.drain().lines()).isEqualTo(new Lines(4, 1, 3, 0, 0, 0));
            String events = "SELECT event FROM lake.shop.firn_quarantine ORDER BY event";
            assertThat(shop.sql(events)).containsExactly("[null]", "[sale]", "[visit]");
            // Made anew, sales are read from the beginning, and visits cannot be opened.
            shop.sql("DROP TABLE lake.shop.sale");

            String other = yaml(Shop.yaml()).replace("{name: page, type: string}", "{name: page, type: date}");
            try (Workspace changed = shop.mended(other)) {
                RunResult run = changed.drain();

                assertThat(run.problems()).singleElement().asString().contains("column page is string");
                assertThat(ids(changed, "sale")).containsExactly("[1]");
                assertThat(changed.sql(events)).containsExactly("[null]", "[sale]", "[visit]");
            }
        }
    }

    /** As upserts do; the position of one says nothing of the other. */
    @Test
    void aTableThatWasRolledBackStopsNoOther(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml(Shop.yaml()))) {
            send(sale(1), visit(1));
            assertThat(shop.drain().problems()).isEmpty();
            send(sale(2), visit(2));
            assertThat(shop.drain().problems()).isEmpty();
            String first = shop.sql(
                            "SELECT parent_id FROM lake.shop.visit.history ORDER BY made_current_at DESC LIMIT 1")
                    .get(0)
                    .replaceAll("[\\[\\]]", "");
            shop.sql("CALL lake.system.rollback_to_snapshot('shop.visit', " + first + ")");
            send(sale(3), visit(3));

            RunResult run = shop.drain();

            assertThat(run.exit()).isEqualTo(ExitCode.CONFLICT);
            assertThat(run.problems()).singleElement().asString().contains("lake.shop.visit", "rolled back");
            assertThat(ids(shop, "sale")).containsExactly("[1]", "[2]", "[3]");
        }
    }

    @Test
    void smallBatchesComeToTheSame(SparkSession spark) {
        String small = yaml(Shop.yaml()).replace("event-name", "records-per-batch: 7, event-name");
        try (Workspace shop = Workspace.of(home, spark, small)) {
            send(Stream.iterate(1, i -> i + 1).limit(40).map(Shop::sale).toArray(String[]::new));

            RunResult run = shop.drain();

            assertThat(run.lines()).isEqualTo(new Lines(40, 40, 0, 0, 0, 0));
            assertThat(ids(shop, "sale")).hasSize(40);
        }
    }

    @Test
    void tooManyBadRecordsCloseTheGateAndAreQuarantinedOnce(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, yaml(Shop.yaml("max-quarantined: 1")))) {
            send(sale(1), badSale(2), badSale(3));

            RunResult run = shop.drain();
            RunResult again = shop.drain();

            assertThat(List.of(run.exit(), again.exit())).containsOnly(ExitCode.QUALITY);
            assertThat(run.problems()).singleElement().asString().contains("2 of 3 records were refused");
            assertThat(ids(shop, "sale")).isEmpty();
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.firn_quarantine"))
                    .containsExactly("[2]");
        }
    }

    private String yaml(String dump) {
        return dump.replace(
                "{type: json-dump, path: \"raw/{date}/\",",
                "{type: kafka, brokers: \"%s\", topic: %s,"
                        .formatted(rig.kafka().bootstrap(), TOPIC));
    }

    private static List<String> ids(Workspace shop, String event) {
        return shop.sql("SELECT id FROM lake.shop." + event + " ORDER BY id");
    }

    private void send(String... values) {
        rig.kafka().produce(records(values));
    }

    private void send(int partition, byte[] value) {
        rig.kafka().produce(List.of(new ProducerRecord<>(TOPIC, partition, null, value)));
    }

    private static byte[] bytes(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    private static List<ProducerRecord<byte[], byte[]>> records(String... values) {
        return Stream.of(values)
                .map(value -> new ProducerRecord<byte[], byte[]>(
                        TOPIC, Math.floorMod(value.hashCode(), 3), null, value.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
