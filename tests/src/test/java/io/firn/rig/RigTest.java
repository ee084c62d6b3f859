package io.firn.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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

    @Test
    void aChangeInEachDatabaseArrives() {
        for (Database database :
                List.of(rig.postgres().database("arrives"), rig.mariaDb().database("arrives"))) {
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
        System.err.println(rig.figures());
    }
}
