package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.rig.KafkaServer;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** What the YAML makes of changes: modes, columns, transforms, soft deletes, several topics in one run. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class ChangeModesTest {
    private static final String ROWS = "SELECT id, name FROM lake.shop.item ORDER BY id";

    private final KafkaServer kafka;

    @TempDir
    private Path home;

    private String topic;

    ChangeModesTest(Rig rig) {
        kafka = rig.kafka();
    }

    @BeforeEach
    void name(TestInfo test) {
        topic = "modes." + test.getTestMethod().orElseThrow().getName();
    }

    private Workspace shop(ItemTopic items, SparkSession spark, String event) {
        return Workspace.of(home, spark, yaml(items, event));
    }

    /** @param event what the YAML says of the topic */
    private static String yaml(ItemTopic items, String event) {
        return items.yaml(
                "events:\n  " + items.name() + ":\n    " + event.strip().replace("\n", "\n    ") + "\n");
    }

    private static RunResult good(RunResult run) {
        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        return run;
    }

    @Test
    void aTableThatIsLoadedWhole(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.create(1, 1, "before any snapshot"), items.update(2, 1, "a change alone"));
        try (Workspace shop = shop(items, spark, "target: {table: lake.shop.item, mode: truncate-load}")) {
            String none = "topic " + topic + " holds no whole snapshot, from its first row to its last, after where"
                    + " table lake.shop.item stands; the table is as it was. Let Debezium take one and run again";
            RunResult run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY);
            assertThat(run.problems()).containsExactly(none);
            assertThat(shop.sql(ROWS)).isEmpty();

            items.send(items.read(5, 2, "b", "first"), items.read(5, 3, "c", "true"));
            assertThat(shop.drain().problems()).containsExactly(none);

            // Changes after the snapshot are in it; what lay before it is not.
            items.send(items.read(5, 4, "d", "last"), items.update(6, 2, "b2"), items.delete(7, 3));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[2,b2]", "[4,d]");
            assertThat(good(shop.drain()).lines().read()).isZero();

            items.send(items.update(8, 4, "no new snapshot"));
            run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY);
            assertThat(shop.sql(ROWS)).containsExactly("[2,b2]", "[4,d]");
            items.send(items.read(9, 5, "e", "first_in_data_collection"));
            items.send(items.read(9, 4, "d2", "last_in_data_collection"));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[4,d2]", "[5,e]");
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.item.snapshots WHERE operation = 'overwrite'"))
                    .containsExactly("[2]");
        }
    }

    /** The only row of a table is the last of its snapshot and not the first, or the first and not the last. */
    @Test
    void aTableOfOneRowThatIsLoadedWhole(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 2);
        items.send(items.read(5, 1, "a", "last"));
        try (Workspace shop = shop(items, spark, "target: {table: lake.shop.item, mode: truncate-load}")) {
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]");

            items.send(items.read(9, 1, "b", "last_in_data_collection"));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,b]");

            items.send(items.read(12, 1, "c", "first"));
            RunResult run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY);
            assertThat(run.problems())
                    .singleElement()
                    .asString()
                    .endsWith("run again. Of the newest its first row alone is there. If that is the only row of the"
                            + " source's table, and Debezium read other tables after it, it never marks the row as the"
                            + " last: let it take a blocking snapshot of this table alone, or name another table before"
                            + " it in table.include.list");
            assertThat(shop.sql(ROWS)).containsExactly("[1,b]");

            items.send(items.read(15, 1, "d", "last"));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[1,d]");
        }
    }

    /** A last row whose others another run took, or brokers deleted, is no snapshot of one row. */
    @Test
    void theEndOfASnapshotIsNoTableOfOneRow(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.read(5, 1, "a", "first"), items.read(5, 2, "b", "last"));
        kafka.deleteRecords(topic, 0, 1);
        try (Workspace shop = shop(items, spark, "target: {table: lake.shop.item, mode: truncate-load}")) {
            String parts = "run again. Of the newest the last row is there and not the first, which brokers may have"
                    + " deleted";
            RunResult run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY);
            assertThat(run.problems()).singleElement().asString().endsWith(parts);

            items.send(items.read(9, 3, "c", "last"), items.read(12, 4, "d", "first"));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[3,c]", "[4,d]");

            items.send(items.read(12, 5, "e", "last"));
            run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY);
            assertThat(run.problems()).singleElement().asString().endsWith(parts);
            assertThat(shop.sql(ROWS)).containsExactly("[3,c]", "[4,d]");
        }
    }

    @Test
    void aTruncateAfterAWholeSnapshot(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(
                items.truncate(4),
                items.read(5, 1, "a", "first"),
                items.read(5, 2, "b", "last"),
                items.truncate(6),
                items.create(7, 3, "c"));
        try (Workspace shop = shop(items, spark, "target: {table: lake.shop.item, mode: truncate-load}")) {
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[3,c]");
            items.send(items.read(9, 1, "a", "first"), items.read(9, 2, "b", "last"), items.truncate(10));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).isEmpty();
        }
    }

    /** The rows of the snapshot have the values that changes after it leave unsent; what has none is refused. */
    @Test
    void unsentValuesAfterAWholeSnapshot(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(
                items.partial(4, 9, "void"),
                items.read(5, 1, "a", "first"),
                items.read(5, 2, "b", "true"),
                items.raw(3, "junk"),
                items.read(5, 4, "d", "last"),
                items.partial(6, 2, "b2"),
                items.partial(7, 3, "c2"));
        kafka.produce(items.move(8, 4, 5, "e"));
        kafka.produce(items.move(9, 6, 7, "g"));
        try (Workspace shop = Workspace.of(
                home,
                spark,
                yaml(items, "target: {table: lake.shop.item, mode: truncate-load}")
                        + "defaults: {max-quarantined: 10}\n")) {
            RunResult run = good(shop.drain());

            assertThat(shop.sql("SELECT id, name, big FROM lake.shop.item ORDER BY id"))
                    .containsExactly("[1,a,big 1]", "[2,b2,big 2]", "[5,e,big 4]");
            assertThat(shop.sql("SELECT firn_offset, reason LIKE 'a value that the source did not send%'"
                            + " FROM lake.shop.firn_quarantine ORDER BY firn_offset"))
                    .containsExactly("[3,false]", "[6,true]", "[10,true]");
            assertThat(run.lines().quarantined()).isEqualTo(3);
        }
    }

    /** The place before all rows of a snapshot is that of a topic's first record. */
    @Test
    void aSnapshotThatBeginsItsTopic(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.read(5, 1, "a", "first"), items.read(5, 2, "b", "last"));
        try (Workspace shop = shop(items, spark, "target: {table: lake.shop.item, mode: truncate-load}")) {
            assertThat(good(shop.drain()).lines().loaded()).isEqualTo(2);
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]", "[2,b]");
        }
    }

    @Test
    void aHistoryOfEveryChange(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(
                items.create(1, 1, "a"),
                items.partial(2, 1, "b"),
                items.delete(3, 1),
                items.tombstone(1),
                items.truncate(4),
                items.create(1, 1, "a"));
        try (Workspace shop = shop(items, spark, "target: {table: lake.shop.item, mode: append}")) {
            RunResult run = good(shop.drain());

            assertThat(run.lines().loaded()).isEqualTo(5);
            String history = "SELECT id, name, big, firn_op, firn_unavailable, unix_micros(firn_source_time) % 1000"
                    + " FROM lake.shop.item ORDER BY firn_position, firn_loaded_at";
            String[] expected = {
                "[1,a,big 1,c,null,1]",
                "[1,a,big 1,c,null,1]",
                "[1,b,null,u,ArraySeq(big),2]",
                "[1,null,null,d,null,3]",
                "[null,null,null,t,null,4]"
            };
            assertThat(shop.sql(history)).containsExactly(expected);
            good(shop.drain());
            assertThat(shop.sql(history)).containsExactly(expected);
        }
    }

    @Test
    void rowsThatAFilterLeavesOutGo(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.create(1, 1, "keep"), items.create(2, 2, "drop"), items.create(3, 3, "keep"));
        try (Workspace shop = shop(
                items,
                spark,
                """
                transforms:
                  - {type: filter, expr: "name <> 'drop'"}
                  - {type: derive, name: upper_name, as: string, expr: "upper(name)"}
                  - {type: drop, names: [big]}
                target: {table: lake.shop.item}
                """)) {
            good(shop.drain());
            assertThat(shop.sql("SELECT * EXCEPT (firn_position, firn_op, firn_source_time, firn_loaded_at)"
                            + " FROM lake.shop.item ORDER BY id"))
                    .containsExactly("[1,keep,KEEP]", "[3,keep,KEEP]");

            items.send(items.update(4, 1, "drop"), items.update(5, 2, "keep now"), items.update(6, 3, "stays"));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[2,keep now]", "[3,stays]");
            // A change that leaves a value unsent that no transform reads.
            items.send(items.partial(7, 3, "partial"));
            good(shop.drain());
            assertThat(shop.sql(ROWS)).containsExactly("[2,keep now]", "[3,partial]");
        }
    }

    /** What a table holds does not depend on where batches end, even where a key's last change is refused. */
    @Test
    void aRefusedChangeLeavesWhatCameBeforeIt(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(
                items.create(1, 1, "10"),
                items.update(2, 1, "11"),
                items.update(3, 1, "bad"),
                items.create(4, 2, "20"),
                items.delete(5, 2),
                items.create(6, 2, "bad"),
                items.create(7, 3, "bad"),
                items.create(8, 4, "40"),
                items.update(9, 4, "41"),
                items.create(200, 5, "50"),
                items.partial(201, 5, "51"),
                items.update(202, 5, "bad"));
        for (int lsn = 10; lsn < 50; lsn++) {
            items.send(items.update(lsn, 4, "bad"));
        }
        String text = yaml(
                        items,
                        """
                        transforms: [{type: derive, name: number, as: int, expr: "cast(name AS int)"}]
                        target: {table: lake.shop.item}
                        """)
                + "defaults: {max-quarantined: 100}\n";
        try (Workspace together = Workspace.of(home.resolve("together"), spark, text);
                Workspace apart = Workspace.of(
                        home.resolve("apart"), spark, text.replace("  topic:", "  records-per-batch: 4\n  topic:"))) {
            good(apart.drain());
            RunResult run = good(together.drain());

            for (Workspace shop : List.of(apart, together)) {
                assertThat(shop.sql("SELECT id, number, big FROM lake.shop.item ORDER BY id"))
                        .containsExactly("[1,11,big 1]", "[4,41,big 4]", "[5,51,big 5]");
            }
            assertThat(run.lines().read())
                    .isEqualTo(run.lines().loaded()
                            + run.lines().quarantined()
                            + run.lines().superseded());
        }
    }

    @Test
    void valuesDerivedFromWhatWasNotSent(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.create(1, 1, "a"), items.create(2, 2, "b"));
        try (Workspace shop = shop(
                items,
                spark,
                """
                transforms:
                  - {type: derive, name: length, as: int, expr: "length(big)"}
                  - {type: derive, name: both, as: string, expr: "concat(name, ':', big)"}
                target: {table: lake.shop.item}
                """)) {
            String rows = "SELECT id, name, big, length, both FROM lake.shop.item ORDER BY id";
            good(shop.drain());
            items.send(items.partial(3, 1, "a2"), items.update(4, 2, "b2"), items.partial(5, 2, "b3"));
            good(shop.drain());

            // In the batch the value is known; else the table keeps what it derived from it last.
            assertThat(shop.sql(rows)).containsExactly("[1,a2,big 1,5,a:big 1]", "[2,b3,big 2,5,b3:big 2]");
        }
    }

    @Test
    void aFilterThatReadsWhatWasNotSent(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.create(1, 1, "a"));
        try (Workspace shop = Workspace.of(
                home,
                spark,
                yaml(items, "transforms: [{type: filter, expr: \"length(big) > 2\"}]\ntarget: {table: lake.shop.item}")
                        + "defaults: {max-quarantined: 1}\n")) {
            good(shop.drain());
            items.send(items.partial(2, 1, "b"));
            RunResult run = good(shop.drain());

            assertThat(run.lines().quarantined()).isOne();
            assertThat(shop.sql(ROWS)).containsExactly("[1,a]");
            assertThat(shop.sql("SELECT reason FROM lake.shop.firn_quarantine"))
                    .containsExactly("[a filter reads a value that the source did not send because it is large and"
                            + " unchanged; set REPLICA IDENTITY FULL, or filter by other columns]");
        }
    }

    @Test
    void aLargeValueThatNoRowHas(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.partial(1, 1, "a"), items.create(2, 2, "b"));
        try (Workspace shop = Workspace.of(
                home, spark, yaml(items, "target: {table: lake.shop.item}") + "defaults: {max-quarantined: 1}\n")) {
            RunResult run = good(shop.drain());

            assertThat(run.lines().quarantined()).isOne();
            assertThat(shop.sql(ROWS)).containsExactly("[2,b]");
            assertThat(shop.sql("SELECT firn_offset, reason, line IS NOT NULL FROM lake.shop.firn_quarantine"))
                    .containsExactly(
                            "[0,a value that the source did not send because it is large and unchanged, and the"
                                    + " table has no row to take it from; set REPLICA IDENTITY FULL, or take a new snapshot of"
                                    + " the row,true]");
        }
    }

    @Test
    void deletesThatAreRemembered(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        try (Workspace shop = shop(items, spark, "target: {table: lake.shop.item, deletes: soft}")) {
            String rows = "SELECT id, name, firn_op FROM lake.shop.item ORDER BY id";
            items.send(items.create(1, 1, "a"), items.delete(4, 2));
            good(shop.drain());
            assertThat(shop.sql(rows)).containsExactly("[1,a,c]", "[2,null,d]");

            items.send(items.delete(5, 1), items.create(3, 2, "older than its delete"));
            RunResult run = good(shop.drain());
            assertThat(shop.sql(rows)).containsExactly("[1,a,d]", "[2,null,d]");
            assertThat(run.tables().get(0).changes().stale()).isOne();
            items.send(items.create(6, 2, "again"));
            good(shop.drain());
            assertThat(shop.sql(rows)).containsExactly("[1,a,d]", "[2,again,c]");
        }
    }

    @Test
    void columnsOfTheYamlGoBeforeThoseOfMessages(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.create(1, 1, "a"), items.partial(2, 1, "b"));
        try (Workspace shop = shop(
                items,
                spark,
                """
                columns:
                  - {name: key, type: long, path: id, required: true}
                  - {name: title, type: string, path: name}
                target: {table: lake.shop.item, id-columns: [key]}
                """)) {
            good(shop.drain());
            assertThat(shop.sql("SELECT * EXCEPT (firn_position, firn_op, firn_source_time, firn_loaded_at)"
                            + " FROM lake.shop.item"))
                    .containsExactly("[1,b]");
            items.send(items.delete(3, 1));
            good(shop.drain());
            assertThat(shop.sql("SELECT * FROM lake.shop.item")).isEmpty();
        }
    }

    /** Where the key's other column changes, the source tells of an update, and the row under the old one would stay. */
    @Test
    void aTableWithAnotherKeyThanItsSourceIsRefused(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.create(1, 1, "us"), items.update(2, 1, "eu"));
        String target = "target: {table: lake.shop.item, id-columns: [id, name]}\n";
        try (Workspace shop = shop(items, spark, target)) {
            RunResult run = shop.drain();

            assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(run.problems())
                    .containsExactly("topic " + topic + ": the key of its messages is (id), and that of table"
                            + " lake.shop.item is (id, name). Connectors tell of changes of their own key only, so old"
                            + " rows would stay, or rows would overwrite each other. Write id-columns: [id], or set"
                            + " message.key.columns in the connector and take a new snapshot");
        }
        String columns =
                """
                columns:
                  - {name: id, type: int, required: true}
                  - {name: name, type: string, required: true}
                  - {name: big, type: string}
                """;
        try (Workspace shop = shop(items, spark, columns + target)) {
            assertThat(shop.drain().exit()).isEqualTo(ExitCode.QUALITY);
            assertThat(shop.sql(ROWS)).isEmpty();
            assertThat(shop.sql("SELECT column_name, count(*) FROM lake.shop.firn_quarantine GROUP BY 1"))
                    .containsExactly("[name,2]");
        }
    }

    @Test
    void aColumnThatCannotHoldItsSource(SparkSession spark) {
        ItemTopic items = ItemTopic.create(kafka, topic, 1);
        items.send(items.create(1, 1, "a"));
        String columns =
                """
                columns:
                  - {name: id, type: int, required: true}
                  - {name: name, type: long}
                target: {table: lake.shop.item, id-columns: [id]}
                """;
        try (Workspace shop = shop(items, spark, columns)) {
            RunResult run = shop.drain();
            assertThat(run.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(run.problems())
                    .singleElement()
                    .asString()
                    .contains("column \"name\" is long in table lake.shop.item, and its source has come to be string")
                    .contains("on-type-change: new-column");
        }
        try (Workspace shop = shop(items, spark, "on-type-change: quarantine\n" + columns)) {
            assertThat(shop.drain().exit()).isEqualTo(ExitCode.QUALITY);
            assertThat(shop.sql("SELECT column_name, reason FROM lake.shop.firn_quarantine"))
                    .containsExactly("[name,the source's string cannot be held by long exactly]");
        }
        try (Workspace shop = shop(items, spark, "on-type-change: new-column\n" + columns)) {
            assertThat(shop.drain().problems())
                    .singleElement()
                    .asString()
                    .contains("from now on values go into name_string");
            items.send(items.create(2, 2, "b"));
            good(shop.drain());
            assertThat(shop.sql("SELECT id, name, name_string FROM lake.shop.item ORDER BY id"))
                    .containsExactly("[1,null,a]", "[2,null,b]");
            assertThat(shop.sql("SELECT id, name FROM lake.shop.item_unified ORDER BY id"))
                    .containsExactly("[1,a]", "[2,b]");
        }
    }

    @Test
    void severalTopicsInOneRun(SparkSession spark) {
        ItemTopic good = ItemTopic.create(kafka, "several.public.good", 2);
        ItemTopic keyless = ItemTopic.create(kafka, "several.public.keyless", 1);
        ItemTopic other = ItemTopic.create(kafka, "several.public.other", 1);
        ItemTopic twin = ItemTopic.create(kafka, "several.twin.other", 1);
        good.send(good.create(1, 1, "a"), good.other("m", 2, 2), good.other("x", 3, 3));
        keyless.send(keyless.keyless(1, 1, "a"));
        other.send(other.create(1, 1, "b"));
        twin.send(twin.create(1, 1, "c"));
        String yaml =
                """
                pipeline: shop
                source: {type: debezium, brokers: "%s", topic-pattern: 'several\\..*'}
                defaults: {max-quarantined: 1}
                """
                        .formatted(kafka.bootstrap());
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            RunResult run = shop.drain();

            assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(run.problems())
                    .containsExactlyInAnyOrder(
                            "topic several.public.keyless: its messages have no key, so changes cannot find their rows."
                                    + " Give the source's table a primary key, or set message.key.columns in the"
                                    + " connector, or choose mode append",
                            "topic several.twin.other: its table lake.shop.other is already that of topic"
                                    + " several.public.other; name another under"
                                    + " events.several.twin.other.target.table");
            assertThat(shop.sql("SELECT id, name FROM lake.shop.good")).containsExactly("[1,a]");
            assertThat(shop.sql("SELECT id, name FROM lake.shop.other")).containsExactly("[1,b]");
            assertThat(run.tables())
                    .filteredOn(table -> table.event().equals(good.name()))
                    .singleElement()
                    .satisfies(table -> assertThat(table.changes().skipped()).containsEntry("logical-message", 1L));
            assertThat(shop.sql("SELECT event, reason FROM lake.shop.firn_quarantine"))
                    .containsExactly("[several.public.good,an operation (op) that is none of c, r, u, d, t, m]");
        }
    }
}
