package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ServiceFailureException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.table.ChangeTable.Change;
import io.firn.table.ChangeTable.RowKey;
import io.firn.table.Outcome.AlreadyDone;
import io.firn.table.Outcome.Conflict;
import io.firn.table.Outcome.Published;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition.WriteMode;

/** Merges that meet rivals, maintenance and lost answers. */
@ExtendWith(SparkExtension.class)
class MergePublicationTest {
    private static final String PIPELINE = "shop";

    @TempDir
    Path directory;

    private SparkSession shared;
    private SparkSession spark;
    private TestLake lake;
    private LakeTable table;
    private ChangeTable changes;
    private TopicState state = Topics.upTo(0);

    @BeforeEach
    void open(SparkSession session) {
        shared = session;
        spark = TestLake.session(shared, directory);
        lake = new TestLake(directory);
        table = ChangeTable.create(lake, WriteMode.MERGE_ON_READ, 2);
        changes = new ChangeTable(spark, directory, table, Deletes.HARD);
        merged(new MergeSessions(spark), upserts("a1", 0, 20), table);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void ofTwoEqualMergesAtOnceExactlyOneGetsIn() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<Change> batch = upserts("b" + round, 10, 30);
            StagedChanges staged = changes.stage(batch, null);
            changes.apply(batch, null);
            state = Topics.after(state, 100 + round);
            TopicLoad load = TopicLoad.after(table.position(PIPELINE), state);
            CyclicBarrier start = new CyclicBarrier(2);
            MergeSessions sessions = new MergeSessions(spark);
            Callable<Outcome> run = () -> {
                try (TestLake own = new TestLake(directory)) {
                    LakeTable mine = own.catalog.find(ChangeTable.NAME).orElseThrow();
                    start.await();
                    return publication(mine).publish(load, new Merge(staged, sessions));
                }
            };
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> outcome : threads.invokeAll(List.of(run, run))) {
                outcomes.add(outcome.get());
            }
            threads.shutdown();

