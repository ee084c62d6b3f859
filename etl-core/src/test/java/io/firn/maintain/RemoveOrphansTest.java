package io.firn.maintain;

import static io.firn.maintain.PlainLake.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.maintain.Maintained.Status;
import io.firn.maintain.Verb.Execution;
import io.firn.table.LakeTable;
import io.firn.table.Orphans;
import io.firn.table.TableException;

@ExtendWith(SparkExtension.class)
class RemoveOrphansTest {
    private static final Duration OLD = Duration.ofDays(4);

    @TempDir
    private Path home;

    private PlainLake lake;
    private LakeTable orders;

    @BeforeEach
    void open() {
        lake = new PlainLake(home);
        orders = lake.table("orders");
        append(orders, lake.file(orders, "data/live.parquet", OLD));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void whatGoesIsWrittenDownFirst(SparkSession spark) throws Exception {
        Path orphan = lake.file(orders, "data/a b%.parquet", OLD);

        RemovedOrphans result = run(spark, RemoveOrphans.of(Neighbours.of(lake.catalog)), Execution.DO);

        assertThat(result.status()).isEqualTo(Status.DONE);
        assertThat(result.summary()).startsWith("removed 1 of 1 files (10 bytes)");
        assertThat(orphan).doesNotExist();
        assertThat(result.manifest()).startsWith("stuck:" + home + "/state/maintenance/lake.shop.orders/orphans-20");
        List<String> lines = Files.readAllLines(Path.of(result.manifest().substring("stuck:".length())));
        assertThat(lines).hasSize(1);
        JsonNode line = JsonMapper.builder().build().readTree(lines.get(0));
        assertThat(line.get("path").asText()).isEqualTo("stuck:" + orphan);
        assertThat(line.get("bytes").asLong()).isEqualTo(10);
        assertThat(Duration.between(Instant.parse(line.get("modified").asText()), Instant.now()))
                .isBetween(OLD, OLD.plusMinutes(1));
        assertThat(run(spark, RemoveOrphans.of(Neighbours.of(lake.catalog)), Execution.DO)
                        .status())
                .isEqualTo(Status.NOTHING_TO_DO);
    }

    @Test
    void aDryRunNamesThem(SparkSession spark) {
        Path orphan = lake.file(orders, "data/orphan.parquet", OLD);

        RemovedOrphans result = run(spark, RemoveOrphans.of(Neighbours.of(lake.catalog)), Execution.DRY_RUN);

        assertThat(result.status()).isEqualTo(Status.PLANNED);
        assertThat(result.details()).containsExactly("would remove stuck:" + orphan);
        assertThat(result.manifest()).isNull();
        assertThat(orphan).exists();
    }

    @Test
    void whatCannotBeDeletedIsCountedAndTheRestGoes(SparkSession spark) {
        Path stuck = lake.file(orders, "data/stuck.parquet", OLD);
        Path orphan = lake.file(orders, "data/orphan.parquet", OLD);

        RemovedOrphans result = run(spark, RemoveOrphans.of(Neighbours.of(lake.catalog)), Execution.DO);

        assertThat(result.status()).isEqualTo(Status.PARTLY);
        assertThat(result.summary())
                .isEqualTo("removed 1 of 2 files (20 bytes), 1 could not be deleted; the next run tries again");
        assertThat(stuck).exists();
        assertThat(orphan).doesNotExist();
    }

    @Test
    void anAgeBelowTheFloorNeedsAnOverride(SparkSession spark) {
        Path young = lake.file(orders, "data/young.parquet", Duration.ofHours(5));
        Duration asked = Duration.ofHours(1);

        RemovedOrphans refused = run(spark, verb(asked, AgeFloor.KEPT, 0.3), Execution.DO);
        assertThat(refused.status()).isEqualTo(Status.REFUSED);
        assertThat(refused.summary())
                .isEqualTo(
                        "nothing was removed: files older than PT1H were to go, and those younger than three days may be"
                                + " of a job that is still running; take 3d or more, or, if nothing writes to the table, add"
                                + " --below-floor");
        assertThat(young).exists();

        assertThat(run(spark, verb(asked, AgeFloor.OVERRIDDEN, 0.3), Execution.DO)
                        .removed())
                .isEqualTo(1);
        assertThat(young).doesNotExist();
    }

    @Test
    void theTableSaysHowOldOrphansGet(SparkSession spark) {
        Path orphan = lake.file(orders, "data/orphan.parquet", OLD);
        set(Orphans.OLDER_THAN, Duration.ofDays(5).toMillis());
        assertThat(run(spark, verb(null, AgeFloor.KEPT, 0.3), Execution.DO).status())
                .isEqualTo(Status.NOTHING_TO_DO);
        assertThat(orphan).exists();

        set(Orphans.OLDER_THAN, Duration.ofDays(1).toMillis());
        assertThat(run(spark, verb(null, AgeFloor.KEPT, 0.3), Execution.DO).refusal())
                .startsWith("files older than PT24H were to go, as the table says (orphans.older-than), and");

        orders.table().updateProperties().set(Orphans.OLDER_THAN, "3d").commit();
        assertThatThrownBy(() -> run(spark, verb(null, AgeFloor.KEPT, 0.3), Execution.DO))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("property firn.orphans.older-than-ms is not a number of milliseconds");
    }

    @Test
    void aTableWhoseFilesOthersMayNeedIsLeftAlone(SparkSession spark) {
        orders.table().updateProperties().set("gc.enabled", "false").commit();

        assertThat(run(spark, verb(null, AgeFloor.KEPT, 0.3), Execution.DO).refusal())
                .isEqualTo(
                        "the table has gc.enabled=false, so other tables may need its files; set gc.enabled=true when"
                                + " none does");
    }

    @Test
    void moreThanAShareDoesNotGoAtOnce(SparkSession spark) {
        for (int file = 0; file < 100; file++) {
            lake.file(orders, "data/orphan-" + file, OLD);
        }

        RemovedOrphans refused = run(spark, verb(null, AgeFloor.KEPT, 0.9), Execution.DO);
        assertThat(refused.status()).isEqualTo(Status.REFUSED);
        assertThat(refused.refusal())
                .startsWith("100 files (1,000 bytes) of the 10")
                .contains("more than the share of 0.9 that may go at once", "--max-share");
        assertThat(lake.folder(orders).resolve("data/orphan-1")).exists();

        assertThat(run(spark, verb(null, AgeFloor.KEPT, 1), Execution.DO).removed())
                .isEqualTo(100);
    }

    @Test
    void aFewGoWhateverTheirShare(SparkSession spark) {
        for (int file = 0; file < 99; file++) {
            lake.file(orders, "data/orphan-" + file, OLD);
        }
        assertThat(run(spark, verb(null, AgeFloor.KEPT, 0), Execution.DO).removed())
                .isEqualTo(99);
    }

    @Test
    void whileATableCannotBeLoadedOnlyOwnFoldersAreCleaned(SparkSession spark) throws Exception {
        LakeTable broken = lake.table("broken");
        Path metadata = lake.folder(broken).resolve("metadata");
        try (var files = Files.list(metadata)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Path within = lake.file(orders, "data/orphan.parquet", OLD);
        Path beside = lake.file(orders, "more/orphan.parquet", OLD);

        RemovedOrphans result = run(spark, verb(null, AgeFloor.KEPT, 0.3), Execution.DO);

        assertThat(within).doesNotExist();
        assertThat(beside).exists();
        assertThat(result.details())
                .contains("kept 1: outside of its data and metadata folders, while these tables cannot be loaded:"
                        + " shop.broken");
    }

    @Test
    void theLocationOfATableThatLiesAboveIsSharedByReferences(SparkSession spark) {
        LakeTable above = lake.table("above", "stuck:" + home.resolve("wh/shop"), Map.of());
        Path foreign = lake.file(orders, "data/of-above.parquet", OLD);
        append(above, foreign);
        Path orphan = lake.file(orders, "data/orphan.parquet", OLD);

        RemovedOrphans result = run(spark, verb(null, AgeFloor.KEPT, 0.3), Execution.DO);

        assertThat(foreign).exists();
        assertThat(orphan).doesNotExist();
        assertThat(result.details()).contains("kept 1: named by a table when looked at again");

        above.table().updateProperties().set("gc.enabled", "false").commit();
        lake.file(orders, "data/orphan.parquet", OLD);
        assertThat(run(spark, verb(null, AgeFloor.KEPT, 0.3), Execution.DO).refusal())
                .startsWith("table shop.above shares its folders and has gc.enabled=false");
    }

    @Test
    void aListingThatDoesNotShowTheTableIsNotTrusted(SparkSession spark) {
        List<ListedFile> elsewhere = List.of(new ListedFile("stuck:/elsewhere/data/a.parquet", 1, 0));

        assertThatThrownBy(() -> new OrphanSearch(spark, orders, elsewhere))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("none of the table's own metadata.json files is among the 1 files");
    }

    @Test
    void whatIsCommittedMeanwhileIsSeen() {
        Path first = lake.file(orders, "data/first.parquet", OLD);
        Path second = lake.file(orders, "data/second.parquet", OLD);
        LiveFiles live = new LiveFiles(
                lake.catalog.find(orders.name()).orElseThrow().table(),
                java.util.Set.of(first.toString(), second.toString()));
        assertThat(live.find()).isEmpty();

        append(orders, first);
        assertThat(live.find()).containsExactly(first.toString());
        orders.table().newDelete().deleteFile("stuck:" + first).commit();
        append(orders, second);
        assertThat(live.find()).containsExactlyInAnyOrder(first.toString(), second.toString());
    }

    @Test
    void sharesAndAgesMakeSense() {
        assertThatThrownBy(() -> verb(null, AgeFloor.KEPT, 1.1)).hasMessageContaining("between 0 and 1, not 1.1");
        assertThatThrownBy(() -> verb(Duration.ofDays(-1), AgeFloor.OVERRIDDEN, 1))
                .hasMessageContaining("files cannot be older than PT-24H");
    }

    @Test
    void addressesAreTheSameWhateverTheirSchemeAndSlashes() {
        assertThat(List.of("s3://b/wh/t/a b%20", "s3a://b/wh//t/a b%20", "/wh/t/a b%20", "file:///wh/t/a b%20"))
                .allMatch(address -> ListedFile.key(address).equals("/wh/t/a b%20"));
        assertThat(ListedFile.isBelow("/wh/orders_2/x", "/wh/orders")).isFalse();
        assertThat(ListedFile.isBelow("/wh/orders/x", "/wh/orders")).isTrue();
    }

    private void set(String property, long value) {
        orders.table().updateProperties().set(property, Long.toString(value)).commit();
    }

    private RemoveOrphans verb(Duration age, AgeFloor floor, double share) {
        return new RemoveOrphans(Neighbours.of(lake.catalog), age, floor, share, null);
    }

    private RemovedOrphans run(SparkSession spark, RemoveOrphans verb, Execution execution) {
        return (RemovedOrphans) verb.run(spark, orders, execution);
    }
}
