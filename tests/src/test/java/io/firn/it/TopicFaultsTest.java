package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.RunResult.TableOutcome;
import io.firn.SparkExtension;
import io.firn.TopicPositions;
import io.firn.TopicRun;
import io.firn.rig.KafkaServer;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** What befalls topics: each fault is passed over rightly, or stops the run and is told, and no row is wrong. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class TopicFaultsTest {
    private static final String ROWS = "SELECT id, name FROM lake.shop.item ORDER BY id";
    private static final String TARGET =
            """
            events:
              %s: {target: {table: lake.shop.item}}
            """;

    private static final String NO_PLACES = "  format: {tombstones: are-deletes}\n";

    private final KafkaServer kafka;

    @TempDir
    private Path home;

    private String topic;

    TopicFaultsTest(Rig rig) {
        kafka = rig.kafka();
    }

    @BeforeEach
    void name(TestInfo test) {
        topic = "faults." + test.getTestMethod().orElseThrow().getName();
    }

    private ItemTopic create(int partitions) {
        return ItemTopic.create(kafka, topic, partitions);
    }

    private Workspace shop(ItemTopic items, SparkSession spark, String more) {
        return Workspace.of(home, spark, yaml(items, more));
    }

    private static String yaml(ItemTopic items, String more) {
        return items.yaml(more + TARGET.formatted(items.name()));
    }

    private static RunResult good(RunResult run) {
        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        return run;
    }

    private static void stopped(RunResult run, ExitCode exit, String problem) {
        assertThat(run.problems()).containsExactly(problem);
        assertThat(run.exit()).isEqualTo(exit);
        assertThat(run.tables()).singleElement().satisfies(table -> {
            assertThat(table.outcome()).isEqualTo(TableOutcome.FAILED);
            assertThat(table.loaded()).isZero();
        });
    }

    @Test
    void recordsThatRetentionTookBeforeTheyWereRead(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"), items.create(2, 2, "b"));
            good(shop.drain());
            kafka.deleteRecords(topic, 0, 2);
            items.send(items.update(3, 1, "c"), items.update(4, 2, "d"), items.update(5, 1, "e"));
            // Retention took nothing but what was read.
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,e]", "[2,d]");

            items.send(items.delete(6, 1), items.update(7, 2, "f"), items.update(8, 2, "g"));
            kafka.deleteRecords(topic, 0, 7);

            String lost =
                    "topic " + topic + " no longer holds what the table has not read: offsets [5, 7) of partition 0"
                            + " are gone: brokers keep records from 7 on. Nothing was loaded. Let Debezium take a new snapshot,"
                            + " then run firn reset for the table, which says what that does";
            stopped(shop.drain(), ExitCode.FAILED, lost);
            stopped(shop.drain(), ExitCode.FAILED, lost);
            assertThat(shop.sql(ROWS)).containsExactly("[1,e]", "[2,d]");
        }
    }

    /** As of a table that nobody changes: its rows and columns are known, and nothing is to be read. */
    @Test
    void aTopicThatRetentionEmptied(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"), items.create(2, 2, "b"));
            good(shop.drain());
            kafka.deleteRecords(topic, 0, 2);

            assertThat(good(shop.drain()).lines().read()).isZero();
            items.send(items.truncate(3));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).isEmpty();
            items.send(items.create(4, 3, "c"));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[3,c]");
        }
    }

    /** The cleaner may take a deletion and leave its tombstone, which says nothing of the order of the log. */
    @Test
    void aCompactedTopic(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, Map.of("cleanup.policy", "compact"));
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"), items.create(2, 2, "b"));
            RunResult run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            assertThat(run.problems())
                    .singleElement()
                    .asString()
                    .startsWith("topic " + topic + " is compacted: brokers may drop a deletion before it is read");
            kafka.alterTopic(topic, Map.of("min.compaction.lag.ms", "86400000"));
            good(shop.drain());
        }
    }

    /** By procedures, which know nothing of runs. */
    @Test
    void rowsThatExpireWhileABatchIsMadeReadyForThemAreReadAgain(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "")) {
            takesAPartialUpdateBeside(items, shop, () -> {
                compact(shop);
                shop.sql("CALL lake.system.expire_snapshots(table => 'lake.shop.item', retain_last => 1,"
                        + " older_than => TIMESTAMP '" + Instant.now() + "')");
            });
        }
    }

    /** A task meets what the plan did not, and Spark's failure is a checked exception then. */
    @Test
    void aFileThatGoesWhileATaskReadsItIsReadAgain(SparkSession spark) {
        ItemTopic items = create(1);
        List<AtStage> later = new ArrayList<>();
        try (Workspace shop = shop(items, spark, "")) {
            takesAPartialUpdateBeside(items, shop, () -> {
                compact(shop);
                String text =
                        shop.sql("SELECT file_path FROM lake.shop.item.files").get(0);
                Path file = Path.of(text.substring(1, text.length() - 1).replaceFirst("^file:/+", "/"));
                Path aside = file.resolveSibling("aside");
                move(file, aside);
                later.add(new AtStage("read", () -> move(aside, file)));
            });
            assertThat(later).singleElement().satisfies(read -> assertThat(read.isDone())
                    .isTrue());
        } finally {
            later.forEach(AtStage::close);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compact(Workspace shop) {
        shop.sql("CALL lake.system.rewrite_data_files(table => 'lake.shop.item',"
                + " options => map('rewrite-all', 'true'))");
    }

    private void takesAPartialUpdateBeside(ItemTopic items, Workspace shop, Runnable deed) {
        items.send(items.create(1, 1, "a"), items.create(2, 2, "b"));
        good(shop.drain());
        items.send(items.partial(3, 1, "c"));
        try (AtStage prepare = new AtStage("prepare", deed)) {
            assertThat(good(shop.drain()).lines().loaded()).isEqualTo(1);
            assertThat(prepare.isDone()).isTrue();
        }
        assertThat(shop.sql("SELECT id, name, big FROM lake.shop.item ORDER BY id"))
                .containsExactly("[1,c,big 1]", "[2,b,big 2]");
    }

    @Test
    void aRunThatIsAskedToEndTakesNoFurtherBatch(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"));
            good(shop.drain());
            items.send(items.create(2, 2, "b"), items.update(3, 1, "c"));
            TopicRun run = shop.topicRun();
            run.end();

            assertThat(good(run.run()).lines().read()).isZero();
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]");
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,c]", "[2,b]");
        }
    }

    @Test
    void brokersThatDoNotAnswerForAWhileAreAskedAgain(SparkSession spark) throws InterruptedException {
        ItemTopic items = create(1);
        items.send(items.create(1, 1, "a"));
        String impatient = "  settings: {default.api.timeout.ms: \"4000\", request.timeout.ms: \"3000\"}\n";
        try (Workspace shop = shop(items, spark, impatient);
                Following firn = new Following(home, "shop", "1s", line -> {})) {
            firn.awaitRuns(1);
            kafka.freeze();
            try {
                firn.awaitText("! Kafka at " + kafka.bootstrap() + " cannot be asked");
            } finally {
                kafka.wake();
            }
            items.send(items.create(2, 2, "b"));
            firn.awaitRuns(2);

            assertThat(firn.end()).as(firn.log()).isZero();
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]", "[2,b]");
        }
    }

    @Test
    void aTopicMadeAnew(SparkSession spark) {
        ItemTopic items = create(1);
        Uuid before = kafka.topicId(topic);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"), items.create(2, 2, "b"));
            good(shop.drain());
            kafka.deleteTopic(topic);
            kafka.createTopic(topic, 1);
            items.send(items.update(3, 1, "below the position"));
            String other = "topic " + topic + " was deleted and made anew since the table last read it (id " + before
                    + ", now " + kafka.topicId(topic) + "): its offsets mean other records. Nothing was loaded. Let"
                    + " Debezium take a new snapshot, then run firn reset for the table, which says what that does";

            stopped(shop.drain(), ExitCode.FAILED, other);
            items.send(items.update(4, 1, "at it"), items.update(5, 1, "past it"));
            stopped(shop.drain(), ExitCode.FAILED, other);

            assertThat(shop.sql(ROWS)).containsExactly("[1,a]", "[2,b]");
        }
    }

    /**
     * Into a new cluster, whose log is at lower places. Row 3 is gone there, and row 4 is in a partition that shows
     * nothing of the snapshot. Batches as they are, and so small that partitions come to the new log one by one.
     */
    @ParameterizedTest
    @ValueSource(strings = {"", "  records-per-batch: 2\n"})
    void aDatabaseThatWasRestored(String batch, SparkSession spark) {
        topic += batch.length();
        ItemTopic items = create(3);
        long now = System.currentTimeMillis();
        try (Workspace shop = shop(items, spark, batch)) {
            items.sendAt(
                    now - 90,
                    items.in(0, items.read(1000, 1, "a", "first")),
                    items.in(1, items.read(1000, 2, "b", "true")),
                    items.in(0, items.read(1000, 3, "c", "last")));
            good(shop.drain());
            items.sendAt(now - 80, items.in(0, items.update(2000, 1, "a2")), items.in(1, items.update(3000, 2, "b2")));
            items.sendAt(now - 70, items.in(0, items.update(3001, 3, "c2")));
            items.sendAt(
                    now - 60,
                    items.in(0, items.read(50, 1, "a", "first")),
                    items.in(1, items.read(50, 2, "b", "last")));
            items.sendAt(now - 50, items.in(0, items.update(60, 1, "a3")), items.in(2, items.create(70, 4, "d")));
            Instant since = Instant.ofEpochMilli(now - 60);
            String other = "topic " + topic + ": the source's log was, when Debezium took its last snapshot, at a place"
                    + " before that of earlier changes, so what table lake.shop.item holds cannot be told from newer"
                    + " changes. What came before is loaded, what follows is not. If the source was restored, moved or"
                    + " began a new log, run firn reset --table lake.shop.item --new-epoch --since " + since
                    + " for the pipeline: what was written since then is later than all that the table holds";

            RunResult run = shop.drain();
            assertThat(run.problems()).containsExactly(other);
            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            stopped(shop.drain(), ExitCode.FAILED, other);
            assertThat(shop.sql(ROWS)).contains("[1,a2]", "[2,b2]", "[3,c2]");

            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, false, true, since, true);
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,a3]", "[2,b]", "[4,d]");
            items.send(items.in(1, items.update(80, 2, "b3")), items.in(2, items.delete(90, 4)));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,a3]", "[2,b3]");
            // What is read again is of the new log alone.
            TopicPositions.rewind(shop.pipeline(), shop.catalogs(), null, Instant.EPOCH, true);
            assertThat(good(shop.drain()).lines().read()).isEqualTo(6);
            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true);
            assertThat(good(shop.drain()).lines().read()).isEqualTo(6);
            assertThat(shop.sql(ROWS)).containsExactly("[1,a3]", "[2,b3]");
        }
    }

    /** A rewind, a snapshot that is taken again, one of parts of a table, rows that are sent twice. */
    @Test
    void snapshotsOfOneLog(SparkSession spark) {
        ItemTopic items = create(2);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.in(0, items.read(1000, 1, "a", "first")), items.in(1, items.read(1010, 1, "a", "first")));
            items.send(items.in(0, items.read(1010, 2, "b", "last")), items.in(0, items.update(2000, 2, "b2")));
            good(shop.drain());
            items.send(
                    items.in(0, items.read(1010, 2, "b", "last")),
                    items.in(0, items.read(1500, 2, "x", "incremental")));
            good(shop.drain());
            items.send(items.in(0, items.read(3000, 2, "b3", "first")), items.in(1, items.read(3000, 1, "a3", "last")));
            good(shop.drain());
            TopicPositions.rewind(shop.pipeline(), shop.catalogs(), null, Instant.EPOCH, true);
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,a3]", "[2,b3]");
        }
    }

    @Test
    void aTopicOfTwoSnapshotsThatIsReadAgain(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "")) {
            // Times are as far apart as places: minutes.
            items.send(items.read(60_000_000, 1, "a", "first"), items.read(60_000_000, 2, "b", "last"));
            items.send(items.read(300_000_000, 1, "a2", "first"), items.read(300_000_000, 3, "c", "last"));
            items.send(items.update(500_000_000, 3, "c2"));
            good(shop.drain());

            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true);

            assertThat(good(shop.drain()).lines().read()).isEqualTo(5);
            assertThat(shop.sql(ROWS)).containsExactly("[1,a2]", "[3,c2]");
        }
    }

    /** The quarantine, the raw table and the table itself remember the topic before, each by itself. */
    @Test
    void aResetTakesATopicMadeAnew(SparkSession spark) {
        ItemTopic items = create(1);
        String yaml = yaml(items, "  raw: lake.shop.raw_changes\ndefaults: {max-quarantined: 1.0}\n");
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            items.send(items.create(1, 1, "a"), items.raw(9, "junk"));
            Uuid before = kafka.topicId(topic);
            good(shop.drain());
            kafka.deleteTopic(topic);
            kafka.createTopic(topic, 1);
            items.send(items.raw(9, "junk again"), items.update(3, 1, "b"), items.create(4, 2, "c"));
            assertThat(shop.drain().exit()).isEqualTo(ExitCode.FAILED);

            List<String> tables =
                    TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true).stream()
                            .map(TopicPositions.Change::table)
                            .toList();

            assertThat(tables).containsExactly("lake.shop.item", "lake.shop.raw_changes");
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,b]", "[2,c]");
            assertThat(shop.sql("SELECT string(line) FROM lake.shop.firn_quarantine ORDER BY 1"))
                    .containsExactly("[junk]", "[junk again]");
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.raw_changes")).containsExactly("[5]");
            // Nothing was lost: it goes on. What is read again takes the place of its own refusals alone.
            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true);
            good(shop.drain());
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.raw_changes")).containsExactly("[5]");
            assertThat(shop.sql("SELECT string(line), firn_file FROM lake.shop.firn_quarantine ORDER BY 1"))
                    .containsExactly("[junk," + topic + " (" + before + ")/0]", "[junk again," + topic + "/0]");
        }
    }

    @Test
    void addedPartitionsAreReadFromTheirBeginning(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"));
            good(shop.drain());
            kafka.addPartitions(topic, 3);
            items.send(items.in(2, items.update(3, 1, "c")), items.in(0, items.update(2, 1, "b")));
            items.send(items.in(1, items.create(4, 2, "d")));

            RunResult run = good(shop.drain());

            assertThat(run.lines().read()).isEqualTo(3);
            assertThat(shop.sql(ROWS)).containsExactly("[1,c]", "[2,d]");
            // An older change of the first partition, read in a later run.
            items.send(items.in(0, items.update(2, 1, "b again")));
            run = good(shop.drain());
            assertThat(run.tables().get(0).changes().stale()).isOne();
            assertThat(shop.sql(ROWS)).containsExactly("[1,c]", "[2,d]");
        }
    }

    /** Where messages tell no place in the log, offsets of two partitions and of two topics do not compare. */
    @Test
    void keysThatMoveToAddedPartitions(SparkSession spark) {
        ItemTopic items = create(3);
        try (Workspace shop = shop(items, spark, NO_PLACES + "  records-per-batch: 11\n")) {
            items.send(all(id -> items.create(1, id, "a")));
            good(shop.drain());
            items.send(all(id -> items.update(2, id, "b")));
            addPartitions(items, 4);
            items.send(all(id -> id % 5 == 0 ? items.tombstone(id) : items.update(3, id, "c")));
            good(shop.drain());
            String left = "SELECT name, count(*) FROM lake.shop.item GROUP BY name";
            assertThat(shop.sql(left)).containsExactly("[c,16]");

            addPartitions(items, 7);
            items.send(all(id -> id == 1 ? items.tombstone(id) : items.update(4, id, "d")));
            good(shop.drain());
            assertThat(shop.sql(left)).containsExactly("[d,19]");
            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true);
            assertThat(good(shop.drain()).lines().read()).isEqualTo(82);
            assertThat(shop.sql(left)).containsExactly("[d,19]");

            items.send(items.in(5, items.update(5, 1, "e")), items.in(6, items.update(5, 1, "f")));
            RunResult run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(run.problems())
                    .singleElement()
                    .asString()
                    .contains("not in the partition that Kafka chooses for their key");
        }
    }

    @Test
    void aTopicMadeAnewWhoseMessagesTellNoPlaces(SparkSession spark) {
        ItemTopic items = create(2);
        try (Workspace shop = shop(items, spark, NO_PLACES)) {
            items.send(all(id -> items.create(1, id, "a")));
            items.send(all(id -> items.update(2, id, "b")));
            good(shop.drain());
            kafka.deleteTopic(topic);
            kafka.createTopic(topic, 2);
            items.send(items.update(3, 1, "c"), items.tombstone(2), items.create(4, 21, "c"));
            assertThat(shop.drain().exit()).isEqualTo(ExitCode.FAILED);

            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true);
            good(shop.drain());

            assertThat(shop.sql("SELECT id, name FROM lake.shop.item WHERE id < 4 OR id > 20 ORDER BY id"))
                    .containsExactly("[1,c]", "[3,b]", "[21,c]");
            // A topic that is the same goes on in the same way.
            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true);
            items.send(items.update(5, 1, "d"));
            good(shop.drain());
            assertThat(shop.sql("SELECT name, count(*) FROM lake.shop.item GROUP BY name ORDER BY name"))
                    .containsExactly("[b,18]", "[c,1]", "[d,1]");
        }
    }

    /** All their deletes and inserts have one place: each would take any other's large value. */
    @Test
    void rowsThatTakeAnotherKeyWhereMessagesTellNoPlace(SparkSession spark) {
        ItemTopic items = create(1);
        String yaml = yaml(items, NO_PLACES) + "defaults: {max-quarantined: 10}\n";
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            items.send(items.create(1, 1, "a"), items.create(2, 2, "b"), items.create(3, 3, "c"));
            good(shop.drain());
            kafka.produce(items.move(4, 1, 11, "a"));
            kafka.produce(items.move(5, 2, 12, "b"));

            RunResult run = good(shop.drain());

            assertThat(shop.sql("SELECT id, name, big FROM lake.shop.item ORDER BY id"))
                    .containsExactly("[3,c,big 3]");
            assertThat(run.lines().quarantined()).isEqualTo(2);
        }
    }

    /** Producers learn of partitions when they are told to write to one. */
    private void addPartitions(ItemTopic items, int count) {
        kafka.addPartitions(topic, count);
        items.send(items.in(count - 1, items.other("m", 3, 3)));
    }

    /** A record for each of twenty rows. */
    @SuppressWarnings("unchecked")
    private static ProducerRecord<byte[], byte[]>[] all(IntFunction<ProducerRecord<byte[], byte[]>> record) {
        return IntStream.rangeClosed(1, 20).mapToObj(record).toArray(ProducerRecord[]::new);
    }

    @Test
    void abortedTransactionsAreNeverRead(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "  records-per-batch: 4\n")) {
            for (int i = 1; i <= 9; i++) {
                List<ProducerRecord<byte[], byte[]>> records =
                        List.of(items.create(2L * i, i, "row " + i), items.update(2L * i + 1, 0, "last " + i));
                if (i % 3 == 0) {
                    kafka.abort(records);
                } else {
                    kafka.commit(records);
                }
            }

            RunResult run = good(shop.drain());

            assertThat(run.lines().read()).isEqualTo(12);
            assertThat(shop.sql(ROWS))
                    .containsExactly(
                            "[0,last 8]", "[1,row 1]", "[2,row 2]", "[4,row 4]", "[5,row 5]", "[7,row 7]", "[8,row 8]");
            kafka.abort(List.of(items.update(100, 1, "never")));
            run = good(shop.drain());
            assertThat(run.lines().read()).isZero();
            assertThat(run.tables().get(0).changes().behind()).isZero();
            kafka.commit(List.of(items.update(101, 1, "in the end")));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).contains("[1,in the end]").hasSize(7);
        }
    }

    @Test
    void poisonInAThousand(SparkSession spark) {
        ItemTopic items = create(2);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            records.add(i % 1000 == 500 ? items.raw(i, "{\"schema\":" + i) : items.create(i, i, "row"));
        }
        kafka.produce(records);
        try (Workspace shop = shop(items, spark, "  records-per-batch: 1100\n")) {
            RunResult run = good(shop.drain());

            assertThat(run.lines().quarantined()).isEqualTo(3);
            assertThat(run.quarantine().rows()).isEqualTo(3);
            assertThat(shop.sql("SELECT count(*), count(DISTINCT id) FROM lake.shop.item"))
                    .containsExactly("[2997,2997]");
            String kept = "SELECT event, string(line), column_name IS NULL, reason LIKE 'malformed%', firn_file LIKE '"
                    + topic + "/_' FROM lake.shop.firn_quarantine ORDER BY string(line)";
            String[] expected = IntStream.of(1500, 2500, 500)
                    .mapToObj(i -> "[" + topic + ",{\"schema\":" + i + ",true,true,true]")
                    .toArray(String[]::new);
            assertThat(shop.sql(kept)).containsExactly(expected);
            good(shop.drain());
            assertThat(shop.sql(kept)).containsExactly(expected);
        }
    }

    @Test
    void moreThanTheGateAllows(SparkSession spark) {
        ItemTopic items = create(1);
        items.send(items.create(1, 1, "1"));
        String kept =
                "SELECT firn_offset, event, column_name, reason FROM lake.shop.firn_quarantine ORDER BY firn_offset";
        String derived = TARGET.formatted(topic)
                .replace(
                        "{target",
                        "{transforms: [{type: derive, name: n, as: int," + " expr: \"cast(name AS int)\"}], target");
        String[] refused = {
            "[2," + topic + ",null,malformed JSON at byte 0: expected a value]",
            "[3," + topic + ",null,an operation (op) that is none of c, r, u, d, t, m]",
            "[4," + topic + ",n,expression failed: CAST_INVALID_INPUT]"
        };
        try (Workspace shop = Workspace.of(home, spark, items.yaml(derived))) {
            good(shop.drain());
            items.send(
                    items.update(2, 1, "2"),
                    items.raw(2, "poison"),
                    items.other("x", 3, 3),
                    items.create(4, 4, "no number"));

            for (int i = 0; i < 4; i++) {
                RunResult run = shop.drain();

                assertThat(run.exit()).isEqualTo(ExitCode.QUALITY);
                assertThat(run.problems())
                        .containsExactly(
                                "3 of 4 records of topic " + topic
                                        + " were refused, more than max-quarantined 0.01 allows; table lake.shop.item is as it"
                                        + " was. Look at lake.shop.firn_quarantine, mend the YAML or the source, and run again");
                assertThat(run.tables())
                        .singleElement()
                        .extracting(t -> t.outcome())
                        .isEqualTo(TableOutcome.HELD_BACK);
                assertThat(shop.sql(ROWS)).containsExactly("[1,1]");
                assertThat(shop.sql(kept)).containsExactly(refused);
            }
            items.send(items.create(5, 5, "5"));
            assertThat(shop.drain().exit()).isEqualTo(ExitCode.QUALITY);
            // The same records, judged otherwise: what is loaded now is not in the quarantine any more.
            String text = "defaults: {max-quarantined: 2}\n" + derived.replace("cast(name", "try_cast(name");
            try (Workspace mended = shop.mended(items.yaml(text))) {
                good(mended.drain());
                assertThat(mended.sql(ROWS)).containsExactly("[1,2]", "[4,no number]", "[5,5]");
                assertThat(mended.sql(kept)).containsExactly(refused[0], refused[1]);
                assertThat(good(mended.drain()).lines().read()).isZero();
                assertThat(mended.sql(kept)).containsExactly(refused[0], refused[1]);
            }
        }
    }

    @Test
    void aRecordOfTwentyMegabytes(SparkSession spark) {
        ItemTopic items = create(1);
        String huge = "x".repeat(20 << 20);
        items.send(items.create(1, 1, "a"), items.create(2, 2, huge), items.raw(3, huge), items.create(4, 4, "d"));
        try (Workspace shop = shop(items, spark, "defaults: {max-quarantined: 1}\n")) {
            good(shop.drain());

            assertThat(shop.sql("SELECT id, length(name) FROM lake.shop.item ORDER BY id"))
                    .containsExactly("[1,1]", "[2,20971520]", "[4,1]");
            assertThat(shop.sql("SELECT firn_offset, length(line) FROM lake.shop.firn_quarantine"))
                    .containsExactly("[2,20971520]");
        }
    }

    @Test
    void recordsWithoutAKeyAreRefused(SparkSession spark) {
        ItemTopic items = create(1);
        items.send(items.keyless(2, 2, "b"), items.create(1, 1, "a"));
        try (Workspace shop = shop(items, spark, "defaults: {max-quarantined: 1}\n")) {
            good(shop.drain());

            assertThat(shop.sql(ROWS)).containsExactly("[1,a]");
            assertThat(shop.sql("SELECT firn_offset, reason FROM lake.shop.firn_quarantine"))
                    .containsExactly("[0,the message has no key; let the connector make one of the key columns"
                            + " (message.key.columns)]");
        }
    }

    @Test
    void aTableWithoutAKeyIsRefusedButForAppends(SparkSession spark) {
        ItemTopic items = create(1);
        items.send(items.keyless(1, 1, "a"), items.keyless(2, 1, "a"));
        try (Workspace shop = shop(items, spark, "")) {
            stopped(
                    shop.drain(),
                    ExitCode.USAGE,
                    "topic " + topic + ": its messages have no key, so changes cannot find their rows. Give the"
                            + " source's table a primary key, or set message.key.columns in the connector, or choose"
                            + " mode append");
            try (Workspace mended = shop.mended(yaml(items, "defaults: {mode: append}\n"))) {
                good(mended.drain());
                assertThat(mended.sql(ROWS)).containsExactly("[1,a]", "[1,a]");
            }
        }
    }

    @Test
    void truncatesCountInTheOrderOfTheLog(SparkSession spark) {
        ItemTopic items = create(3);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(
                    items.in(0, items.create(1, 1, "a")),
                    items.in(1, items.create(2, 2, "b")),
                    items.in(2, items.truncate(5)),
                    items.in(0, items.create(7, 3, "after")),
                    items.in(1, items.create(4, 4, "before, but read later")));
            RunResult run = good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[3,after]");
            assertThat(run.tables().get(0).changes().skipped()).containsEntry("truncate", 1L);

            // Changes from before a truncate stay void in later runs, and one that comes late spares newer rows.
            items.send(items.in(1, items.create(3, 5, "late")), items.in(0, items.create(9, 6, "new")));
            run = good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[3,after]", "[6,new]");
            assertThat(run.lines().superseded()).isOne();
            items.send(items.in(2, items.truncate(8)));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[6,new]");
            items.send(items.in(2, items.truncate(10)));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).isEmpty();
        }
    }

    /** Its connector died in the middle of it: rows that were deleted until it began anew are told of no more. */
    @Test
    void aSnapshotThatIsBegunAnewInTheFirstBatch(SparkSession spark) {
        ItemTopic items = create(1);
        items.send(
                items.read(5, 1, "old", "first"),
                items.read(5, 5, "gone", "true"),
                items.read(9, 1, "a", "first"),
                items.read(9, 2, "b", "last"),
                items.create(10, 3, "c"));
        try (Workspace shop = shop(items, spark, "")) {
            RunResult run = good(shop.drain());

            assertThat(shop.sql(ROWS)).containsExactly("[1,a]", "[2,b]", "[3,c]");
            assertThat(shop.sql("SELECT operation FROM lake.shop.item.snapshots"))
                    .doesNotContain("[delete]");
            assertThat(run.lines().read()).isEqualTo(5);
        }
        try (Workspace keeping = Workspace.of(home.resolve("keeping"), spark, yaml(items, "  sweep: false\n"))) {
            good(keeping.drain());

            assertThat(keeping.sql(ROWS)).containsExactly("[1,a]", "[2,b]", "[3,c]", "[5,gone]");
        }
    }

    /** A transaction that was open during the first snapshot tells of places before it, also where it has no rows. */
    @Test
    void changesBesideAFirstSnapshotAreKept(SparkSession spark) {
        ItemTopic items = create(2);
        items.send(
                items.in(1, items.read(3, 8, "gone", "true")),
                items.in(0, items.read(5, 1, "a", "first")),
                items.in(0, items.read(5, 2, "b", "last")),
                items.in(1, items.create(4, 7, "open")));
        try (Workspace shop = shop(items, spark, "")) {
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]", "[2,b]", "[7,open]");

            items.send(items.in(1, items.create(4, 9, "open too")));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]", "[2,b]", "[7,open]", "[9,open too]");
        }
    }

    /** Its transaction was open while the snapshot was read, and began before. */
    @Test
    void aRowThatTakesAnotherKeyBesideASnapshotStaysWhole(SparkSession spark) {
        ItemTopic items = create(1);
        items.send(items.read(200, 1, "a", "first"), items.read(200, 3, "c", "last"));
        kafka.produce(items.move(150, 1, 2, "b"));
        try (Workspace shop = shop(items, spark, "")) {
            good(shop.drain());

            assertThat(shop.sql("SELECT id, name, big FROM lake.shop.item ORDER BY id"))
                    .containsExactly("[2,b,big 1]", "[3,c,big 3]");
        }
    }

    @Test
    void tombstonesDeleteNothing(SparkSession spark) {
        ItemTopic items = create(1);
        try (Workspace shop = shop(items, spark, "")) {
            items.send(items.create(1, 1, "a"), items.delete(2, 1), items.tombstone(1), items.create(3, 1, "b"));
            RunResult run = good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,b]");
            assertThat(run.tables().get(0).changes().skipped()).containsEntry("tombstone", 1L);

            items.send(items.delete(4, 1));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).isEmpty();
            items.send(items.create(5, 1, "c"), items.tombstone(1));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,c]");
            items.send(items.tombstone(1));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,c]");
        }
    }
}
