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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.table.Outcome.AlreadyDone;
import io.firn.table.Outcome.Conflict;
import io.firn.table.Outcome.Published;

class PublicationTest {
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
    void aLoadIsInTheTableAndInTheLedger() {
        Outcome outcome = load(table, "a.json", 1, 2, 3);

        assertThat(outcome).isInstanceOfSatisfying(Published.class, in -> {
            assertThat(in.rows()).isEqualTo(3);
            assertThat(in.snapshot()).isEqualTo(table.table().currentSnapshot().snapshotId());
        });
        assertThat(ids(table)).containsExactly(1L, 2L, 3L);
        LakeTable fresh = lake.catalog.find(NAME).orElseThrow();
        assertThat(fresh.ledger("events").day(DAY)).containsExactly(source("a.json", 3));
        assertThat(fresh.status().leftoverBranches()).isEmpty();
        assertThat(fresh.status().ledgers().get("events")).isEqualTo(new Ledger.Totals(1, 1, 3, DAY));
        assertThat(fresh.status().rows()).isEqualTo(3);
    }

    @Test
    void aRerunAddsNothingAndCleansUp() {
        load(table, "a.json", 1);
        long snapshot = table.table().currentSnapshot().snapshotId();
        List<StagedFile> again = stage(table, "a.json", 1);

        assertThat(publication(table).publish(append("a.json", 1), again)).isInstanceOf(AlreadyDone.class);
        assertThat(table.table().currentSnapshot().snapshotId()).isEqualTo(snapshot);
        assertThat(Path.of(again.get(0).path())).doesNotExist();
    }

    @Test
    void aLateFileAddsItself() {
        load(table, "a.json", 1);
        load(table, "b.json", 2);

        assertThat(ids(table)).containsExactly(1L, 2L);
        assertThat(table.ledger("events").day(DAY)).extracting(SourceFile::path).containsExactly("a.json", "b.json");
    }

    @Test
    void noRowsStillPublishTheLedger() {
        assertThat(publication(table).publish(append("empty.json", 0), List.of()))
                .isInstanceOf(Published.class);

        assertThat(table.ledger("events").day(DAY)).containsExactly(source("empty.json", 0));
        assertThat(ids(table)).isEmpty();
    }

    @Test
    void aPartThatIsInAlreadyIsAConflict() {
        load(table, "a.json", 1);
        Append both = new Append(DAY, List.of(source("a.json", 1), source("b.json", 1)), Set.of());

        assertThat(publication(table).publish(both, stage(table, "b.json", 2))).isInstanceOf(Conflict.class);
        assertThat(ids(table)).containsExactly(1L);
    }

    @Test
    void aChangedFileIsAConflictUnlessItMayReplace() {
        load(table, "a.json", 1);
        SourceFile changed = new SourceFile("a.json", null, 2000, 120, 1);
        List<String> removed = new ArrayList<>();
        RowRemoval removal = (files, branch) -> {
            removed.addAll(files);
            assertThat(branch).startsWith("`lake`.`github`.`push_event`.`branch_firn_");
            String name = branch.replaceFirst(".*`branch_", "").replace("`", "");
            Table other = lake.catalog.find(NAME).orElseThrow().table();
            other.newDelete()
                    .deleteFromRowFilter(Expressions.equal("firn_file", "a.json"))
                    .toBranch(name)
                    .commit();
        };
        Publication publication = new Publication(table, "events", "run", removal);

        Append silently = new Append(DAY, List.of(changed), Set.of());
        assertThat(publication.publish(silently, stage(table, "a.json", 7))).isInstanceOf(Conflict.class);
        assertThat(ids(table)).containsExactly(1L);

        Append asked = new Append(DAY, List.of(changed), Set.of(source("a.json", 1)));
        assertThat(publication.publish(asked, stage(table, "a.json", 8))).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(8L);
        assertThat(removed).containsExactly("a.json");
        assertThat(table.ledger("events").day(DAY)).containsExactly(changed);
    }

