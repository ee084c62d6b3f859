package io.firn.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.firn.SparkExtension;
import io.firn.table.ChangeTable.Change;
import io.firn.table.ChangeTable.RowKey;
import io.firn.table.Outcome.Published;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition.WriteMode;

/** Random batches merged into a table leave it as a plain map says. */
@ExtendWith(SparkExtension.class)
class MergeModelTest {
    private static final int BATCHES = 4;
    private static final int KEYS = 60;
    private static final MergeLimits FILTERED = new MergeLimits(0, Long.MAX_VALUE);
    /** As batches of a million keys are merged, bucket by bucket where the table has them. */
    private static final MergeLimits UNFILTERED = new MergeLimits(Long.MAX_VALUE, 0);

    @TempDir
    Path directory;

    static Stream<Arguments> tables() {
        List<Arguments> all = new ArrayList<>();
        long seed = 1;
        for (WriteMode mode : WriteMode.values()) {
            for (int version : new int[] {2, 3}) {
                for (Deletes deletes : Deletes.values()) {
                    for (boolean filtered : new boolean[] {false, true}) {
                        String[] partitioning = seed % 3 == 0
                                ? new String[] {"day"}
                                : seed % 3 == 1 ? new String[] {"bucket(4, id)"} : new String[0];
                        all.add(Arguments.of(mode, version, deletes, filtered, partitioning, seed++));
                    }
                }
            }
        }
        return all.stream();
    }

    /** Each mode, format, kind of delete, filter and partitioning at least twice. */
    static Stream<Arguments> someTables() {
        List<Arguments> all = tables().toList();
        return Stream.of(0, 3, 5, 10, 12, 15).map(all::get);
    }

    @Tag("long")
    @ParameterizedTest
    @MethodSource("tables")
    void everyTableHoldsWhatItsChangesSay(
            WriteMode mode,
            int version,
            Deletes deletes,
            boolean filtered,
            String[] partitioning,
            long seed,
            SparkSession shared) {
        aTableHoldsWhatItsChangesSay(mode, version, deletes, filtered, partitioning, seed, shared);
    }

    @ParameterizedTest
    @MethodSource("someTables")
    void aTableHoldsWhatItsChangesSay(
            WriteMode mode,
            int version,
            Deletes deletes,
            boolean filtered,
            String[] partitioning,
            long seed,
            SparkSession shared) {
        SparkSession spark = TestLake.session(shared, directory);
        try (TestLake lake = new TestLake(directory)) {
            LakeTable table = ChangeTable.create(lake, mode, version, partitioning);
            ChangeTable changes = new ChangeTable(spark, directory, table, deletes);
            MergeSessions sessions = new MergeSessions(spark, filtered ? FILTERED : UNFILTERED);
            Random random = new Random(seed);
            TopicState state = Topics.upTo(0);
            for (int batch = 1; batch <= BATCHES; batch++) {
                // Few keys are looked for by value, many by their hashes.
                List<Change> folded = batch(random, changes, batch, filtered && batch % 2 == 0 ? 300 : 40);
                String floor = batch == BATCHES ? position(3, 0) : null;
                StagedChanges staged = changes.stage(folded, floor);
                long stale = changes.apply(folded, floor);
                state = Topics.after(state, batch * 10L);

                Outcome outcome = new Publication(table, "shop/a b", "run-" + batch, (files, branch) -> {})
                        .publish(TopicLoad.after(table.position("shop/a b"), state), new Merge(staged, sessions));

                assertThat(outcome).isInstanceOfSatisfying(Published.class, in -> {
                    assertThat(in.merged().stale()).isEqualTo(stale);
                    assertThat(in.merged().applied()).isEqualTo(folded.size() - stale);
                });
                assertThat(ChangeTable.rows(table)).isEqualTo(changes.model());
                assertThat(table.position("shop/a b").orElseThrow().state()).isEqualTo(state);
            }
            assertThat(changes.model()).isNotEmpty();
            assertThat(table.status().leftoverBranches()).isEmpty();
        }
    }

    private static List<Change> batch(Random random, ChangeTable table, int batch, int size) {
        Set<RowKey> keys = new LinkedHashSet<>();
        for (int i = 0; i < size; i++) {
            keys.add(new RowKey(random.nextInt(size > KEYS ? size * 4 : KEYS), random.nextBoolean() ? "é'\\`" : ""));
        }
        List<Change> changes = new ArrayList<>();
        for (RowKey key : keys) {
            int epoch = Math.max(1, batch - random.nextInt(3));
            String position = position(epoch, random.nextInt(1000));
            if (random.nextInt(4) == 0) {
                changes.add(new Change(key, "d", null, position, Set.of()));
                continue;
            }
            boolean partial = table.holds(key)
                    && random.nextInt(3) == 0
                    && (batch != BATCHES || table.positionOf(key).compareTo(position(3, 0)) >= 0);
            changes.add(new Change(
                    key,
                    random.nextBoolean() ? "u" : "c",
                    Arrays.asList(
                            random.nextInt(5) == 0 ? null : "o" + random.nextInt(100),
                            random.nextInt(5) == 0 ? null : LocalDate.of(2024, 1, 1 + random.nextInt(4)),
                            new BigDecimal(random.nextInt(100_000)).movePointLeft(2),
                            random.nextInt(5) == 0 ? null : random.nextInt(9)),
                    position,
                    partial ? Set.of(ChangeTable.ORDER, ChangeTable.AMOUNT) : Set.of()));
        }
        // After the floor: what is older is the fold's to leave out.
        return batch == BATCHES
                ? changes.stream()
                        .filter(change -> change.position().compareTo(position(3, 0)) >= 0)
                        .toList()
                : changes;
    }

    private static String position(int epoch, int log) {
        return String.format("a%d-%06d", epoch, log);
    }
}
