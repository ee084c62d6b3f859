package io.firn.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.DataFile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.SparkExtension;
import io.firn.maintain.CompactFiles.Extent;
import io.firn.maintain.CompactionStep.How;
import io.firn.maintain.Maintained.Status;
import io.firn.maintain.Verb.Execution;
import io.firn.table.FaultyTable;
import io.firn.table.LakeTable;
import io.firn.table.TableException;

@ExtendWith(SparkExtension.class)
class CompactFilesTest {
    /** With that a file of 40 kB is no small one. */
    private static final String SMALL_TARGET =
            "'write.target-file-size-bytes'='1048576','read.split.open-file-cost'='4096'";

    private static final String MERGE_ON_READ =
            "'write.delete.mode'='merge-on-read','write.update.mode'='merge-on-read'";

    private static final String ROLLBACK = "CALL lake.system.rollback_to_snapshot('shop.orders', %d)";

    @TempDir
    private Path directory;

    private long back;
    private List<String> beforeItsFileWent;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void smallFilesBecomeOneAndItEndsThere(int format, SparkSession shared) {
        try (Pond pond = new Pond(
                shared,
                directory,
                "(id BIGINT, name STRING) TBLPROPERTIES ('format-version'='" + format + "', " + MERGE_ON_READ + ")")) {
            for (int i = 0; i < 12; i++) {
                pond.sql("INSERT INTO lake.shop.orders VALUES (" + i + ", 'n" + i + "'), (" + (100 + i) + ", NULL)");
            }
            pond.sql("DELETE FROM lake.shop.orders WHERE id = 5");
            pond.sql("ALTER TABLE lake.shop.orders CREATE TAG audit");
            pond.sql("ALTER TABLE lake.shop.orders SET TBLPROPERTIES ('firn.position.shop'='kept')");
            List<String> rows = pond.rows();
            List<String> files = pond.files();

            Compacted planned = compact(pond, Execution.DRY_RUN);
            assertThat(planned.status()).isEqualTo(Status.PLANNED);
            assertThat(planned.summary()).startsWith("would rewrite ");
            assertThat(pond.files()).isEqualTo(files);

            Compacted done = compact(pond, Execution.DO);
            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(done.rewritten().files()).isEqualTo(files.size());
            assertThat(done.rewritten().added()).isEqualTo(1);
            assertThat(done.after().total()).isCloseTo(planned.after().total(), within(20_000L));
            assertThat(pond.rows()).isEqualTo(rows);
            assertThat(pond.files()).hasSize(1);
            assertThat(pond.deletes()).containsExactly(0);
            assertThat(pond.table().table().refs()).containsKey("audit");
            assertThat(pond.table().table().properties()).containsEntry("firn.position.shop", "kept");
            assertThat(pond.spark
                            .sql("SELECT count(*) FROM lake.shop.orders VERSION AS OF 'audit'")
                            .head()
                            .getLong(0))
                    .isEqualTo(rows.size());

            Compacted again = compact(pond, Execution.DO);
            assertThat(again.status()).isEqualTo(Status.NOTHING_TO_DO);
            assertThat(again.summary()).isEqualTo("no rewrite is worth it");
        }
    }