    @Test
    void aChangedFileDoesNotReplaceAVersionThatCameAfterItWasPlanned() {
        load(table, "a.json", 1);
        Append slow = replacing("a.json");
        SourceFile later = new SourceFile("a.json", null, 3000, 130, 1);
        Append fast = new Append(DAY, List.of(later), Set.of(source("a.json", 1)));
        assertThat(ofPipeline("events").publish(fast, stage(table, "a.json", 3)))
                .isInstanceOf(Published.class);

        assertThat(ofPipeline("events").publish(slow, stage(table, "a.json", 2)))
                .isInstanceOf(Conflict.class);

        assertThat(table.ledger("events").day(DAY)).containsExactly(later);
        assertThat(ids(table)).doesNotContain(2L);
    }

    @Test
    void truncateLoadHoldsExactlyTheLastSet() {
        TruncateLoad first = new TruncateLoad(DAY, List.of(source("a.json", 2)), null);
        publication(table).publish(first, stage(table, "a.json", 1, 2));
        String planned = table.ledger("events").commit().orElseThrow();
        assertThat(publication(table).publish(first, stage(table, "a.json", 1, 2)))
                .isInstanceOf(AlreadyDone.class);

        TruncateLoad next = new TruncateLoad(DAY.plusDays(1), List.of(source("b.json", 1)), planned);
        assertThat(publication(table).publish(next, stage(table, "b.json", 3))).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(3L);
        assertThat(table.ledger("events").days()).containsExactly(DAY.plusDays(1));

        TruncateLoad stale = new TruncateLoad(DAY, List.of(source("c.json", 1)), planned);
        assertThat(publication(table).publish(stale, stage(table, "c.json", 4))).isInstanceOf(Conflict.class);
        assertThat(ids(table)).containsExactly(3L);
    }

    @Test
    void truncateLoadDoesNotEmptyATableThatHoldsFilesOfAnotherPipeline() {
        load(table, "a.json", 1);
        List<StagedFile> staged = stage(table, "b.json", 2);
        TruncateLoad load = new TruncateLoad(DAY, List.of(source("b.json", 1)), null);

        assertThatThrownBy(() -> ofPipeline("others").publish(load, staged))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("holds rows of pipeline events, and this load of others would remove them."
                        + " Nothing was published.");

        assertThat(ids(table)).containsExactly(1L);
        assertThat(table.ledger("others").days()).isEmpty();
        assertThat(Path.of(staged.get(0).path())).doesNotExist();
    }

    @Test
    void replacingAFileDoesNotRemoveWhatAnotherPipelineLoadedOfIt() {
        load(table, "a.json", 1);
        ofPipeline("others").publish(append("a.json", 1), stage(table, "a.json", 2));
        ofPipeline("others").publish(append("b.json", 1), stage(table, "b.json", 3));
        Append shared = replacing("a.json");

        assertThatThrownBy(() -> ofPipeline("others").publish(shared, stage(table, "a.json", 4)))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("holds rows of pipeline events");
        assertThat(ids(table)).containsExactly(1L, 2L, 3L);

        // A file that only this pipeline loaded may go.
        ofPipeline("others").publish(replacing("b.json"), stage(table, "b.json", 5));
        assertThat(ids(table)).containsExactly(1L, 2L, 3L, 5L);
    }

    private static Append replacing(String path) {
        return new Append(DAY, List.of(new SourceFile(path, null, 2000, 120, 1)), Set.of(source(path, 1)));
    }

    private Publication ofPipeline(String pipeline) {
        return new Publication(table, pipeline, "run", (files, branch) -> {});
    }

    @Test
    void truncateLoadOfNothingEmptiesTheTable() {
        load(table, "a.json", 1);
        String planned = table.ledger("events").commit().orElseThrow();

        publication(table).publish(new TruncateLoad(DAY.plusDays(1), List.of(source("b.json", 0)), planned), List.of());

        assertThat(ids(table)).isEmpty();
        assertThat(table.ledger("events").totals().rows()).isZero();
    }

