package io.firn.maintain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.apache.iceberg.Table;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.maintain.Maintained.Status;
import io.firn.maintain.Verb.Execution;

/** The verbs beside compaction. */
@ExtendWith(SparkExtension.class)
class UpkeepTest {
    @TempDir
    private Path directory;

    @Test
    void oldSnapshotsGoWithTheirFilesAndTagsStay(SparkSession shared) throws IOException {
        try (Pond pond =
                new Pond(shared, directory, "(id BIGINT) TBLPROPERTIES ('history.expire.max-snapshot-age-ms'='1')")) {
            fill(pond, 2);
            pond.sql("ALTER TABLE lake.shop.orders CREATE TAG audit");
            fill(pond, 3);
            pond.sql("DELETE FROM lake.shop.orders WHERE id = 0");
            List<String> rows = pond.rows();

            SnapshotsExpired planned = new ExpireSnapshots().run(pond.spark, pond.table(), Execution.DRY_RUN);
            assertThat(planned.summary()).isEqualTo("would expire 4 snapshots and keep 2");
            assertThat(snapshots(pond)).isEqualTo(6);

            SnapshotsExpired done = new ExpireSnapshots().run(pond.spark, pond.table(), Execution.DO);
            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(done.summary()).startsWith("expired 4 snapshots, kept 2; deleted ");
            assertThat(snapshots(pond)).isEqualTo(2);
            assertThat(pond.rows()).isEqualTo(rows);
            assertThat(pond.spark
                            .sql("SELECT count(*) FROM lake.shop.orders VERSION AS OF 'audit'")
                            .head()
                            .getLong(0))
                    .isEqualTo(2);
            assertThat(new ExpireSnapshots()
                            .run(pond.spark, pond.table(), Execution.DO)
                            .summary())
                    .isEqualTo("all 2 snapshots are to be kept");
        }
    }

    /** A query may have begun to read it just before. */
    @Test
    void whatWasReplacedAMomentAgoStaysHoweverOldItIs(SparkSession shared) throws InterruptedException {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT)")) {
            fill(pond, 1);
            long rolledBackTo = pond.table().snapshot();
            fill(pond, 3);
            Thread.sleep(5_200);
            pond.sql("CALL lake.system.rollback_to_snapshot('shop.orders', " + rolledBackTo + ")");
            fill(pond, 1);
            pond.sql("ALTER TABLE lake.shop.orders SET TBLPROPERTIES ('history.expire.max-snapshot-age-ms'='5000')");

            assertThat(new ExpireSnapshots()
                            .run(pond.spark, pond.table(), Execution.DO)
                            .summary())
                    .isEqualTo("all 5 snapshots are to be kept");

