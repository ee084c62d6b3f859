package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.RegistryPreview;
import io.firn.RegistryPreview.TopicSchema;
import io.firn.SparkExtension;
import io.firn.registry.Confluent;
import io.firn.registry.LatestSchema;
import io.firn.registry.Schemas;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

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
                assertThat(after.conflicts()).isEmpty();
                assertThat(after.changes())
                        .containsExactlyInAnyOrder(
                                "name may be null",
                                "widen qty from int to long",
                                "widen amount from decimal(10, 2) to decimal(12, 2)",
                                "add tags list<string>",
                                "old may be null");
                assertThat(after.notes())
                        .containsExactly("column old string has no field at the source any more: it stays, and is null"
                                + " from then on");
                String stops = " (on-type-change: fail): a run that meets such rows stops before it loads any; write"
                        + " on-type-change: new-column or quarantine to go on";
                assertThat(after.incompatible())
                        .containsExactly(
                                "column code is string and the source's values become int" + stops,
                                "column flag is string and the source's values become boolean" + stops);
                assertThat(planned(shop.mended(yaml(rig, topic, registry, "defaults: {on-type-change: new-column}\n")))
                                .incompatible())
                        .contains("column flag is string and the source's values become boolean"
                                + " (on-type-change: new-column): they go into flag_boolean");
                assertThat(shop.sql("SELECT count(*) FROM lake.shop.item.snapshots"))
                        .containsExactly("[2]");

                folder(topic, rig.registry().confluent());
                Workspace files = shop.mended(yaml(rig, topic, "{type: files, path: schemas}", ""));
                TopicSchema ofFiles = planned(files);
                assertThat(ofFiles.schema()).isEqualTo("schema " + topic + "-value");
                assertThat(ofFiles.changes()).isEqualTo(after.changes());
                assertThat(ofFiles.incompatible()).isEqualTo(after.incompatible());
                Files.delete(home.resolve("schemas/" + topic + "-value.avsc"));
                assertThat(planned(files).problem()).startsWith("the registry has no subject " + topic + "-value");
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

    /** The registry's latest versions as files. */
    private void folder(String topic, String url) throws IOException {
        Schemas schemas = new Confluent(url, null, null, null).open();
        Files.createDirectories(home.resolve("schemas"));
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