    @Test
    void scatteredDeletesBecomeOneForEachFileAndTheDataStays(SparkSession shared) {
        try (Pond pond = new Pond(
                shared,
                directory,
                "(id BIGINT, name STRING) TBLPROPERTIES (" + SMALL_TARGET + "," + MERGE_ON_READ
                        + ", 'write.delete.granularity'='partition')")) {
            large(pond, 0, 2);
            for (int i = 0; i < 8; i++) {
                pond.sql("DELETE FROM lake.shop.orders WHERE id % 1000 = " + i);
            }
            List<String> rows = pond.rows();
            List<String> files = pond.files();
            assertThat(pond.deletes()).allMatch(count -> count == 8);
            // However slow the test is, the table is one that is being written: at rest it would be cleaned.
            Clock written = Clock.fixed(
                    Instant.ofEpochMilli(pond.table().table().currentSnapshot().timestampMillis()), ZoneOffset.UTC);

            Compacted done = CompactFiles.all().run(pond.spark, pond.table(), Execution.DO, written);

            assertThat(done.done()).singleElement().satisfies(step -> {
                assertThat(step.how()).isEqualTo(How.MERGE_DELETES);
                assertThat(step.why()).matches("\\d+ delete files for \\d data files");
            });
            assertThat(done.rewritten().files()).isZero();
            assertThat(pond.files()).isEqualTo(files);
            assertThat(pond.deletes()).allMatch(count -> count == 1);
            assertThat(pond.rows()).isEqualTo(rows);
            assertThat(CompactFiles.all()
                            .run(pond.spark, pond.table(), Execution.DO, written)
                            .status())
                    .isEqualTo(Status.NOTHING_TO_DO);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aFileManyOfWhoseRowsAreGoneIsWrittenAnewAndOthersAreNot(int format, SparkSession shared) {
        try (Pond pond = new Pond(
                shared,
                directory,
                "(id BIGINT, name STRING) TBLPROPERTIES ('format-version'='" + format + "'," + SMALL_TARGET + ","
                        + MERGE_ON_READ + ")")) {
            large(pond, 0, 1);
            large(pond, 1_000_000, 1);
            List<String> untouched = pond.dataFiles().stream()
                    .filter(file -> lower(file) >= 1_000_000)
                    .map(DataFile::location)
                    .toList();
            pond.sql("DELETE FROM lake.shop.orders WHERE id < 1000000 AND id % 5 = 0");
            List<String> rows = pond.rows();

            Compacted done = compact(pond, Execution.DO);

            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(pond.files()).containsAll(untouched).hasSizeGreaterThan(untouched.size());
            assertThat(pond.deletes()).allMatch(count -> count == 0);
            DeletesHealth deletes = TableHealth.of(pond.table()).deletes();
            assertThat(deletes.positionFiles() + deletes.vectors()).isZero();
            // Readers of changes pass over it.
            assertThat(pond.table().table().currentSnapshot().operation()).isEqualTo("replace");
            assertThat(pond.rows()).isEqualTo(rows);
        }
    }

    @Test
    void aSortedTableIsSortedOnceEvenWhereValuesAreFew(SparkSession shared) {
        try (Pond pond = new Pond(
                shared, directory, "(id BIGINT, country STRING, name STRING) TBLPROPERTIES (" + SMALL_TARGET + ")")) {
            pond.sql("ALTER TABLE lake.shop.orders WRITE ORDERED BY country, id");
            for (int i = 0; i < 6; i++) {
                pond.sql("INSERT INTO lake.shop.orders SELECT id, concat('c', id % 3), uuid() FROM range(" + i * 50_000
                        + ", " + (i + 1) * 50_000 + ")");
            }
            List<String> rows = pond.rows();
            TableHealth before = TableHealth.of(pond.table());
            assertThat(before.ordering()).containsExactly("country");
            assertThat(before.partitions().get(0).depth()).isGreaterThan(5);

            Compacted done = compact(pond, Execution.DO);

            assertThat(done.done()).singleElement().satisfies(step -> assertThat(step.how())
                    .isEqualTo(How.SORT));
            assertThat(TableHealth.of(pond.table()).partitions().get(0).depth()).isLessThan(1.5);
            assertThat(pond.rows()).isEqualTo(rows);
            assertThat(compact(pond, Execution.DO).status()).isEqualTo(Status.NOTHING_TO_DO);
        }
    }

    @Test
    void zOrderBringsColumnsTogetherOnce(SparkSession shared) {
        try (Pond pond = new Pond(
                shared,
                directory,
                "(a BIGINT, b BIGINT, name STRING) TBLPROPERTIES (" + SMALL_TARGET
                        + ", 'firn.compaction.z-order-by'='a,b')")) {
            for (int i = 0; i < 12; i++) {
                pond.sql(
                        "INSERT INTO lake.shop.orders SELECT id * 7919 % 100003, id * 104729 % 100019, uuid() FROM range("
                                + i * 30_000 + ", " + (i + 1) * 30_000 + ")");
            }
            List<String> rows = pond.rows();
            double before = TableHealth.of(pond.table()).partitions().get(0).depth();

            Compacted done = compact(pond, Execution.DO);

            assertThat(done.done()).singleElement().satisfies(step -> assertThat(step.how())
                    .isEqualTo(How.Z_ORDER));
            assertThat(TableHealth.of(pond.table()).partitions().get(0).depth()).isLessThan(before / 1.5);
            assertThat(pond.rows()).isEqualTo(rows);
            assertThat(compact(pond, Execution.DO).status()).isEqualTo(Status.NOTHING_TO_DO);
        }
    }

    @Test
    void theBudgetGoesToWhatGainsMostAndTheRestIsLeft(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT, day DATE, name STRING) PARTITIONED BY (day)")) {
            for (int i = 0; i < 6; i++) {
                pond.sql("INSERT INTO lake.shop.orders VALUES (" + i + ", DATE'2026-01-02', 'x')");
                pond.sql(
                        "INSERT INTO lake.shop.orders SELECT id, DATE'2026-01-03', repeat(uuid(), 3) FROM range(20000)");
            }
            pond.sql("INSERT INTO lake.shop.orders VALUES (1, DATE'2026-01-04', 'x')");
            List<String> rows = pond.rows();

            Compacted done = compact(pond, new CompactFiles(Extent.WORTH_IT, 100_000L, null), Execution.DO);

            assertThat(done.status()).isEqualTo(Status.PARTLY);
            assertThat(done.done()).singleElement().satisfies(step -> assertThat(step.partition())
                    .isEqualTo("day=2026-01-02"));
            assertThat(done.left()).singleElement().satisfies(step -> assertThat(step.partition())
                    .isEqualTo("day=2026-01-03"));
            assertThat(done.summary()).endsWith("; 1 steps are left for the next run");
            assertThat(compact(pond, new CompactFiles(Extent.WORTH_IT, null, Duration.ZERO), Execution.DO)
                            .status())
                    .isEqualTo(Status.PARTLY);
            assertThat(compact(pond, Execution.DO).done()).hasSize(1);
            assertThat(pond.files()).hasSize(3);
            assertThat(pond.rows()).isEqualTo(rows);
        }
    }