    @Test
    void aReplayIsPublishedOnce() {
        load(table, "a.json", 1);
        Replay replay = new Replay(77, null, Map.of(DAY, List.of(source("a.json", 1))));

        assertThat(publication(table).publish(replay, stage(table, "a.json", 2)))
                .isInstanceOf(Published.class);
        assertThat(publication(table).publish(replay, stage(table, "a.json", 2)))
                .isInstanceOf(AlreadyDone.class);
        Replay overtaken = new Replay(78, null, Map.of(DAY, List.of(source("a.json", 2))));
        assertThat(publication(table).publish(overtaken, stage(table, "a.json", 2, 3)))
                .isInstanceOf(Conflict.class);

        assertThat(ids(table)).containsExactly(1L, 2L);
        assertThat(table.ledger("events").day(DAY)).containsExactly(source("a.json", 2));
        assertThat(table.ledger("events").replayed()).contains(77L);
    }

    @Test
    void ofTwoRunsOfADayExactlyOneGetsIn() throws Exception {
        for (int round = 0; round < 20; round++) {
            String path = "round-" + round + ".json";
            List<Outcome> outcomes = race(path, path);

            assertThat(outcomes).filteredOn(Published.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(AlreadyDone.class::isInstance).hasSize(1);
        }
        assertThat(ids(table)).hasSize(20);
        assertThat(table.ledger("events").totals().rows()).isEqualTo(20);
        assertThat(table.status().leftoverBranches()).isEmpty();
        assertThat(dataFilesOnDisk()).isEqualTo(20);
    }

    @Test
    void runsOfDifferentFilesAllGetIn() throws Exception {
        for (int round = 0; round < 5; round++) {
            assertThat(race("a" + round, "b" + round, "c" + round, "d" + round)).allMatch(Published.class::isInstance);
        }
        assertThat(ids(table)).hasSize(20);
        assertThat(table.ledger("events").day(DAY)).hasSize(20);
    }

    @Test
    void twentyRunsAtOnceAllGetIn() throws Exception {
        String[] paths = IntStream.range(0, 20).mapToObj(i -> "file-" + i).toArray(String[]::new);

        assertThat(race(paths)).allMatch(Published.class::isInstance);

        assertThat(ids(table)).hasSize(20);
        assertThat(table.ledger("events").day(DAY)).hasSize(20);
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    @Test
    void theFirstSnapshotIsRacedForToo() throws Exception {
        assertThat(race("a", "b")).allMatch(Published.class::isInstance);
        assertThat(ids(table)).hasSize(2);
    }

    @Test
    void aForeignRewriteBetweenBranchAndPublishMeansOnceMore() {
        load(table, "a.json", 1, 2);
        FaultyTable faulty = new FaultyTable(table.table());
        LakeTable disturbed = faulty.lake(table);
        faulty.beforePublish(1, () -> {
            Table other = lake.catalog.find(NAME).orElseThrow().table();
            DataFile old = firstFile(other);
            DataFile compacted = stage(lake.catalog.find(NAME).orElseThrow(), "a.json", 1, 2)
                    .get(0)
                    .file();
            other.newRewrite().deleteFile(old).addFile(compacted).commit();
        });

        assertThat(load(disturbed, "b.json", 3)).isInstanceOf(Published.class);

        assertThat(ids(table)).containsExactly(1L, 2L, 3L);
        assertThat(faulty.publishes()).isEqualTo(2);
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    @Test
    void aForeignPropertyBetweenBranchAndPublishMeansOnlyToPublishAgain() {
        load(table, "a.json", 1);
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(1, () -> lake.catalog
                .find(NAME)
                .orElseThrow()
                .table()
                .updateProperties()
                .set("owner", "me")
                .commit());

        assertThat(load(faulty.lake(table), "b.json", 2)).isInstanceOf(Published.class);

        assertThat(ids(table)).containsExactly(1L, 2L);
        assertThat(table.table().snapshots()).hasSize(3);
    }

    @Test
    void anAnswerLostAfterTheCommitIsFoundToBeIn() {
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.afterPublish(1, () -> {
            throw new CommitStateUnknownException(new RuntimeException("connection reset"));
        });

        assertThat(load(faulty.lake(table), "a.json", 1)).isInstanceOf(Published.class);

        assertThat(ids(table)).containsExactly(1L);
        assertThat(faulty.publishes()).isEqualTo(1);
    }

    @Test
    void anAnswerLostBeforeTheCommitIsFencedAndMadeAgain() {
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(1, () -> {
            throw new CommitStateUnknownException(new RuntimeException("connection reset"));
        });

        assertThat(load(faulty.lake(table), "a.json", 1)).isInstanceOf(Published.class);

        assertThat(ids(table)).containsExactly(1L);
        assertThat(table.table().properties()).containsKey("firn.fence");
    }

    @Test
    void aFailureThatSaysNothingIsLookedIntoToo() {
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.afterPublish(1, () -> {
            throw new IllegalStateException("driver bug after the commit");
        });
        assertThat(load(faulty.lake(table), "a.json", 1)).isInstanceOf(Published.class);

        FaultyTable broken = new FaultyTable(table.table());
        broken.beforePublish(1, () -> {
            throw new IllegalStateException("disk full");
        });
        assertThatThrownBy(() -> load(broken.lake(table), "b.json", 2)).hasMessage("disk full");
        assertThat(ids(table)).containsExactly(1L);

        assertThat(load(table, "b.json", 2)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L, 2L);
    }

    @Test
    void aTableThatNeverHoldsStillIsGivenUp() {
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforeEveryPublish(() -> {
            lake.catalog.find(NAME).orElseThrow().table().newFastAppend().commit();
            throw new CommitFailedException("always somebody else");
        });

        Publication publication = new Publication(faulty.lake(table), "events", "run", (files, branch) -> {}, 3);
        assertThatThrownBy(() -> publication.publish(append("a.json", 1), stage(table, "a.json", 1)))
                .isInstanceOf(RetriesExhausted.class)
                .hasMessageContaining("took no commit of pipeline events in 3 tries")
                .hasMessageContaining("run again");
        assertThat(ids(table)).isEmpty();
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    @Test
    void whatOnlyTheBranchFailedAtIsMadeAgain() {
        FaultyTable faulty = new FaultyTable(table.table());
        table.table().newFastAppend().commit();
        faulty.failCommit(1, new CommitStateUnknownException(new RuntimeException("reset")));

        assertThat(load(faulty.lake(table), "a.json", 1)).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(1L);
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    @Test
    void leftoverBranchesAreDroppedByAge() {
        load(table, "a.json", 1);
        long head = table.table().currentSnapshot().snapshotId();
        String running = BranchName.of("0123456789abcdef", BranchName.attempt());
        String crashed = "firn_0123456789ab_" + Long.toHexString(1_600_000_000_000L) + "01234567";
        for (String branch : List.of(running, crashed, "firn_mine", "audit")) {
            table.table().manageSnapshots().createBranch(branch, head).commit();
        }

        assertThat(table.dropLeftoverBranches(Duration.ofDays(1))).containsExactly(crashed);
        assertThat(table.table().refs()).containsOnlyKeys("main", DayTag.of(DAY), running, "firn_mine", "audit");
    }

    private List<Outcome> race(String... paths) throws Exception {
        CyclicBarrier start = new CyclicBarrier(paths.length);
        List<Callable<Outcome>> runs = new ArrayList<>();
        for (String path : paths) {
            runs.add(() -> {
                try (TestLake own = new TestLake(directory)) {
                    LakeTable mine = own.table();
                    List<StagedFile> staged = stage(mine, path, path.hashCode());
                    start.await();
                    return publication(mine).publish(append(path, 1), staged);
                }
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(paths.length);
        try {
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> run : threads.invokeAll(runs)) {
                outcomes.add(run.get());
            }
            return outcomes;
        } finally {
            threads.shutdown();
        }
    }

    private static DataFile firstFile(Table table) {
        for (FileScanTask task : table.newScan().planFiles()) {
            return task.file();
        }
        throw new AssertionError("the table has no files");
    }

    private long dataFilesOnDisk() throws Exception {
        try (var files = Files.walk(directory.resolve("warehouse"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        }
    }
}
