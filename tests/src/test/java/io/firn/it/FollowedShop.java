package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.clients.producer.ProducerRecord;

import io.firn.rig.Comparison;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.KafkaServer;
import io.firn.rig.Oracle;
import io.firn.rig.Rig;
import io.firn.rig.Workload;

/**
 * Two databases that a seeded workload writes to, each with two tables, and connectors that follow them; a few records in
 * the topics are none of Debezium's. Any number of lakes may take the topics.
 */
final class FollowedShop implements AutoCloseable {
    /** How tables are written; every turn gives each table another one. */
    private static final List<String> VARIANTS = List.of(
            "write-mode: copy-on-write, format-version: 2",
            "write-mode: merge-on-read, format-version: 2",
            "write-mode: copy-on-write, format-version: 3",
            "write-mode: merge-on-read, format-version: 3");

    private static final byte[] POISON = "no change at all".getBytes(StandardCharsets.UTF_8);

    private final KafkaServer kafka;
    private final List<Part> parts;
    private final Map<String, Long> poisoned = new TreeMap<>();

    /** A database. */
    private record Part(Database database, Workload workload, Connector connector) {}

    private FollowedShop(KafkaServer kafka, List<Part> parts) {
        this.kafka = kafka;
        this.parts = parts;
    }

    /** @param name of the databases, a test's own */
    static FollowedShop of(Rig rig, String name, long seed) {
        Map<String, Database> databases = new LinkedHashMap<>();
        databases.put("item", rig.postgres().database(name));
        databases.put("entry", rig.mariaDb().database(name));
        List<Part> parts = new ArrayList<>();
        databases.forEach((table, database) -> {
            Workload workload = Workload.of(database, table, seed).create();
            Connector connector = rig.connector(database, workload.tables().toArray(String[]::new))
                    .start();
            parts.add(new Part(database, workload, connector));
        });
        return new FollowedShop(rig.kafka(), parts);
    }

    /** Runs this many more transactions on each database; returns when they are in the topics. */
    void write(int transactions) {
        parts.forEach(part -> part.workload.run(transactions));
        parts.forEach(part -> part.connector.catchUp());
    }

    /** Puts a record into each topic that no run can take. */
    void poison() {
        topics().keySet().forEach(topic -> {
            kafka.produce(List.of(new ProducerRecord<>(topic, 0, null, POISON)));
            poisoned.merge(topic, 1L, Long::sum);
        });
    }

    /** The tables by their topics. */
    private Map<String, String> topics() {
        Map<String, String> topics = new LinkedHashMap<>();
        parts.forEach(part -> part.workload.tables().forEach(table -> topics.put(part.connector.topic(table), table)));
        return topics;
    }

    /** The tables' names for SQL. */
    List<String> tables() {
        return topics().values().stream().map(table -> "lake.shop." + table).toList();
    }

    /**
     * A new folder with the pipeline, ready to run.
     *
     * @param turn which of the tables is written how
     * @param records most of a batch
     */
    Path lake(Path folder, int turn, int records) {
        StringBuilder yaml = new StringBuilder(
                """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic-pattern: '%s'
                  records-per-batch: %d
                defaults: {max-quarantined: 1.0}
                events:
                """
                        .formatted(
                                kafka.bootstrap(),
                                topics().keySet().stream()
                                        .map(topic -> topic.replace(".", "\\."))
                                        .collect(Collectors.joining("|")),
                                records));
        int variant = turn;
        for (String topic : topics().keySet()) {
            yaml.append("  %s: {target: {%s}}\n".formatted(topic, VARIANTS.get(variant++ % VARIANTS.size())));
        }
        Workspace.write(folder.resolve("pipeline.yaml"), yaml.toString().getBytes(StandardCharsets.UTF_8));
        return folder;
    }

    /** Every table holds the rows of its source, its key named one row at each state that readers saw; nothing is refused twice. */
    void assertTaken(Workspace lake, String description) {
        for (Part part : parts) {
            for (String table : part.workload.tables()) {
                Comparison comparison =
                        Oracle.compare(part.database, table, lake.spark().table("lake.shop." + table));
                assertThat(comparison.isEqual())
                        .as("%s: %s", description, comparison)
                        .isTrue();
            }
        }
        tables().forEach(table -> assertKeysUnique(lake, table, description));
        assertThat(quarantined(lake)).as(description).isEqualTo(poisoned);
    }

    private static Map<String, Long> quarantined(Workspace lake) {
        Map<String, Long> records = new TreeMap<>();
        lake.spark()
                .sql("SELECT event, count(*), count(DISTINCT firn_file, firn_offset) FROM "
                        + lake.pipeline().quarantine().quoted() + " GROUP BY event")
                .collectAsList()
                .forEach(row -> {
                    assertThat(row.getLong(1)).as("rows of %s", row).isEqualTo(row.getLong(2));
                    records.put(row.getString(0), row.getLong(1));
                });
        return records;
    }

    /** Read without Spark, which plans longer than these few rows take. */
    private static void assertKeysUnique(Workspace lake, String name, String description) {
        String[] key = name.endsWith("_pair") ? new String[] {"a", "b"} : new String[] {"id"};
        Table table = lake.table(name).table();
        Set<Long> seen = new HashSet<>();
        for (HistoryEntry entry : table.history()) {
            if (seen.add(entry.snapshotId())) {
                List<List<Object>> keys = new ArrayList<>();
                try (CloseableIterable<Record> rows = IcebergGenerics.read(table)
                        .useSnapshot(entry.snapshotId())
                        .select(key)
                        .build()) {
                    rows.forEach(row ->
                            keys.add(Stream.of(key).<Object>map(row::getField).toList()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                assertThat(keys)
                        .as("keys of %s in snapshot %d of main, %s", name, entry.snapshotId(), description)
                        .doesNotHaveDuplicates();
            }
        }
        assertThat(seen).as("snapshots of %s", name).isNotEmpty();
    }

    @Override
    public void close() {
        parts.forEach(part -> part.connector.close());
    }
}