            assertThat(outcomes).filteredOn(Published.class::isInstance).hasSize(1);
            assertThat(outcomes).filteredOn(AlreadyDone.class::isInstance).hasSize(1);
            holdsTheModel();
        }
    }

    @Test
    void maintenanceBeforeThePublishMeansOnceMore() {
        FaultyTable faulty = new FaultyTable(table.table());
        faulty.beforePublish(1, this::maintain);

        merged(new MergeSessions(spark), mixed("b1"), faulty.lake(table));

        holdsTheModel();
        assertThat(faulty.publishes()).isEqualTo(2);
    }

    @Test
    void maintenanceBeforeTheMergesOwnCommitDoesNoHarm() {
        SparkSession disturbed = FaultyCatalog.session(shared, directory, this::maintain, () -> {});

        merged(new MergeSessions(disturbed), mixed("b1"), table);

        holdsTheModel();
    }

    /** Spark only hears that there is no such table. */
    @Test
    void aTargetThatCannotBeReadForAMomentIsAnotherTry() {
        AtomicInteger reads = new AtomicInteger();
        Runnable throttled = () -> {
            reads.incrementAndGet();
            throw new ServiceFailureException("Rate exceeded");
        };

        merged(new MergeSessions(FaultyCatalog.session(shared, directory, throttled)), mixed("b1"), table);

        assertThat(reads).hasValue(1);
        holdsTheModel();
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    @Test
    void aLostAnswerToTheMergesCommitIsNotTrusted() {
        Runnable lost = () -> {
            throw new CommitStateUnknownException(new RuntimeException("connection reset"));
        };
        merged(new MergeSessions(FaultyCatalog.session(shared, directory, () -> {}, lost)), mixed("b1"), table);
        holdsTheModel();

        merged(new MergeSessions(FaultyCatalog.session(shared, directory, lost, () -> {})), mixed("b2"), table);
        holdsTheModel();
    }

    @Test
    void aLostAnswerToBranchOrPublishIsLookedInto() {
        MergeSessions sessions = new MergeSessions(spark);
        FaultyTable branch = new FaultyTable(table.table());
        branch.failCommit(1, new CommitStateUnknownException(new RuntimeException("reset")));
        merged(sessions, mixed("b1"), branch.lake(table));
        holdsTheModel();

        FaultyTable after = new FaultyTable(table.table());
        after.afterPublish(1, () -> {
            throw new CommitStateUnknownException(new RuntimeException("reset"));
        });
        merged(sessions, mixed("b2"), after.lake(table));
        assertThat(after.publishes()).isEqualTo(1);
        holdsTheModel();

        FaultyTable before = new FaultyTable(table.table());
        before.beforePublish(1, () -> {
            throw new CommitStateUnknownException(new RuntimeException("reset"));
        });
        merged(sessions, mixed("b3"), before.lake(table));
        holdsTheModel();
    }

    @Test
    void aReplayedBatchChangesNothing() {
        MergeSessions sessions = new MergeSessions(spark);
        List<Change> batch = upserts("b1", 5, 15);
        merged(sessions, batch, table);
        table.setPosition(PIPELINE, held -> Topics.upTo(0));
        state = Topics.upTo(0);

        Published again = merged(sessions, batch, table);

        assertThat(again.merged().stale()).isEqualTo(10);
        assertThat(again.merged().applied()).isZero();
        holdsTheModel();
    }

    @Test
    void rowsThatCannotBeInsertedAreToldAndNotMerged() {
        MergeSessions sessions = new MergeSessions(spark);
        List<Change> batch = List.of(partial(3, "b1"), partial(77, "b2"), upsert(78, "b3"));
        StagedChanges staged = changes.stage(batch, null);
        Merge merge = new Merge(staged, sessions);

        assertThat(merge.unmatchedUnavailable(table)).containsExactly("b2");
        Merge filtered = new Merge(staged, new MergeSessions(spark, new MergeLimits(0, Long.MAX_VALUE)));
        assertThat(filtered.unmatchedUnavailable(table)).containsExactly("b2");
        TopicLoad load = TopicLoad.after(table.position(PIPELINE), Topics.after(state, 50));
        assertThat(publication(table).publish(load, merge))
                .isInstanceOfSatisfying(Conflict.class, conflict -> assertThat(conflict.reason())
                        .contains("1 changes do not know all columns"));
        holdsTheModel();

        merged(sessions, List.of(batch.get(0), batch.get(2)), table);
        holdsTheModel();
    }

    @Test
    void stagedRowsOfOneKeyAreRefused() {
        StagedChanges staged = changes.stage(List.of(upsert(90, "b1"), upsert(90, "b2")), null);
        TopicLoad load = TopicLoad.after(table.position(PIPELINE), Topics.after(state, 50));

        assertThatThrownBy(() -> publication(table).publish(load, new Merge(staged, new MergeSessions(spark))))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("are not one row per key: 2 rows were to be staged, 2 rows of 1 keys");
        holdsTheModel();
    }

    @Test
    void rowsThatAreThereTwiceAreNoticed() {
        spark.sql("INSERT INTO " + ChangeTable.NAME.quoted() + " SELECT * FROM " + ChangeTable.NAME.quoted()
                + " WHERE id = 4");
        table.refresh();
        StagedChanges staged = changes.stage(List.of(upsert(4, "b1")), null);
        TopicLoad load = TopicLoad.after(table.position(PIPELINE), Topics.after(state, 50));

        assertThatThrownBy(() -> publication(table).publish(load, new Merge(staged, new MergeSessions(spark))))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("1 rows have a key that another row has too")
                .hasMessageContaining("Nothing was published");
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    @Test
    void snapshotIsolationIsRefused() {
        table.table()
                .updateProperties()
                .set("write.merge.isolation-level", "snapshot")
                .commit();
        StagedChanges staged = changes.stage(List.of(upsert(4, "b1")), null);
        TopicLoad load = TopicLoad.after(table.position(PIPELINE), Topics.after(state, 50));

        assertThatThrownBy(() -> publication(table).publish(load, new Merge(staged, new MergeSessions(spark))))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("says write.merge.isolation-level = snapshot")
                .hasMessageContaining("unset the property");
    }

    @Test
    void aFloorWithoutChangesOnlyDeletes() {
        merged(new MergeSessions(spark), upserts("b1", 5, 8), table);

        Published in = merged(new MergeSessions(spark), List.of(), "b0", table);

        assertThat(in.merged().applied()).isZero();
        assertThat(changes.model()).hasSize(3);
        holdsTheModel();
    }

    @Test
    void keysLeaveFilesOut() {
        MergeSessions sessions = new MergeSessions(spark, new MergeLimits(0, Long.MAX_VALUE));
        for (int file = 1; file < 5; file++) {
            merged(sessions, upserts("b" + file, file * 1000, file * 1000 + 300), table);
        }
        List<Change> batch = new ArrayList<>(upserts("c1", 1000, 1150));
        batch.addAll(upserts("c1", 3000, 3150));
        StagedChanges staged = changes.stage(batch, null);

        MergePlan plan = new Merge(staged, sessions).plan(table);

        assertThat(plan.filter()).isEqualTo(MergePlan.Filter.KEYS_AND_RANGES);
        assertThat(plan.reason()).isEqualTo("ranges of id leave files out");
        assertThat(plan.touchedFiles()).isLessThan(plan.files()).isGreaterThanOrEqualTo(2);
        assertThat(plan.touchedBytes()).isLessThan(plan.bytes()).isPositive();
        merged(sessions, batch, table);
        holdsTheModel();
    }

    private Published merged(MergeSessions sessions, List<Change> batch, LakeTable target) {
        return merged(sessions, batch, null, target);
    }

    private Published merged(MergeSessions sessions, List<Change> batch, String floor, LakeTable target) {
        StagedChanges staged = changes.stage(batch, floor);
        changes.apply(batch, floor);
        long from = state.next("orders", 0).orElseThrow();
        state = Topics.after(state, from + 10);
        target.refresh();
        Outcome outcome = publication(target)
                .publish(TopicLoad.after(target.position(PIPELINE), state), new Merge(staged, sessions));
        assertThat(outcome).isInstanceOf(Published.class);
        return (Published) outcome;
    }

    private void holdsTheModel() {
        assertThat(ChangeTable.rows(table)).isEqualTo(changes.model());
        assertThat(table.status().leftoverBranches()).isEmpty();
    }

    /** What others do to a table, by Iceberg's own procedures: other files, fewer snapshots. */
    private void maintain() {
        SparkSession other = TestLake.session(shared, directory);
        other.sql("CALL lake.system.rewrite_data_files(table => 'shop.select', options => map('rewrite-all', 'true'))");
        other.sql(
                "CALL lake.system.expire_snapshots(table => 'shop.select', older_than => TIMESTAMP '2100-01-01 00:00:00',"
                        + " retain_last => 1)");
    }

    private static Publication publication(LakeTable table) {
        return new Publication(table, PIPELINE, "run", (files, branch) -> {});
    }

    private static List<Change> upserts(String position, int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> upsert(id, position)).toList();
    }

    private static List<Change> mixed(String position) {
        List<Change> batch = new ArrayList<>(upserts(position, 5, 25));
        batch.add(new Change(new RowKey(1, "r"), "d", null, position, Set.of()));
        batch.add(new Change(new RowKey(99, "r"), "d", null, position, Set.of()));
        batch.add(partial(2, position));
        return batch;
    }

    private static Change upsert(long id, String position) {
        return change(id, position, Set.of());
    }

    private static Change partial(long id, String position) {
        return change(id, position, Set.of(ChangeTable.ORDER));
    }

    private static Change change(long id, String position, Set<Integer> unavailable) {
        List<Object> values = Arrays.asList(
                unavailable.isEmpty() ? position : null, LocalDate.of(2024, 1, 1), new BigDecimal("1.50"), 7);
        return new Change(new RowKey(id, "r"), "u", values, position, unavailable);
    }
}