            pond.sql("ALTER TABLE lake.shop.orders SET TBLPROPERTIES ('history.expire.max-snapshot-age-ms'='1')");
            assertThat(new ExpireSnapshots()
                            .run(pond.spark, pond.table(), Execution.DO)
                            .summary())
                    .startsWith("expired 4 snapshots, kept 1");
        }
    }

    /** A reader of changes goes on from its tag, state by state. */
    @Test
    void whatCameAfterAReadersTagStays(SparkSession shared) {
        try (Pond pond =
                new Pond(shared, directory, "(id BIGINT) TBLPROPERTIES ('history.expire.max-snapshot-age-ms'='1')")) {
            fill(pond, 3);
            long from = pond.table().snapshot();
            pond.sql("ALTER TABLE lake.shop.orders CREATE TAG `consumer-dashboard`");
            fill(pond, 4);

            SnapshotsExpired done = new ExpireSnapshots().run(pond.spark, pond.table(), Execution.DO);

            assertThat(done.expired()).isEqualTo(2);
            assertThat(done.summary()).contains("; tag consumer-dashboard keeps all since ");
            assertThat(pond.spark
                            .read()
                            .format("iceberg")
                            .option("start-snapshot-id", from)
                            .load("lake.shop.orders")
                            .count())
                    .isEqualTo(4);
        }
    }

    @Test
    void aTableThatSharesItsFilesKeepsThem(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT) TBLPROPERTIES ('gc.enabled'='false')")) {
            fill(pond, 2);
            SnapshotsExpired refused = new ExpireSnapshots().run(pond.spark, pond.table(), Execution.DO);
            assertThat(refused.status()).isEqualTo(Status.REFUSED);
            assertThat(refused.summary()).startsWith("the table's property gc.enabled is false");
        }
    }

    /** Five years: the files of what goes are taken away before, so nothing can have read them. */
    @Test
    void oldPartitionsGoWithoutReadingTheirFiles(SparkSession shared) throws IOException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        try (Pond pond =
                new Pond(shared, directory, "(id BIGINT, at TIMESTAMP) PARTITIONED BY (days(at), bucket(2, id))")) {
            for (int years : List.of(7, 6, 4, 0)) {
                LocalDate day = today.minusYears(years);
                pond.sql("INSERT INTO lake.shop.orders SELECT id, TIMESTAMP'" + day + " 12:00:00' FROM range(10)");
            }
            pond.sql("INSERT INTO lake.shop.orders VALUES (NULL, NULL)");
            assertThat(new ExpireData()
                            .run(pond.spark, pond.table(), Execution.DO)
                            .summary())
                    .isEqualTo("rows stay for ever: the table has no retention.data");
            pond.sql("ALTER TABLE lake.shop.orders SET TBLPROPERTIES ('firn.retention.data-ms'='"
                    + Duration.ofDays(5 * 366).toMillis() + "')");
            for (String file : pond.files()) {
                if (file.contains("at_day=" + today.minusYears(7)) || file.contains("at_day=" + today.minusYears(6))) {
                    Files.delete(Path.of(file));
                }
            }

            ExpireData.Result planned = new ExpireData().run(pond.spark, pond.table(), Execution.DRY_RUN);
            assertThat(planned.summary())
                    .startsWith("would take out 4 partitions before ")
                    .contains(": 20 rows, 4 files, ");
            ExpireData.Result done = new ExpireData().run(pond.spark, pond.table(), Execution.DO);

            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(pond.rows()).hasSize(21);
            assertThat(pond.files()).allMatch(file -> Files.exists(Path.of(file)));
            assertThat(new ExpireData()
                            .run(pond.spark, pond.table(), Execution.DO)
                            .status())
                    .isEqualTo(Status.NOTHING_TO_DO);
        }
    }

    /** Files from before the table was partitioned by time go too where their bounds say that they are old. */
    @Test
    void allRowsThatGoAreCounted(SparkSession shared) {
        try (Pond pond = new Pond(
                shared,
                directory,
                "(id BIGINT, at TIMESTAMP) TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')")) {
            pond.sql("INSERT INTO lake.shop.orders SELECT /*+ COALESCE(1) */ id, TIMESTAMP'2001-01-01 10:00:00'"
                    + " FROM range(5)");
            pond.sql("DELETE FROM lake.shop.orders WHERE id = 4");
            pond.sql("ALTER TABLE lake.shop.orders ADD PARTITION FIELD days(at)");
            pond.sql("INSERT INTO lake.shop.orders SELECT id, TIMESTAMP'2001-01-02 10:00:00' FROM range(10)");
            pond.sql("INSERT INTO lake.shop.orders VALUES (1, current_timestamp())");
            pond.sql("ALTER TABLE lake.shop.orders SET TBLPROPERTIES ('firn.retention.data-ms'='86400000')");

            ExpireData.Result planned = new ExpireData().run(pond.spark, pond.table(), Execution.DRY_RUN);
            ExpireData.Result done = new ExpireData().run(pond.spark, pond.table(), Execution.DO);

            assertThat(pond.rows()).hasSize(1);
            assertThat(done.rows()).isEqualTo(14);
            assertThat(planned.rows()).isEqualTo(14);
            assertThat(pond.table().removedRows()).isEqualTo(14);
            assertThat(List.of(done.partitions(), (int) done.files())).containsExactly(1, 2);
        }
    }

    @Test
    void rowsDoNotGoWhereTimeDoesNotPartThem(SparkSession shared) {
        try (Pond pond = new Pond(
                shared, directory, "(id BIGINT, at DATE) TBLPROPERTIES ('firn.retention.data-ms'='86400000')")) {
            fillDates(pond);
            ExpireData.Result refused = new ExpireData().run(pond.spark, pond.table(), Execution.DO);
            assertThat(refused.status()).isEqualTo(Status.REFUSED);
            assertThat(refused.summary()).contains("is not partitioned by time: add year, month, day or hour(column)");

            pond.sql("ALTER TABLE lake.shop.orders ADD PARTITION FIELD months(at)");
            ExpireData.Result mixed = new ExpireData().run(pond.spark, pond.table(), Execution.DO);
            assertThat(mixed.status()).isIn(Status.REFUSED, Status.NOTHING_TO_DO);
            assertThat(pond.rows()).hasSize(2);
        }
    }

    @Test
    void smallManifestsAreJoined(SparkSession shared) {
        try (Pond pond = new Pond(
                shared,
                directory,
                "(id BIGINT) TBLPROPERTIES ('commit.manifest-merge.enabled'='false', 'write.delete.mode'='merge-on-read')")) {
            fill(pond, 12);
            pond.sql("DELETE FROM lake.shop.orders WHERE id = 3");
            List<String> rows = pond.rows();
            RewriteManifests.Result planned = new RewriteManifests().run(pond.spark, pond.table(), Execution.DRY_RUN);
            assertThat(planned.status()).isEqualTo(Status.PLANNED);

            RewriteManifests.Result done = new RewriteManifests().run(pond.spark, pond.table(), Execution.DO);

            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(done.before()).isGreaterThanOrEqualTo(12);
            assertThat(done.after()).isLessThanOrEqualTo(2);
            assertThat(pond.rows()).isEqualTo(rows);
            assertThat(new RewriteManifests()
                            .run(pond.spark, pond.table(), Execution.DO)
                            .status())
                    .isEqualTo(Status.NOTHING_TO_DO);
        }
    }

    @Test
    void distinctValuesAreCountedAgainOnceATenthChanged(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT, firn_op STRING)")) {
            assertThat(statistics(pond).status()).isEqualTo(Status.NOTHING_TO_DO);
            pond.sql("INSERT INTO lake.shop.orders SELECT id % 100, 'c' FROM range(1000)");
            ComputeStatistics.Result done = statistics(pond);
            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(done.columns()).isEqualTo(1);
            assertThat(pond.table().table().statisticsFiles()).singleElement().satisfies(file -> assertThat(
                            file.blobMetadata())
                    .singleElement()
                    .satisfies(blob -> assertThat(blob.properties()).containsEntry("ndv", "100")));
            pond.sql("INSERT INTO lake.shop.orders VALUES (7, 'c')");
            assertThat(statistics(pond).summary())
                    .isEqualTo("too little has changed since distinct values were counted");
            pond.sql("INSERT INTO lake.shop.orders SELECT id, 'c' FROM range(200)");
            assertThat(statistics(pond).status()).isEqualTo(Status.DONE);
        }
    }

    @Test
    void upkeepCommitsOnlyOnceNoRunIsAboutToPublish(SparkSession shared) throws Exception {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT)")) {
            fill(pond, 3);
            Table writer = pond.table().table();
            String branch = "firn_0123456789ab_" + Long.toHexString(System.currentTimeMillis()) + "01234567";
            writer.manageSnapshots()
                    .createBranch(branch, writer.currentSnapshot().snapshotId())
                    .commit();
            CompletableFuture<Compacted> upkeep =
                    CompletableFuture.supplyAsync(() -> CompactFiles.all().run(pond.spark, pond.table(), Execution.DO));
            Instant until = Instant.now().plusSeconds(3);
            while (Instant.now().isBefore(until)) {
                assertThat(pond.files()).hasSize(3);
            }

            // The run publishes: what upkeep prepared on the state before it is still good.
            writer.refresh();
            writer.manageSnapshots().removeBranch(branch).commit();

            assertThat(upkeep.get().status()).isEqualTo(Status.DONE);
            assertThat(pond.files()).hasSize(1);
        }
    }

    @Test
    void theBranchOfADeadRunKeepsUpkeepWaitingOnce(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT)")) {
            fill(pond, 3);
            Table table = pond.table().table();
            String branch = "firn_0123456789ab_" + Long.toHexString(System.currentTimeMillis()) + "01234567";
            table.manageSnapshots()
                    .createBranch(branch, table.currentSnapshot().snapshotId())
                    .commit();
            Table courteous = CourteousTable.of(pond.table(), Duration.ofMillis(700));
            Instant begun = Instant.now();

            courteous.updateProperties().set("a", "1").commit();
            Duration first = Duration.between(begun, Instant.now());
            Instant again = Instant.now();
            CourteousTable.awaitQuiet(courteous);
            courteous.updateProperties().set("a", "2").commit();

            assertThat(first).isGreaterThan(Duration.ofMillis(600));
            assertThat(Duration.between(again, Instant.now())).isLessThan(first);
            assertThat(pond.table().table().properties()).containsEntry("a", "2");
        }
    }

    private static ComputeStatistics.Result statistics(Pond pond) {
        return new ComputeStatistics().run(pond.spark, pond.table(), Execution.DO);
    }

    private static void fill(Pond pond, int commits) {
        for (int i = 0; i < commits; i++) {
            pond.sql("INSERT INTO lake.shop.orders VALUES (" + i + ")");
        }
    }

    private static void fillDates(Pond pond) {
        pond.sql("INSERT INTO lake.shop.orders VALUES (1, DATE'2001-01-01'), (2, current_date())");
    }

    private static int snapshots(Pond pond) {
        int count = 0;
        for (var unused : pond.table().table().snapshots()) {
            count++;
        }
        return count;
    }
}