    @Test
    void aPartitionThatIsBeingWrittenIsLeftUntilItCools(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT, day DATE) PARTITIONED BY (day)")) {
            pond.sql("INSERT INTO lake.shop.orders VALUES (1, DATE'2026-01-01'), (1, DATE'2026-01-02')");
            for (int i = 0; i < 5; i++) {
                pond.sql("INSERT INTO lake.shop.orders VALUES (" + i + ", DATE'2026-01-03')");
            }

            Compacted done = compact(pond, Execution.DO);

            assertThat(done.status()).isEqualTo(Status.NOTHING_TO_DO);
            assertThat(done.hot()).containsExactly("day=2026-01-03");
            assertThat(done.summary()).isEqualTo("no rewrite is worth it; 1 partitions are still being written");
        }
    }

    @Test
    void allFilesFollowANewPartitioningWhenAsked(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT, day DATE)")) {
            for (int i = 0; i < 3; i++) {
                pond.sql("INSERT INTO lake.shop.orders VALUES (1, DATE'2026-01-02'), (2, DATE'2026-01-03')");
            }
            pond.sql("ALTER TABLE lake.shop.orders ADD PARTITION FIELD day");
            List<String> rows = pond.rows();

            Compacted done = compact(pond, new CompactFiles(Extent.ALL, null, null), Execution.DO);

            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(pond.files()).hasSize(2).allMatch(file -> file.contains("/day=2026-01-0"));
            assertThat(pond.rows()).isEqualTo(rows);
        }
    }

    /** Every transform that a table may be partitioned by, with nulls, so that no partition is missed or mixed up. */
    @Test
    void partitionsAreToldApartUnderEveryTransform(SparkSession shared) {
        for (Map.Entry<String, String> by : Map.of(
                        "bucket(4, id)",
                        "b",
                        "truncate(2, name)",
                        "t",
                        "years(at)",
                        "y",
                        "months(at)",
                        "m",
                        "days(at)",
                        "d",
                        "hours(at)",
                        "h",
                        "amount",
                        "a",
                        "name",
                        "n")
                .entrySet()) {
            try (Pond pond = new Pond(
                    shared,
                    directory.resolve(by.getValue()),
                    "(id BIGINT, name STRING, at TIMESTAMP, amount DECIMAL(9,2)) PARTITIONED BY (" + by.getKey()
                            + ")")) {
                for (int i = 0; i < 2; i++) {
                    pond.sql("INSERT INTO lake.shop.orders VALUES (1, 'ab''c', TIMESTAMP'2026-01-01 10:00:00', 1.5),"
                            + " (2, 'abd', TIMESTAMP'2026-02-01 10:00:00', 2.5), (NULL, NULL, NULL, NULL),"
                            + " (7, 'é/=%', TIMESTAMP'1969-12-31 23:59:59', -7.25)");
                }
                List<String> rows = pond.rows();
                long partitions = TableHealth.of(pond.table()).partitions().size();

                Compacted done = compact(pond, Execution.DO);

                assertThat(done.status()).as(by.getKey()).isEqualTo(Status.DONE);
                assertThat(pond.files()).as(by.getKey()).hasSize((int) partitions);
                assertThat(pond.rows()).as(by.getKey()).isEqualTo(rows);
            }
        }
    }

    @Test
    void whatAWriterChangedMeanwhileIsLookedAtAgain(SparkSession shared) {
        try (Pond pond = new Pond(
                shared,
                directory,
                "(id BIGINT, name STRING) TBLPROPERTIES ('format-version'='2', " + MERGE_ON_READ + ")")) {
            for (int i = 0; i < 6; i++) {
                pond.sql("INSERT INTO lake.shop.orders VALUES (" + i + ", 'a'), (" + (100 + i) + ", 'b')");
            }
            LakeTable disturbed = FaultyTable.beforeNextCommit(
                    pond.table(), () -> pond.sql("DELETE FROM lake.shop.orders WHERE id = 3"));

            Compacted done = CompactFiles.all().run(pond.spark, disturbed, Execution.DO);

            assertThat(done.rewritten().conflicts()).isEqualTo(1);
            assertThat(done.status()).isEqualTo(Status.DONE);
            assertThat(pond.files()).hasSize(1);
            assertThat(pond.rows()).hasSize(11);
        }
    }

    @Test
    void aFileThatCannotBeReadIsToldAndTheOthersAreRewritten(SparkSession shared) throws IOException {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT, day DATE) PARTITIONED BY (day)")) {
            for (int i = 0; i < 3; i++) {
                pond.sql("INSERT INTO lake.shop.orders VALUES (" + i + ", DATE'2026-01-02'), (" + i
                        + ", DATE'2026-01-03')");
            }
            String broken = pond.files().stream()
                    .filter(file -> file.contains("day=2026-01-02"))
                    .findFirst()
                    .orElseThrow();
            Files.delete(Path.of(broken));

            assertThatThrownBy(() -> compact(pond, new CompactFiles(Extent.ALL, null, null), Execution.DO))
                    .isInstanceOf(TableException.class)
                    .hasMessageContaining("lake.shop.orders: 3 data files could not be read or written anew");

            assertThat(pond.files()).hasSize(4).contains(broken);
        }
    }

    /** Main goes back to where the deleted rows' file is still there, with its deletes. */
    @Test
    void deletesStayWhenARollbackBringsTheirFileBack(SparkSession shared) {
        try (Pond pond = dangling(shared)) {
            List<String> rows = List.copyOf(beforeItsFileWent);
            LakeTable disturbed = FaultyTable.beforeNextCommit(pond.table(), () -> pond.sql(ROLLBACK.formatted(back)));

            Compacted done = CompactFiles.all().run(pond.spark, disturbed, Execution.DO);

            assertThat(done.rewritten().conflicts()).isEqualTo(1);
            assertThat(done.rewritten().deleteFiles()).isZero();
            assertThat(pond.rows()).isEqualTo(rows);
        }
    }

    @Test
    void erasuresCleaningKeepsDeletesThatARollbackBringsBack(SparkSession shared) {
        try (Pond pond = dangling(shared)) {
            List<String> rows = List.copyOf(beforeItsFileWent);
            LakeTable disturbed = FaultyTable.beforeNextCommit(pond.table(), () -> pond.sql(ROLLBACK.formatted(back)));

            new Traces(pond.spark, disturbed, CourteousTable.of(disturbed)).dropDanglingDeletes();

            assertThat(pond.rows()).isEqualTo(rows);
        }
    }

    @Test
    void erasuresCleaningDropsThemOtherwise(SparkSession shared) {
        try (Pond pond = dangling(shared)) {
            LakeTable table = pond.table();
            new Traces(pond.spark, table, CourteousTable.of(table)).dropDanglingDeletes();
            assertThat(TableFiles.of(pond.table().table()).danglingDeletes()).isZero();
        }
    }

    /** A table with a delete file whose data file is gone; {@link #back} is the snapshot before it went. */
    private Pond dangling(SparkSession shared) {
        Pond pond = new Pond(
                shared,
                directory,
                "(id BIGINT, day DATE) PARTITIONED BY (day) TBLPROPERTIES ('format-version'='2', " + MERGE_ON_READ
                        + ")");
        pond.sql("INSERT INTO lake.shop.orders VALUES (1, DATE'2026-01-02')");
        pond.sql("INSERT INTO lake.shop.orders SELECT /*+ COALESCE(1) */ id, DATE'2026-01-03' FROM range(10)");
        pond.sql("DELETE FROM lake.shop.orders WHERE id = 3");
        beforeItsFileWent = pond.rows();
        back = pond.table().snapshot();
        String file = pond.files().stream()
                .filter(path -> path.contains("day=2026-01-03"))
                .findFirst()
                .orElseThrow();
        pond.table().table().newDelete().deleteFile(file).commit();
        assertThat(TableFiles.of(pond.table().table()).danglingDeletes()).isEqualTo(1);
        return pond;
    }

    private static long lower(DataFile file) {
        return file.lowerBounds()
                .get(1)
                .duplicate()
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    /** Files that are not small. */
    private static void large(Pond pond, long from, int files) {
        pond.sql("INSERT INTO lake.shop.orders SELECT /*+ REPARTITION_BY_RANGE(" + files
                + ", id) */ id, uuid() FROM range(" + from + ", " + (from + files * 40_000L) + ")");
        assertThat(pond.dataFiles()).allMatch(file -> file.fileSizeInBytes() > 100_000);
    }

    private static Compacted compact(Pond pond, Execution execution) {
        return compact(pond, CompactFiles.all(), execution);
    }

    private static Compacted compact(Pond pond, CompactFiles verb, Execution execution) {
        return verb.run(pond.spark, pond.table(), execution);
    }
}
