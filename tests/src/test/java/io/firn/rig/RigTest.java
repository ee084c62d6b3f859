package io.firn.rig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The servers do what the tests of change data build on. */
@ExtendWith(RigExtension.class)
class RigTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Rig rig;

    RigTest(Rig rig) {
        this.rig = rig.all();
    }

    private List<JsonNode> values(String topic) {
        return rig.kafka().read(topic).stream().map(RigTest::value).toList();
    }

    private static JsonNode value(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? JSON.nullNode() : JSON.readTree(record.value());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String text) {
        byte[] value = text.getBytes(UTF_8);
        return new ProducerRecord<>(
                topic, null, 7L, value, value, List.of(new RecordHeader("h", new byte[] {0, (byte) 255})));
    }

    private static List<String> texts(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(r -> new String(r.value(), UTF_8)).toList();
    }

    private List<Database> databases(String name) {
        return List.of(rig.postgres().database(name), rig.mariaDb().database(name));
    }

    @Test
    void aChangeInEachDatabaseArrives() {
        for (Database database : databases("arrives")) {
            database.execute(
                    "CREATE TABLE item (id int PRIMARY KEY, name varchar(20))", "INSERT INTO item VALUES (1, 'é')");
            try (Connector connector = rig.connector(database, "item").start()) {
                connector.catchUp();
                database.execute("UPDATE item SET name = '😀'", "DELETE FROM item");
                connector.catchUp();

                List<JsonNode> values = values(connector.topic("item"));

                assertThat(values).hasSize(4);
                assertThat(values.get(0).at("/payload/op").asText()).isEqualTo("r");
                assertThat(values.get(0).at("/payload/after/name").asText()).isEqualTo("é");
                assertThat(values.get(1).at("/payload/after/name").asText()).isEqualTo("😀");
                assertThat(values.get(2).at("/payload/op").asText()).isEqualTo("d");
                assertThat(values.get(3).isNull()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SCHEMAS, /payload/after/price, BM4=, BM4=",
        "PLAIN, /after/price, BM4=, BM4=",
        "TEXT, /after/price, 12.30, 12.3",
        "FLAT, /price, 12.3, 12.30"
    })
    void connectorsWriteAsTheyAreTold(Messages messages, String where, String postgres, String mariaDb) {
        for (Database database : databases("messages_" + messages.name().toLowerCase(Locale.ROOT))) {
            database.execute("CREATE TABLE item (id int PRIMARY KEY, price decimal(10,2))");
            try (Connector connector =
                    rig.connector(database, "item").messages(messages).start()) {
                database.execute("INSERT INTO item VALUES (1, 12.30)");
                connector.catchUp();

                assertThat(values(connector.topic("item")))
                        .singleElement()
                        .extracting(value -> value.at(where).asText())
                        .isEqualTo(database instanceof PostgresDatabase ? postgres : mariaDb);
            }
        }
    }

    @Test
    void nothingIsLostWhenConnectIsKilled() {
        List<Database> databases = databases("killed");
        databases.forEach(database -> database.execute("CREATE TABLE item (id int PRIMARY KEY)"));
        try (Connect own = rig.ownConnect(100);
                Connector first = rig.connector(own, databases.get(0), "item").start();
                Connector second = rig.connector(own, databases.get(1), "item").start()) {
            databases.forEach(database -> database.execute("INSERT INTO item VALUES (1)"));
            first.catchUp();
            second.catchUp();
            own.kill();
            databases.forEach(database -> database.execute("INSERT INTO item VALUES (2)"));

            own.start();

            for (Connector connector : List.of(first, second)) {
                connector.catchUp();
                assertThat(values(connector.topic("item")).stream()
                                .map(v -> v.at("/payload/after/id").asInt())
                                .distinct())
                        .containsExactly(1, 2);
            }
        }
    }

    @Test
    void aConnectorThatFailsIsToldOf() {
        Database database = rig.postgres().database("fails");

        assertThatThrownBy(() -> rig.connector(database, "item")
                        .with("database.dbname", "nowhere")
                        .start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void recordsAreKeptByteByByte() {
        KafkaServer kafka = rig.kafka();
        kafka.createTopic("bytes", 1);

        kafka.produce(List.of(record("bytes", "a"), new ProducerRecord<>("bytes", null, null)));

        List<ConsumerRecord<byte[], byte[]>> records = kafka.read("bytes");
        assertThat(records).hasSize(2);
        assertThat(records.get(0).key()).isEqualTo("a".getBytes(UTF_8));
        assertThat(records.get(0).timestamp()).isEqualTo(7);
        assertThat(records.get(0).headers().lastHeader("h").value()).isEqualTo(new byte[] {0, (byte) 255});
        assertThat(records.get(1).key()).isNull();
        assertThat(records.get(1).value()).isNull();
    }

    @Test
    void abortedTransactionsLeaveGaps() {
        KafkaServer kafka = rig.kafka();
        kafka.createTopic("transactions", 1);

        kafka.commit(List.of(record("transactions", "a"), record("transactions", "b")));
        kafka.abort(List.of(record("transactions", "c")));
        kafka.produce(List.of(record("transactions", "d")));

        assertThat(texts(kafka.read("transactions"))).containsExactly("a", "b", "d");
        assertThat(kafka.ends("transactions")).containsExactly(Map.entry(new TopicPartition("transactions", 0), 6L));
    }

    @Test
    void topicsAreCutGrownAndMadeAnew() {
        KafkaServer kafka = rig.kafka();
        kafka.createTopic("cut", 1);
        Uuid id = kafka.topicId("cut");
        kafka.produce(List.of(record("cut", "a"), record("cut", "b")));

        kafka.deleteRecords("cut", 0, 1);
        kafka.addPartitions("cut", 3);

        assertThat(texts(kafka.read("cut"))).containsExactly("b");
        assertThat(kafka.ends("cut")).hasSize(3);

        kafka.deleteTopic("cut");
        kafka.createTopic("cut", 1);

        assertThat(kafka.topicId("cut")).isNotEqualTo(id);
        assertThat(kafka.read("cut")).isEmpty();
    }

    @Test
    void allThatRunsIsSmall() {
        String figures = rig.figures();

        System.err.println(figures);
        assertThat(figures).contains("kafka", "postgres", "mariadb", "connect");
    }
}
