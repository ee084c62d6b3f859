package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.TopicPositions;
import io.firn.TopicPositions.Change;
import io.firn.TopicStanding;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.KafkaServer;
import io.firn.rig.Oracle;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.source.PositionLost;
import io.firn.table.TableName;

/** What people ask of topics and set for them: held against what Kafka's own clients, the tables and Spark say. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class TopicCommandsTest {
    private static final Path FIRN = Path.of("..", "firn").toAbsolutePath().normalize();
    private static final TableName TABLE = TableName.parse("lake.shop.item");
    private static final String ROWS = "SELECT id, name FROM lake.shop.item ORDER BY id";
    private static final String TARGET =
            """
            events:
              %s: {target: {table: lake.shop.item}}
            """;

    private final KafkaServer kafka;

    @TempDir
    private Path home;

    private String topic;

    TopicCommandsTest(Rig rig) {
        kafka = rig.kafka();
    }

    @BeforeEach
    void name(TestInfo test) {
        topic = "commands." + test.getTestMethod().orElseThrow().getName();
    }

    private Workspace shop(ItemTopic items, SparkSession spark, String more) {
        return Workspace.of(home, spark, items.yaml(more + TARGET.formatted(items.name())));
    }

    private static RunResult good(RunResult run) {
        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        return run;
    }

    @Test
    void statusTellsHowFarATableIsBehind(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 3);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.in(0, items.create(1, 1, "gone")), items.in(0, items.create(2, 2, "b")));
            items.send(items.in(1, items.create(3, 3, "c")));
            kafka.deleteRecords(topic, 0, 1);
            stands(shop, Map.of(0, 1L, 1, 0L, 2, 0L), null);

            good(shop.drain());
            Instant published = committed(shop);
            stands(shop, Map.of(0, 2L, 1, 1L, 2, 0L), published);

            Duration age = Duration.ofHours(3);
            items.sendAt(System.currentTimeMillis() - age.toMillis(), items.in(2, items.create(4, 4, "d")));
            items.send(items.in(1, items.create(5, 5, "e")));
            stands(shop, Map.of(0, 2L, 1, 1L, 2, 0L), published);
            assertThat(firn("status", "pipeline.yaml").out())
                    .matches("table +behind +oldest unread +last publish +next offsets\n-+\n"
                            + "lake\\.shop\\.item +2 +3 h ago +\\d+ s ago +" + topic + " 0=2 1=1 2=0\n");

            good(shop.drain());
            published = committed(shop);
            stands(shop, Map.of(0, 2L, 1, 2L, 2, 1L), published);
            rewind(shop, null, Instant.now().minus(age.plusHours(1)));
            assertThat(committed(shop)).isAfter(published);
            stands(shop, Map.of(0, 1L, 1, 0L, 2, 0L), published);
        }
    }

    /** @param next by partition, the offset of the first record that the table has not read */
    private void stands(Workspace shop, Map<Integer, Long> next, Instant published) {
        List<ConsumerRecord<byte[], byte[]>> unread = kafka.read(topic).stream()
                .filter(record -> record.offset() >= next.get(record.partition()))
                .toList();
        Instant oldest = unread.stream()
                .map(record -> Instant.ofEpochMilli(record.timestamp()))
                .min(Instant::compareTo)
                .orElse(null);

        TopicStanding standing =
                TopicPositions.standing(shop.pipeline(), shop.catalogs()).get(0);

        assertThat(standing.problem()).isNull();
        assertThat(standing.table()).isEqualTo("lake.shop.item");
        assertThat(standing.next()).containsOnlyKeys(topic);
        assertThat(standing.next().get(topic)).isEqualTo(next);
        assertThat(standing.behind()).isEqualTo(unread.size());
        assertThat(standing.oldest()).isEqualTo(oldest);
        assertThat(standing.published()).isEqualTo(published);
    }

    /** When the table's current snapshot was made. */
    private static Instant committed(Workspace shop) {
        return shop.spark()
                .sql("SELECT committed_at FROM lake.shop.item.snapshots WHERE snapshot_id ="
                        + " (SELECT snapshot_id FROM lake.shop.item.refs WHERE name = 'main')")
                .head()
                .getTimestamp(0)
                .toInstant();
    }

    @Test
    void aTopicThatTellsNoTableHidesNoOther(SparkSession spark) {
        String all = topic + ".*";
        topic += ".item";
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        String empty = topic + ".empty";
        kafka.createTopic(empty, 1);
        String yaml = items.yaml(TARGET.formatted(topic)).replace("topic: " + topic, "topic-pattern: '" + all + "'");
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            items.send(items.create(1, 1, "a"));
            String untold =
                    "topic " + empty + ": its columns cannot be told from its messages: no message with a row was"
                            + " found among the newest. Name the columns under events." + empty + " in the YAML";
            assertThat(shop.drain().problems()).containsExactly(untold);

            stands(shop, Map.of(0, 1L), committed(shop));
            assertThat(TopicPositions.standing(shop.pipeline(), shop.catalogs()).get(1))
                    .satisfies(other -> assertThat(other.table()).isEqualTo("lake.shop.empty"))
                    .satisfies(other -> assertThat(other.problem()).isEqualTo(untold));
            assertThat(rewind(shop, TABLE, Instant.EPOCH)).hasSize(1);
            for (TableName only : new TableName[] {null, TableName.parse("lake.shop.empty")}) {
                assertThatThrownBy(() -> rewind(shop, only, Instant.EPOCH))
                        .isInstanceOf(FirnException.class)
                        .hasMessage(untold);
            }
        }
    }

    @Test
    void whatWasWrittenSinceATimeIsReadAgain(SparkSession spark, Rig rig) {
        Database database = rig.postgres().database("rewound");
        database.execute(
                "CREATE TABLE item (id int PRIMARY KEY, name text)",
                "INSERT INTO item VALUES (1, 'a'), (2, 'b'), (3, 'c')");
        try (Connector connector = rig.connector(database, "item").start();
                Workspace shop = Workspace.of(
                        home,
                        spark,
                        """
                        pipeline: shop
                        source: {type: debezium, brokers: %s, topic: %s}
                        """
                                .formatted(kafka.bootstrap(), connector.topic("item")))) {
            connector.catchUp();
            good(shop.drain());
            Instant since = Instant.now();
            database.execute(
                    "UPDATE item SET name = 'A' WHERE id = 1",
                    "DELETE FROM item WHERE id = 2",
                    "UPDATE item SET id = 4 WHERE id = 3",
                    "INSERT INTO item VALUES (2, 'again')");
            connector.catchUp();
            good(shop.drain());
            topic = connector.topic("item");
            List<Long> again = kafka.read(topic).stream()
                    .filter(record -> record.timestamp() >= since.toEpochMilli())
                    .map(ConsumerRecord::offset)
                    .toList();
            long end = kafka.ends(topic).values().iterator().next();
            String text = "lake.shop.item\n  read so far: epoch 0, " + topic + " 0=" + end + "\n  %s: epoch 0, " + topic
                    + " 0=" + again.get(0) + "\n";

            assertThat(firn("rewind", "pipeline.yaml", "--to", since.toString()).out())
                    .isEqualTo(text.formatted("would go on from") + "\nNothing was changed; --yes does it.\n");
            assertThat(good(shop.drain()).lines().read()).isZero();
            assertThat(firn("rewind", "pipeline.yaml", "--to", since.toString(), "--yes")
                            .out())
                    .isEqualTo(text.formatted("goes on from"));
            assertThat(good(shop.drain()).lines().read()).isEqualTo(again.size());

            Oracle.assertEqual(database, "item", shop.spark().table("lake.shop.item"));
        }
    }

    @Test
    void aRewindGoesBackAsFarAsBrokersHoldRecords(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        try (Workspace shop = shop(items, spark, "defaults: {mode: append}\n")) {
            items.send(items.create(1, 1, "a"), items.update(2, 1, "b"), items.update(3, 1, "c"));
            assertThat(rewind(shop, null, Instant.EPOCH))
                    .containsExactly(new Change("lake.shop.item", "nothing read", "nothing read", null, null));
            good(shop.drain());
            kafka.deleteRecords(topic, 0, 2);

            assertThat(rewind(shop, null, Instant.EPOCH)).singleElement().satisfies(change -> {
                assertThat(change.before()).isEqualTo("epoch 0, " + topic + " 0=3");
                assertThat(change.after()).isEqualTo("epoch 0, " + topic + " 0=2");
                assertThat(change.warning())
                        .isEqualTo("records that are read again become rows again: this table only takes appends");
            });

            good(shop.drain());
            assertThat(shop.sql(ROWS + ", name")).containsExactly("[1,a]", "[1,b]", "[1,c]", "[1,c]");
        }
    }

    @Test
    void whatCannotBeRewoundIsRefused(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"));
            good(shop.drain());
            Instant before = committed(shop);
            assertThatThrownBy(() -> rewind(shop, TableName.parse("lake.shop.items"), Instant.EPOCH))
                    .isInstanceOf(FirnException.class)
                    .hasMessage("pipeline shop has no table lake.shop.items that a topic feeds");
            Ended vague = firn("rewind", "pipeline.yaml", "--to", "yesterday", "--yes");
            assertThat(vague.err())
                    .startsWith("Invalid value for option '--to': \"yesterday\" is no time; write it as"
                            + " 2026-11-20T10:00:00Z\n");
            assertThat(vague.exit()).isEqualTo(2);
            Workspace.write(home.resolve("dump.yaml"), Shop.yaml().getBytes(StandardCharsets.UTF_8));
            Ended dump = firn("rewind", "dump.yaml", "--to", "2026-11-20T10:00:00Z", "--yes");
            assertThat(dump.err()).startsWith("firn: dump.yaml reads no topics; what a dump loaded is taken back by");
            assertThat(dump.exit()).isEqualTo(2);

            kafka.deleteTopic(topic);
            kafka.createTopic(topic, 1);
            items.send(items.create(1, 1, "another"));
            assertThatThrownBy(() -> rewind(shop, null, Instant.EPOCH))
                    .isInstanceOf(PositionLost.class)
                    .hasMessageStartingWith("topic " + topic + " was deleted and made anew");
            assertThat(committed(shop)).isEqualTo(before);
        }
    }

    private static List<Change> rewind(Workspace shop, TableName only, Instant to) {
        return TopicPositions.rewind(shop.pipeline(), shop.catalogs(), only, to, true);
    }

    @Test
    void aRunWarnsWhenThreeQuartersOfTheRetentionAreOver(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, Map.of("retention.ms", "" + days(8)));
        long now = System.currentTimeMillis();
        String warning = "topic " + topic + ", partition 0: the oldest record that was not read is %s old, and brokers"
                + " keep records for %s; run more often, or keep them longer";
        try (Workspace shop = shop(items, spark, "")) {
            items.sendAt(now - days(7), items.create(1, 1, "a"));
            good(shop.drain());
            items.sendAt(now - days(6) + 60_000, items.update(2, 1, "b"));
            good(shop.drain());

            items.sendAt(now - days(6) - 60_000, items.update(3, 1, "c"));
            RunResult run = shop.drain();
            assertThat(run.problems()).containsExactly(warning.formatted("6 d", "8 d"));
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(shop.sql(ROWS)).containsExactly("[1,c]");
            good(shop.drain());
        }
        // The YAML knows better than the topic.
        try (Workspace shop = shop(items, spark, "  retention: 1h\n")) {
            items.sendAt(now - 50 * 60_000, items.update(4, 1, "d"));
            assertThat(shop.drain().problems()).containsExactly(warning.formatted("50 min", "60 min"));
            assertThat(shop.sql(ROWS)).containsExactly("[1,d]");
        }
    }

    private static long days(int count) {
        return Duration.ofDays(count).toMillis();
    }

    @ParameterizedTest
    @CsvSource({"'', 2", "'  consumers: 1', 2", "'  consumers: 6', 6"})
    void asManyTasksReadAsThereAreToBeConsumers(String consumers, int tasks, SparkSession spark)
            throws TimeoutException {
        topic += tasks + "." + consumers.length();
        ItemTopic items = ItemTopic.create(kafka, topic, 2);
        for (int version = 1; version <= 3; version++) {
            int now = version;
            items.send(all(id -> items.in(id % 2, items.update(now, id, "version " + now))));
        }
        Readers readers = new Readers();
        spark.sparkContext().addSparkListener(readers);
        try (Workspace shop = shop(items, spark, consumers + "\n")) {
            assertThat(good(shop.drain()).lines().read()).isEqualTo(60);
            spark.sparkContext().listenerBus().waitUntilEmpty();

            assertThat(readers.tasks).containsExactly(tasks);
            assertThat(shop.sql("SELECT name, count(*), count(DISTINCT id) FROM lake.shop.item GROUP BY name"))
                    .containsExactly("[version 3,20,20]");
        } finally {
            spark.sparkContext().removeSparkListener(readers);
        }
    }

    /** How many tasks each of Spark's stages has that reads a topic. */
    private static final class Readers extends SparkListener {
        private final Collection<Integer> tasks = new ConcurrentLinkedQueue<>();

        @Override
        public void onStageSubmitted(SparkListenerStageSubmitted stage) {
            boolean reads = CollectionConverters.asJava(stage.stageInfo().rddInfos()).stream()
                    .map(RDDInfo::name)
                    .anyMatch("KafkaSourceRDD"::equals);
            if (reads) {
                tasks.add(stage.stageInfo().numTasks());
            }
        }
    }

    /** A record for each of twenty rows. */
    @SuppressWarnings("unchecked")
    private static ProducerRecord<byte[], byte[]>[] all(IntFunction<ProducerRecord<byte[], byte[]>> record) {
        return IntStream.rangeClosed(1, 20).mapToObj(record).toArray(ProducerRecord[]::new);
    }

    @Test
    void secretsReachKafkaAndAreShownNowhere(SparkSession spark, @TempDir Path elsewhere) throws IOException {
        ItemTopic items = ItemTopic.create(kafka, topic, 2);
        items.send(items.in(0, items.create(1, 1, "a")), items.in(1, items.create(2, 2, "b")));
        String login =
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"firn\" password=\"%s\";";
        String guess = "wr0ng-Guess";
        Path file = elsewhere.resolve("kafka.properties");
        Map<String, String> environment = Map.of(
                "KAFKA_BROKERS",
                kafka.guarded(),
                "KAFKA_LOGIN",
                login.formatted(KafkaServer.PASSWORD),
                "FIRN_LOG",
                "info");
        String brokers = "source.brokers=" + kafka.guarded();
        write("env.yaml", "${env:KAFKA_LOGIN}");
        write("file.yaml", login.formatted("${secret:file:" + file + "#password}"));
        try (Workspace shop = shop(items, spark, "")) {
            Ended run = firn(environment, "run", "env.yaml");
            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(run.err()).contains("sasl.jaas.config = [hidden]");
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]", "[2,b]");
            Ended shown = firn(environment, "config", "show", "--resolved", "env.yaml");
            assertThat(shown.out())
                    .containsPattern("(?m)^  brokers: \"\\*\\*\\*\"  # env.yaml:4 ")
                    .containsPattern("(?m)^    sasl.jaas.config: \"\\*\\*\\*\"  # env.yaml:9$");

            Files.writeString(file, "password=" + guess);
            Ended refused = firn(environment, "status", "file.yaml");
            assertThat(refused.err())
                    .contains("firn: Kafka at *** cannot be asked: Authentication failed: Invalid username or password."
                            + " Nothing was loaded; check brokers and settings, and run again\n");
            assertThat(refused.exit()).isEqualTo(4);
            Files.writeString(file, "password=" + KafkaServer.PASSWORD);
            try (Workspace guarded = Workspace.open(home, spark, home.resolve("file.yaml"), brokers)) {
                stands(guarded, Map.of(0, 1L, 1, 1L), committed(shop));
            }

            List<String> written = new ArrayList<>();
            Stream.of(run, shown, refused).forEach(end -> written.addAll(List.of(end.out(), end.err())));
            try (Stream<Path> files = Files.walk(home)) {
                for (Path left : files.filter(Files::isRegularFile).toList()) {
                    written.add(Files.readString(left, StandardCharsets.ISO_8859_1));
                }
            }
            assertThat(written).anyMatch(text -> text.contains("\"problems\""));
            assertThat(written).noneMatch(text -> text.contains(KafkaServer.PASSWORD) || text.contains(guess));
        }
    }

    /** The pipeline by the guarded way into Kafka. */
    private void write(String name, String login) {
        String yaml =
                """
                pipeline: shop
                source:
                  type: debezium
                  brokers: ${secret:env:KAFKA_BROKERS}
                  topic: %s
                  settings:
                    security.protocol: SASL_PLAINTEXT
                    sasl.mechanism: PLAIN
                    sasl.jaas.config: '%s'
                """
                        .formatted(topic, login);
        Workspace.write(home.resolve(name), (yaml + TARGET.formatted(topic)).getBytes(StandardCharsets.UTF_8));
    }

    /** What a command printed and how it ended. */
    private record Ended(int exit, String out, String err) {}

    private Ended firn(String... arguments) {
        return firn(Map.of(), arguments);
    }

    private Ended firn(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(FIRN.toString()));
        command.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile(home, "firn", ".out");
            Path err = Files.createTempFile(home, "firn", ".err");
            ProcessBuilder process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            process.environment().putAll(environment);
            int exit = process.start().waitFor();
            return new Ended(exit, Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
