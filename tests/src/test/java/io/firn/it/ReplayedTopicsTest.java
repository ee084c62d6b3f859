package io.firn.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.rig.Comparison;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.KafkaServer;
import io.firn.rig.Oracle;
import io.firn.rig.PostgresDatabase;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.rig.Workload;

/**
 * A recorded topic delivered again with duplicates, late parts and other partitions, and read in small batches
 * meanwhile: where deletes are remembered the table equals the source, whatever the order.
 */
@ExtendWith({SparkExtension.class, RigExtension.class})
class ReplayedTopicsTest {
    private static final int TOGETHER = 6;
    private static final Pattern PLACE = Pattern.compile("\"lsn\":\\d+|\"file\":\"[^\"]+\",\"pos\":\\d+");

    private final Rig rig;

    @TempDir
    private Path home;

    private List<Recording> recordings;

    ReplayedTopicsTest(Rig rig) {
        this.rig = rig.all();
    }

    /**
     * One table's topic.
     *
     * @param whole whether all changes say all values, so that they can be told in any order; else they keep the order
     *     of one partition
     * @param units what can be delivered by itself: MariaDB's log has one place for all that a transaction did to a row,
     *     so that only the order within a partition tells those changes apart
     */
    private record Recording(
            Database database, String table, boolean whole, List<List<ConsumerRecord<byte[], byte[]>>> units) {}

    /** Of each database, with large values that updates leave unsent, and of PostgreSQL with whole rows too. */
    @BeforeEach
    void record(TestInfo test) {
        String name = "replayed_" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        recordings = new ArrayList<>();
        record(rig.postgres().database(name), false);
        record(rig.postgres().database(name + "_full"), true);
        record(rig.mariaDb().database(name), true);
    }

    private void record(Database database, boolean whole) {
        Workload workload = Workload.truncating(database, "item", 11).create();
        if (whole && database instanceof PostgresDatabase) {
            workload.tables().forEach(table -> database.execute("ALTER TABLE " + table + " REPLICA IDENTITY FULL"));
        }
        workload.run(30);
        try (Connector connector = rig.connector(database, workload.tables().toArray(String[]::new))
                .with("skipped.operations", "none")
                .start()) {
            connector.awaitTruncatable();
            workload.run(60);
            connector.catchUp();
            workload.run(60);
            connector.catchUp();
            for (String table : workload.tables()) {
                boolean unsent = !whole && table.equals("item");
                recordings.add(new Recording(
                        database, table, !unsent, units(rig.kafka().read(connector.topic(table)))));
            }
        }
    }

