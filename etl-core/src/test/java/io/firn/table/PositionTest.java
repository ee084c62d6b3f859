package io.firn.table;

import static io.firn.table.TestLake.ids;
import static io.firn.table.TestLake.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.table.Outcome.AlreadyDone;
import io.firn.table.Outcome.Conflict;
import io.firn.table.Outcome.Published;
import io.firn.table.Write.AddFiles;
import io.firn.table.Write.ReplaceAll;

class PositionTest {
    private static final String PIPELINE = "orders/\"größe\" %2F";
    private static final Optional<TopicPosition> NONE = Optional.empty();

    @TempDir
    Path directory;

    private TestLake lake;
    private LakeTable table;

    @BeforeEach
    void open() {
        lake = new TestLake(directory);
        table = lake.table();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aBatchIsInTheTableAndInItsPosition() {
        Published in = (Published) append(Topics.upTo(10), NONE, 1, 2);

        TopicPosition position = table.position(PIPELINE).orElseThrow();
        assertThat(position.state()).isEqualTo(Topics.upTo(10));
        assertThat(position.snapshot()).isEqualTo(in.snapshot());
        assertThat(table.position("orders")).isEmpty();
        TableStatus status = table.status();
        assertThat(status.positions()).isEqualTo(Map.of(PIPELINE, position));
        assertThat(status.published()).isEqualTo(status.committed());
        assertThat(ids(table)).containsExactly(1L, 2L);
    }

    @Test
    void theSameBatchAgainAddsNothing() {
        append(Topics.upTo(10), NONE, 1);

        assertThat(append(Topics.upTo(10), NONE, 1)).isInstanceOf(AlreadyDone.class);
        assertThat(ids(table)).containsExactly(1L);
    }

    @Test
    void ofOverlappingBatchesTheLongerOneMakesTheShorterUnneeded() {
        append(Topics.upTo(15), NONE, 1);

        assertThat(append(Topics.upTo(10), NONE, 2)).isInstanceOf(AlreadyDone.class);
        assertThat(append(Topics.upTo(20), NONE, 3)).isInstanceOf(Conflict.class);
        assertThat(ids(table)).containsExactly(1L);
    }

    @Test
    void aBatchThatLeavesAGapIsRefused() {
        append(Topics.upTo(10), NONE, 1);
        Optional<TopicPosition> position = table.position(PIPELINE);

        assertThatThrownBy(() -> append(Topics.range(12, 20), position, 2))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("partition 0 of topic orders ended at 10 and goes on at 12")
                .hasMessageContaining("nothing was published");
    }

    @Test
    void aStateChangesWithoutRows() {
        append(Topics.upTo(10), NONE, 1);
        Optional<TopicPosition> position = table.position(PIPELINE);

        assertThat(append(Topics.range(10, 10), position)).isInstanceOf(Published.class);

        assertThat(table.position(PIPELINE).orElseThrow().state()).isEqualTo(Topics.range(10, 10));
        assertThat(ids(table)).containsExactly(1L);
    }

    @Test
    void aRewindStopsARunThatWasPlannedBefore() {
        append(Topics.upTo(10), NONE, 1);
        Optional<TopicPosition> planned = table.position(PIPELINE);

        long snapshot = table.setPosition(PIPELINE, held -> Topics.upTo(4)).snapshot();

        assertThat(table.position(PIPELINE).orElseThrow().snapshot()).isEqualTo(snapshot);
        assertThat(append(Topics.range(10, 20), planned, 2)).isInstanceOf(Conflict.class);
        assertThat(append(Topics.range(4, 20), table.position(PIPELINE), 3)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L, 3L);
    }

    @Test
    void aResetDuringAPublishStopsIt() {
        append(Topics.upTo(10), NONE, 1);
        Optional<TopicPosition> planned = table.position(PIPELINE);
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(
                1, () -> lake.catalog.find(TestLake.NAME).orElseThrow().setPosition(PIPELINE, held -> Topics.upTo(0)));

        Outcome outcome = publication(faulty.lake(table))
                .publish(TopicLoad.after(planned, Topics.range(10, 20)), new AddFiles(stage(table, "x", 2)));

        assertThat(outcome).isInstanceOf(Conflict.class);
        table.refresh();
        assertThat(table.position(PIPELINE).orElseThrow().state()).isEqualTo(Topics.upTo(0));
        assertThat(ids(table)).containsExactly(1L);
    }

    @Test
    void aRollbackByHandIsDetected() {
        long first = ((Published) append(Topics.upTo(10), NONE, 1)).snapshot();
        append(Topics.range(10, 20), table.position(PIPELINE), 2);
        table.table().manageSnapshots().rollbackTo(first).commit();

        assertThatThrownBy(() -> table.position(PIPELINE))
                .isInstanceOf(RollbackDetected.class)
                .hasMessageContaining("was rolled back behind pipeline " + PIPELINE)
                .hasMessageContaining("which the position says is loaded");
    }

    @Test
    void ourRollbackTakesPositionAndLedgerBackTogether() {
        long first = ((Published) append(Topics.upTo(10), NONE, 1)).snapshot();
        append(Topics.range(10, 20), table.position(PIPELINE), 2);
        TestLake.load(table, "a.json", 3);

        table.rollback(first);

        assertThat(ids(table)).containsExactly(1L);
        assertThat(table.position(PIPELINE).orElseThrow().state()).isEqualTo(Topics.upTo(10));
        assertThat(table.ledger("events").days()).isEmpty();
        assertThat(append(Topics.range(10, 20), table.position(PIPELINE), 4)).isInstanceOf(Published.class);
    }

    @Test
    void aPositionIsSetFromWhatTheTableSaysByThen() {
        append(Topics.upTo(10), NONE, 1);
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(1, () -> {
            LakeTable rival = lake.catalog.find(TestLake.NAME).orElseThrow();
            TopicLoad load = TopicLoad.after(rival.position(PIPELINE), Topics.range(10, 20));
            publication(rival).publish(load, new AddFiles(stage(rival, "x", 2)));
        });

        PositionSet set = faulty.lake(table)
                .setPosition(PIPELINE, held -> new TopicState(held.topics(), held.epoch() + 1, null, null));

        assertThat(set.before()).isEqualTo(Topics.range(10, 20));
        assertThat(set.after().topics()).isEqualTo(Topics.range(10, 20).topics());
        table.refresh();
        assertThat(table.position(PIPELINE).orElseThrow().state()).isEqualTo(set.after());
    }

    @Test
    void theLastBatchIsTakenBackThoughAllBeforeItExpired() {
        long before = readAndExpired();

        table.rollback(before);

        assertThat(ids(table)).containsExactly(1L);
        assertThat(table.position(PIPELINE).orElseThrow().state()).isEqualTo(Topics.upTo(10));
        assertThat(append(Topics.range(10, 20), table.position(PIPELINE), 2)).isInstanceOf(Published.class);
    }

    /** A position that goes back is set whatever main shows; firn rewind and firn reset --from-earliest do so. */
    @Test
    void whereNothingTellsThePositionOfThenRewindingWorks() {
        long before = readAndExpired();
        TestLake.forgetOldMetadata(table);
        assertThatThrownBy(() -> table.rollback(before))
                .hasMessageContaining("firn rewind PIPELINE.yaml --table lake.github.push_event --to TIME");

        table.table().manageSnapshots().rollbackTo(before).commit();
        assertThatThrownBy(() -> table.position(PIPELINE)).isInstanceOf(RollbackDetected.class);
        assertThat(table.lastPosition(PIPELINE).orElseThrow().state()).isEqualTo(Topics.range(10, 20));
        table.setPosition(PIPELINE, held -> Topics.upTo(5));

        assertThat(append(Topics.range(5, 20), table.position(PIPELINE), 2)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L, 2L);
    }

    /** A batch, no history, and another batch; returns the snapshot between them. */
    private long readAndExpired() {
        append(Topics.upTo(10), NONE, 1);
        table.table().newFastAppend().commit();
        table.table()
                .expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1000)
                .retainLast(1)
                .commit();
        table.refresh();
        long before = table.snapshot();
        append(Topics.range(10, 20), table.position(PIPELINE), 2);
        table.refresh();
        return before;
    }

