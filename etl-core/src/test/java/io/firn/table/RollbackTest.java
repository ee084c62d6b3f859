package io.firn.table;

import static io.firn.table.TestLake.DAY;
import static io.firn.table.TestLake.NAME;
import static io.firn.table.TestLake.append;
import static io.firn.table.TestLake.ids;
import static io.firn.table.TestLake.load;
import static io.firn.table.TestLake.publication;
import static io.firn.table.TestLake.source;
import static io.firn.table.TestLake.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.table.Outcome.AlreadyDone;
import io.firn.table.Outcome.Published;

class RollbackTest {
    @TempDir
    Path directory;

    private TestLake lake;
    private LakeTable table;
    private Path ledgerBefore;

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
    void aRollbackByHandIsDetected() {
        long first = snapshot(load(table, "a.json", 1));
        load(table, "b.json", 2);
        table.table().manageSnapshots().rollbackTo(first).commit();

        assertThatThrownBy(() -> table.ledger("events"))
                .isInstanceOf(RollbackDetected.class)
                .hasMessageContaining("was rolled back behind pipeline events")
                .hasMessageContaining("firn rollback lake.github.push_event --to " + first);

        // A foreign commit on top does not hide it.
        table.table().newFastAppend().commit();
        assertThatThrownBy(() -> load(table, "c.json", 3)).isInstanceOf(RollbackDetected.class);
    }

    @Test
    void rollingBackToWhereSomebodyWentByHandMakesTheLedgerFollow() {
        long first = snapshot(load(table, "a.json", 1));
        load(table, "b.json", 2);
        table.table().manageSnapshots().rollbackTo(first).commit();

        table.rollback(first);

        assertThat(table.ledger("events").day(DAY)).containsExactly(source("a.json", 1));
        assertThat(load(table, "b.json", 2)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L, 2L);
    }

    @Test
    void ourRollbackTakesTheLedgerBackToo() {
        long first = snapshot(load(table, "a.json", 1));
        load(table, "b.json", 2);

        long top = table.rollback(first);

        assertThat(table.table().currentSnapshot().snapshotId()).isEqualTo(top);
        assertThat(ids(table)).containsExactly(1L);
        assertThat(load(table, "a.json", 1)).isInstanceOf(AlreadyDone.class);
        assertThat(load(table, "b.json", 2)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L, 2L);

        // Over an earlier rollback, and back again.
        table.rollback(top);
        assertThat(ids(table)).containsExactly(1L);
        assertThat(table.ledger("events").day(DAY)).containsExactly(source("a.json", 1));
    }

    @Test
    void aRollbackBeforeTheFirstLoadLeavesNoLedger() {
        load(table, "a.json", 1);
        long empty = table.table().currentSnapshot().parentId();

        table.rollback(empty);

        assertThat(ids(table)).isEmpty();
        assertThat(table.ledger("events").days()).isEmpty();
        assertThat(load(table, "a.json", 1)).isInstanceOf(Published.class);
    }

    @Test
    void aRunThatForkedBeforeTheRollbackDoesNotUndoIt() {
        long first = snapshot(load(table, "a.json", 1));
        load(table, "b.json", 2);
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(1, () -> lake.catalog.find(NAME).orElseThrow().rollback(first));

        assertThat(load(faulty.lake(table), "c.json", 3)).isInstanceOf(Published.class);

        assertThat(ids(table)).containsExactly(1L, 3L);
        assertThat(table.ledger("events").day(DAY)).extracting(SourceFile::path).containsExactly("a.json", "c.json");
    }

    @Test
    void aCommitDuringTheRollbackMakesItStartAgain() {
        long first = snapshot(load(table, "a.json", 1));
        load(table, "b.json", 2);
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(1, () -> load(lake.catalog.find(NAME).orElseThrow(), "c.json", 3));

        faulty.lake(table).rollback(first);

        assertThat(ids(table)).containsExactly(1L);
        assertThat(table.ledger("events").day(DAY)).containsExactly(source("a.json", 1));
        assertThat(table.table().currentSnapshot().parentId()).isEqualTo(first);
    }