    private static List<List<ConsumerRecord<byte[], byte[]>>> units(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, List<ConsumerRecord<byte[], byte[]>>> units = new LinkedHashMap<>();
        String last = null;
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.value() != null) {
                Matcher place = PLACE.matcher(new String(record.value(), UTF_8));
                assertThat(place.find()).isTrue();
                last = Arrays.toString(record.key()) + place.group();
            }
            // A tombstone goes with the delete before it.
            units.computeIfAbsent(last, key -> new ArrayList<>()).add(record);
        }
        return List.copyOf(units.values());
    }

    @Test
    void aFewOrders(SparkSession spark) {
        replay(spark, 1, 6);
    }

    @Test
    @Tag("long")
    void twoHundredOrders(SparkSession spark) {
        replay(spark, Long.getLong("firn.seed", 1000), Integer.getInteger("firn.seeds", 200));
    }

    private void replay(SparkSession spark, long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed += TOGETHER) {
            List<Replay> replays = new ArrayList<>();
            // A multiple of the recordings: each is in each turn.
            for (long s = seed; s < Math.min(seed + TOGETHER, firstSeed + seeds); s++) {
                replays.add(new Replay(recordings.get((int) (s % recordings.size())), s));
            }
            together(spark, seed, replays);
        }
    }

    private void together(SparkSession spark, long seed, List<Replay> replays) {
        Random random = new Random(seed);
        try (Workspace shop = Workspace.of(home.resolve("" + seed), spark, yaml(seed, random, replays))) {
            boolean more = true;
            while (more) {
                more = false;
                for (Replay replay : replays) {
                    more |= replay.deliver(rig.kafka());
                }
                RunResult run = shop.drain();
                assertThat(run.problems()).as("seed %d", seed).isEmpty();
                assertThat(run.exit()).isEqualTo(ExitCode.OK);
                assertThat(run.lines().quarantined())
                        .as("seed %d", seed)
                        .withFailMessage(() -> "refused: " + shop.refused())
                        .isZero();
            }
            for (Replay replay : replays) {
                String live = "SELECT * FROM lake.shop." + replay.table() + " WHERE firn_op <> 'd'";
                Comparison comparison = Oracle.compare(
                        replay.recording.database(),
                        replay.recording.table(),
                        shop.spark().sql(live));
                assertThat(comparison.isEqual())
                        .as("%s: %s", replay, comparison)
                        .isTrue();
            }
        }
    }

    private String yaml(long seed, Random random, List<Replay> replays) {
        StringBuilder yaml = new StringBuilder(
                """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic-pattern: 'replayed%d\\..*'
                  records-per-batch: %d
                events:
                """
                        .formatted(
                                rig.kafka().bootstrap(),
                                seed,
                                List.of(60, 150, 100_000).get(random.nextInt(3))));
        for (Replay replay : replays) {
            replay.topic = "replayed" + seed + "." + replay.table();
            yaml.append("  ").append(replay.topic).append(": {target: {deletes: soft}}\n");
        }
        return yaml.toString();
    }

    /** One order in which a recorded topic is delivered. */
    private static final class Replay {
        private final Recording recording;
        private final long seed;
        private final Random random;
        private final List<List<List<ConsumerRecord<byte[], byte[]>>>> parts = new ArrayList<>();
        private String topic;
        private int partitions;
        private int salt;

        Replay(Recording recording, long seed) {
            this.recording = recording;
            this.seed = seed;
            random = new Random(seed);
            List<List<ConsumerRecord<byte[], byte[]>>> order = recording.whole() ? shuffled() : restarted();
            int count = 2 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                parts.add(order.subList(order.size() * i / count, order.size() * (i + 1) / count));
            }
        }

        String table() {
            return recording.table() + "_" + seed;
        }

        /** Any order, with a third of all twice. */
        private List<List<ConsumerRecord<byte[], byte[]>>> shuffled() {
            List<List<ConsumerRecord<byte[], byte[]>>> order = new ArrayList<>(recording.units());
            recording.units().stream().filter(unit -> random.nextInt(3) == 0).forEach(order::add);
            Collections.shuffle(order, random);
            return order;
        }

        /** As a connector writes that is killed again and again: on from an earlier place; and old ones at any time. */
        private List<List<ConsumerRecord<byte[], byte[]>>> restarted() {
            List<List<ConsumerRecord<byte[], byte[]>>> units = recording.units();
            List<List<ConsumerRecord<byte[], byte[]>>> order = new ArrayList<>();
            int restarts = 6;
            for (int next = 0; next < units.size(); next++) {
                order.add(units.get(next));
                if (random.nextInt(8) == 0) {
                    order.add(units.get(random.nextInt(next + 1)));
                }
                if (restarts > 0 && random.nextInt(units.size() / 6) == 0) {
                    restarts--;
                    next -= random.nextInt(Math.min(next + 1, 80));
                }
            }
            return order;
        }

        /** Sends the next part; false when there is none. The topic gains partitions now and then, and keys move. */
        boolean deliver(KafkaServer kafka) {
            if (parts.isEmpty()) {
                return false;
            }
            if (partitions == 0) {
                partitions = recording.whole() ? 1 + random.nextInt(4) : 1;
                kafka.createTopic(topic, partitions);
            } else if (recording.whole() && random.nextInt(2) == 0) {
                partitions += 1 + random.nextInt(3);
                kafka.addPartitions(topic, partitions);
            }
            salt = random.nextInt();
            List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record :
                    parts.remove(0).stream().flatMap(List::stream).toList()) {
                int hash = record.key() == null ? 0 : Arrays.hashCode(record.key());
                sent.add(new ProducerRecord<>(
                        topic,
                        Math.floorMod(((hash ^ salt) * 0x9E3779B9) >>> 16, partitions),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers()));
            }
            kafka.produce(sent);
            return true;
        }

        @Override
        public String toString() {
            return "seed " + seed + ", " + recording.database().getClass().getSimpleName() + " " + recording.table();
        }
    }
}