    @Test
    void expiryOfHistoryIsNoRollback() {
        append(Topics.upTo(10), NONE, 1);
        table.table().newFastAppend().commit();
        table.table()
                .expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1000)
                .retainLast(1)
                .commit();

        table.refresh();
        assertThat(table.position(PIPELINE).orElseThrow().state()).isEqualTo(Topics.upTo(10));
        assertThat(table.status().published())
                .isEqualTo(table.position(PIPELINE).orElseThrow().published());
    }

    @Test
    void aTableMadeAnewIsNotTheOneOfThePosition() {
        append(Topics.upTo(10), NONE, 1);
        String property = StatePointer.positionProperty(PIPELINE);
        String json = table.table().properties().get(property);
        TableDefinition definition = new TableDefinition(
                TableName.parse("lake.github.anew"), null, List.of(), null, null, Map.of(), null, null, null);
        LakeTable anew = lake.catalog.ensure(definition, TestLake.COLUMNS, TestLake.ORIGIN);
        anew.table().updateProperties().set(property, json).commit();

        assertThatThrownBy(() -> anew.position(PIPELINE))
                .hasMessageContaining("is not the table that its position of pipeline")
                .hasMessageContaining("Unset the property " + property);
    }

    @Test
    void replacingAllRowsSparesThoseOfAnotherPipeline() {
        append(Topics.upTo(10), NONE, 1);

        Publication others = new Publication(table, "others", "run", (files, branch) -> {});
        assertThatThrownBy(
                        () -> others.publish(new TopicLoad(Topics.upTo(5), null), new ReplaceAll(stage(table, "x", 2))))
                .hasMessageContaining("holds rows of pipeline " + PIPELINE);
        assertThat(ids(table)).containsExactly(1L);
    }

    private Outcome append(TopicState next, Optional<TopicPosition> planned, long... ids) {
        TopicLoad load = TopicLoad.after(planned, next);
        return publication(table).publish(load, new AddFiles(ids.length == 0 ? List.of() : stage(table, "x", ids)));
    }

    private static Publication publication(LakeTable table) {
        return new Publication(table, PIPELINE, "run", (files, branch) -> {});
    }
}