    @Test
    void placesThatAreNotBackAreRefused() {
        long first = snapshot(load(table, "a.json", 1));
        long second = snapshot(load(table, "b.json", 2));
        table.rollback(first);

        assertThatThrownBy(() -> table.rollback(second)).hasMessageContaining("is not in its main history");
        assertThatThrownBy(() -> table.rollback(4711)).hasMessageContaining("has no snapshot 4711: it expired");
    }

    @Test
    void expiryOfHistoryIsNoRollback() {
        load(table, "a.json", 1);
        load(table, "b.json", 2);
        for (int i = 0; i < 3; i++) {
            table.table().newFastAppend().commit();
        }
        expireAllButHead();

        assertThat(load(table, "a.json", 1)).isInstanceOf(AlreadyDone.class);
        assertThat(load(table, "c.json", 3)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aRollbackBehindExpiredHistoryKnowsWhatItKnows() {
        load(table, "a.json", 1);
        table.table().newFastAppend().commit();
        expireAllButHead();
        long foreign = table.table().currentSnapshot().snapshotId();
        table.table().newFastAppend().commit();

        table.rollback(foreign);
        assertThat(table.ledger("events").day(DAY)).containsExactly(source("a.json", 1));

        long before = table.table().currentSnapshot().snapshotId();
        table.table().newFastAppend().commit();
        long after = table.table().currentSnapshot().snapshotId();
        table.table()
                .expireSnapshots()
                .expireSnapshotId(before)
                .expireSnapshotId(foreign)
                .commit();
        load(table, "b.json", 2);
        forgetOldMetadata();
        assertThatThrownBy(() -> table.rollback(after)).hasMessageContaining("have expired. Choose a later snapshot");
    }

    /** As after compaction and an expiry: no snapshot that is left says what was loaded by then. */
    @Test
    void theLastLoadIsTakenBackThoughAllBeforeItExpired() {
        long before = loadedAndExpired();

        table.rollback(before);

        assertThat(ids(table)).containsExactly(1L, 2L);
        assertThat(table.ledger("events").day(DAY)).containsExactly(source("a.json", 1), source("b.json", 1));
        assertThat(load(table, "b.json", 2)).isInstanceOf(AlreadyDone.class);
        assertThat(load(table, "c.json", 3)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLedgerThatUpkeepDeletedIsNotGoneBackTo() throws Exception {
        long before = loadedAndExpired();
        Files.delete(ledgerBefore);

        assertThatThrownBy(() -> table.rollback(before))
                .isNotInstanceOf(LedgerLost.class)
                .hasMessageContaining("the snapshots that say what was loaded by then have expired");
        assertThat(ids(table)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whatTheMessageAdvisesThenWorks() {
        long before = loadedAndExpired();
        forgetOldMetadata();
        assertThatThrownBy(() -> table.rollback(before))
                .hasMessageContaining("set main with Iceberg's own rollback")
                .hasMessageContaining("firn verify lake.github.push_event --rebuild-ledger");

        table.table().manageSnapshots().rollbackTo(before).commit();
        Ledger rebuilt = table.rebuildLedger(
                "events",
                Map.of(DAY, List.of(source("a.json", 0), source("b.json", 0), source("c.json", 0))),
                TestLake.rowsByFile(table),
                table.snapshot());

        assertThat(rebuilt.day(DAY)).containsExactly(source("a.json", 1), source("b.json", 1));
        assertThat(load(table, "c.json", 3)).isInstanceOf(Published.class);
    }

    @Test
    void expiryAfterARedoKeepsTheData() {
        load(table, "a.json", 1);
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(1, () -> lake.catalog
                .find(NAME)
                .orElseThrow()
                .table()
                .newFastAppend()
                .commit());
        load(faulty.lake(table), "b.json", 2);

        expireAllButHead();

        assertThat(ids(table)).containsExactly(1L, 2L);
        assertThat(table.table().snapshots()).hasSize(1);
    }

    @Test
    void aTableMadeAnewIsNotTheOneInTheLedger() {
        load(table, "a.json", 1);
        Map<String, String> old = table.table().properties();
        TableDefinition definition = new TableDefinition(
                TableName.parse("lake.github.anew"), null, List.of(), null, null, Map.of(), null, null, null);
        LakeTable anew = lake.catalog.ensure(definition, TestLake.COLUMNS, TestLake.ORIGIN);
        String key = LedgerPointer.PREFIX + "events";
        anew.table().updateProperties().set(key, old.get(key)).commit();

        assertThatThrownBy(() -> anew.ledger("events"))
                .hasMessageContaining("is not the table that its ledger of pipeline events was written for")
                .hasMessageContaining("Unset the property firn.ledger.events");
    }

    @Test
    void aLostLedgerIsRebuiltFromTheRows() throws Exception {
        load(table, "a.json", 1, 2);
        publication(table).publish(append("b.json", 1), stage(table, "b.json", 3));
        String address = table.pointer("events").address();
        Files.writeString(Path.of(address), "{}");
        assertThatThrownBy(() -> table.ledger("events"))
                .isInstanceOf(LedgerLost.class)
                .hasMessageContaining("its sha256 is not the one in the table")
                .hasMessageContaining("rebuild the ledger");
        Files.delete(Path.of(address));
        assertThatThrownBy(() -> table.ledger("events"))
                .isInstanceOf(LedgerLost.class)
                .hasMessageContaining("cannot be read");
        assertThat(table.status().ledgers()).containsEntry("events", null);

        Ledger rebuilt = table.rebuildLedger(
                "events",
                Map.of(DAY, List.of(source("a.json", 0), source("b.json", 0), source("new.json", 0))),
                TestLake.rowsByFile(table),
                table.snapshot());

        assertThat(rebuilt.day(DAY)).containsExactly(source("a.json", 2), source("b.json", 1));
        assertThat(load(table, "a.json", 1, 2)).isInstanceOf(AlreadyDone.class);
        assertThat(load(table, "new.json", 4)).isInstanceOf(Published.class);
    }

    @Test
    void aLedgerIsNotRebuiltByACountOfAnotherState() {
        load(table, "a.json", 1);
        Long counted = table.snapshot();
        Map<String, Long> rows = TestLake.rowsByFile(table);
        load(table, "b.json", 2);

        assertThatThrownBy(
                        () -> table.rebuildLedger("events", Map.of(DAY, List.of(source("a.json", 0))), rows, counted))
                .isInstanceOf(TableException.class)
                .hasMessage(
                        "Table lake.github.push_event changed while its rows were counted. Its ledger was left as it"
                                + " was; run again when nothing else writes to it.");

        assertThat(table.ledger("events").day(DAY)).containsExactly(source("a.json", 1), source("b.json", 1));
    }

    /** Two loads, a commit of something else, a third load; all before that commit expires. Returns its snapshot. */
    private long loadedAndExpired() {
        load(table, "a.json", 1);
        load(table, "b.json", 2);
        Table iceberg = table.table();
        iceberg.newFastAppend().commit();
        Snapshot before = iceberg.currentSnapshot();
        ledgerBefore = Path.of(table.pointer("events").address());
        load(table, "c.json", 3);
        table.refresh();
        ExpireSnapshots expiry = iceberg.expireSnapshots();
        for (Snapshot snapshot : iceberg.snapshots()) {
            if (snapshot.sequenceNumber() < before.sequenceNumber()) {
                expiry.expireSnapshotId(snapshot.snapshotId());
            }
        }
        expiry.commit();
        assertThat(iceberg.snapshot(before.parentId())).isNull();
        return before.snapshotId();
    }

    private void forgetOldMetadata() {
        TestLake.forgetOldMetadata(table);
    }

    private void expireAllButHead() {
        Table iceberg = table.table();
        iceberg.refresh();
        iceberg.expireSnapshots()
                .expireOlderThan(System.currentTimeMillis() + 1000)
                .retainLast(1)
                .commit();
    }

    private static long snapshot(Outcome outcome) {
        return ((Published) outcome).snapshot();
    }
}
