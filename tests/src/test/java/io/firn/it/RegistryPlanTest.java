package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.RegistryPreview;
import io.firn.RegistryPreview.TopicSchema;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.registry.Confluent;
import io.firn.registry.LatestSchema;
import io.firn.registry.Schemas;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.table.SchemaChange;
import io.firn.table.SchemaHistory;
import io.firn.table.TableName;

/** What the latest schemas of a real registry would change in tables that are loaded already. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class RegistryPlanTest {
    private static final List<String> TABLE = List.of(
            "CREATE TABLE item (id bigint PRIMARY KEY, name varchar(20) NOT NULL, qty int, amount numeric(10,2),"
                    + " old text NOT NULL, code text, flag text)",
            "ALTER TABLE item REPLICA IDENTITY FULL",
            "INSERT INTO item VALUES (1, 'a', 1, 0.01, 'o', 'c', 'f')");
    private static final List<String> ALTERED = List.of(
            "ALTER TABLE item ADD tags text[], ALTER qty TYPE bigint, ALTER amount TYPE numeric(12,2),"
                    + " ALTER name DROP NOT NULL, DROP old",
            "ALTER TABLE item ALTER code TYPE int USING 7, ALTER flag TYPE boolean USING true",
            "INSERT INTO item VALUES (2, NULL, 2, 2, 3, true, '{x}')");

    @TempDir
    private Path home;

    @Test
    void theLatestVersionIsToldInTheWordsOfChanges(SparkSession spark, Rig rig) throws IOException {
        Database database = rig.postgres().database("registry_plan");
        database.execute(TABLE.toArray(String[]::new));
        try (Connector connector =
                rig.connector(database, "item").avro(rig.registry()).start()) {
            connector.catchUp();
            String topic = connector.topic("item");
            String registry =
                    "{type: confluent, url: '%s'}".formatted(rig.registry().confluent());
            String yaml = yaml(rig, topic, registry, "");
            try (Workspace shop = Workspace.of(home, spark, yaml)) {
                TopicSchema before = planned(shop);
                assertThat(before.create()).isTrue();
                assertThat(before.changes())
                        .startsWith("add id long", "add name string", "add qty int", "add amount decimal(10,2)");
                assertThat(shop.sql("SHOW NAMESPACES IN lake")).isEmpty();
                assertThat(shop.drain().problems()).isEmpty();
                TopicSchema settled = planned(shop);
                assertThat(settled.inPlace()).as(settled::toString).isTrue();

                database.execute(ALTERED.toArray(String[]::new));
                connector.catchUp();
                TopicSchema after = planned(shop);

                assertThat(after.table()).isEqualTo("lake.shop.item");
                assertThat(after.schema()).matches("version \\d+, id \\d+");
                assertThat(after.problem()).isNull();
                assertThat(after.changes())
                        .containsExactlyInAnyOrder(
                                "name may be null",
                                "widen qty from int to long",
                                "widen amount from decimal(10, 2) to decimal(12, 2)",
                                "add tags list<string>",
                                "old may be null");
                assertThat(after.notes())
                        .containsExactly("topic " + topic + ": the source has no column \"old\" any more ("
                                + after.schema() + "); table lake.shop.item keeps it, null in rows that are written"
                                + " from now on");
                assertThat(after.conflicts())
                        .hasSize(2)
                        .allMatch(text -> text.contains("Write, under events in "))
                        .anyMatch(text -> text.startsWith("topic " + topic + ": column \"code\" is string in table"
                                + " lake.shop.item, and its source has come to be int (" + after.schema() + "). "))
                        .anyMatch(text -> text.contains("column \"flag\" is string"));
                assertThat(shop.sql("SELECT count(*) FROM lake.shop.item.snapshots"))
                        .containsExactly("[2]");

                folder(topic, rig);
                Workspace files = shop.mended(yaml(rig, topic, "{type: files, path: schemas}", ""));
                TopicSchema ofFiles = planned(files);
                assertThat(ofFiles.schema()).isEqualTo("schema " + topic + "-value");
                assertThat(ofFiles.changes()).isEqualTo(after.changes());
                assertThat(ofFiles.conflicts()).hasSize(2);
                Files.delete(home.resolve("schemas/" + topic + "-value.avsc"));
                assertThat(planned(files).problem()).startsWith("the registry has no subject " + topic + "-value");

                Workspace follows = shop.mended(yaml(rig, topic, registry, "defaults: {on-type-change: new-column}\n"));
                TopicSchema follow = planned(follows);
                assertThat(follow.conflicts()).isEmpty();
                assertThat(follow.changes()).contains("add code_int int", "add flag_boolean boolean");
                assertThat(follow.notes()).hasSize(3);
                RunResult run = follows.drain();
                assertThat(run.exit()).isEqualTo(ExitCode.OK);
                SchemaChange made = history(follows).changes().get(0);
                assertThat(made.changes()).containsExactlyInAnyOrderElementsOf(follow.changes());
                assertThat(made.by()).isEqualTo(SchemaChange.By.RUN);
                assertThat(made.origin().pipeline()).isEqualTo("shop");
                assertThat(after.schema())
                        .endsWith(", " + made.origin().source().replace("registry ", ""));
                assertThat(planned(follows).inPlace()).isTrue();
            }
        }
    }

    @Test
    void aPipelineWithoutARegistryIsToldSo(SparkSession spark) {
        String yaml = "pipeline: p\nsource: {type: debezium, brokers: 'localhost:1', topic: t}\n";
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            assertThatThrownBy(() -> planned(shop))
                    .hasMessageEndingWith("has no registry: --registry is for changes of databases whose source says"
                            + " format: {registry: ...}");
        }
    }

    private static TopicSchema planned(Workspace shop) {
        try (Catalogs catalogs = new Catalogs(shop.pipeline().project(), new Configuration())) {
            return RegistryPreview.of(shop.pipeline(), catalogs).topics().get(0);
        }
    }

    private static SchemaHistory history(Workspace shop) {
        TableName name = TableName.parse("lake.shop.item");
        try (Catalogs catalogs = new Catalogs(shop.pipeline().project(), new Configuration())) {
            return catalogs.find(name).orElseThrow().schemaHistory();
        }
    }

    /** The registry as files: the schemas that messages name, and the latest versions. */
    private void folder(String topic, Rig rig) throws IOException {
        Schemas schemas = new Confluent(rig.registry().confluent(), null, null, null).open();
        Files.createDirectories(home.resolve("schemas"));
        for (ConsumerRecord<byte[], byte[]> record : rig.kafka().read(topic)) {
            for (byte[] side : List.of(record.key(), record.value())) {
                String id = String.valueOf(ByteBuffer.wrap(side).getInt(1));
                Files.writeString(
                        home.resolve("schemas/" + id + ".avsc"),
                        schemas.schema(id).text());
            }
        }
        for (String subject : List.of(topic + "-value", topic + "-key")) {
            LatestSchema latest = schemas.latest(subject).orElseThrow();
            Files.writeString(
                    home.resolve("schemas/" + subject + ".avsc"),
                    latest.schema().text());
        }
    }

    private static String yaml(Rig rig, String topic, String registry, String more) {
        return """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic: %s
                  format: {type: avro, registry: %s}
                %s"""
                .formatted(rig.kafka().bootstrap(), topic, registry, more);
    }
}
