package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.maintain.AgeFloor;
import io.firn.maintain.Maintained.Status;
import io.firn.maintain.Neighbours;
import io.firn.maintain.RemoveOrphans;
import io.firn.maintain.RemovedOrphans;
import io.firn.maintain.Verb.Execution;

/** Orphan removal in lakes made by chance: what goes is exactly what was planted as an orphan and is old enough. */
@ExtendWith(SparkExtension.class)
class OrphanScenariosTest {
    private static final SkewedDisk.Rival NOBODY = (moment, path) -> {};

    @TempDir
    private Path home;

    private final Map<String, Long> figures = new TreeMap<>();

    @AfterEach
    void reset() {
        SkewedDisk.set(Duration.ZERO, NOBODY);
    }

    @Test
    void twoLakes(SparkSession spark) throws Exception {
        for (long seed = 1; seed <= 2; seed++) {
            scenario(spark, seed);
        }
    }

    @Test
    @Tag("long")
    void sixtyLakes(SparkSession spark, TestReporter reporter) throws Exception {
        for (long seed = 100; seed < 100 + Integer.getInteger("firn.lakes", 60); seed++) {
            scenario(spark, seed);
        }
        reporter.publishEntry("figures", figures.toString());
        assertThat(figures)
                .containsKeys(
                        "refused: also holds metadata of table UUID",
                        "refused: under another scheme or host",
                        "committed while listed",
                        "committed before the first batch",
                        "by inventory",
                        "clock skewed",
                        "lakes with archive",
                        "lakes with mirror",
                        "lakes with nested");
    }

    private void scenario(SparkSession shared, long seed) throws IOException {
        Random random = new Random(new SplittableRandom(seed).nextLong());
        try (OrphanLake lake = new OrphanLake(home.resolve("lake-" + seed), shared, random.nextLong())) {
            String refusal = trouble(lake, random);
            PlantedFiles planted = new PlantedFiles(lake, random);
            Duration skew = Duration.ofDays(List.of(0, 0, 0, 2, -2).get(random.nextInt(5)));
            String description = "seed " + seed + ", refusal " + refusal + ", skew " + skew;
            Set<Path> before = lake.files();

            List<String> order = new ArrayList<>(lake.tables);
            Collections.shuffle(order, random);
            Set<String> refused = new HashSet<>();
            Neighbours neighbours = Neighbours.of(lake.catalog);
            for (String table : order) {
                String inventory = random.nextInt(3) == 0 ? planted.inventory(skew) : null;
                RemoveOrphans verb =
                        new RemoveOrphans(neighbours, null, AgeFloor.KEPT, RemoveOrphans.MAX_SHARE, inventory);
                Set<Path> untouched = lake.files();
                SkewedDisk.set(skew, NOBODY);
                RemovedOrphans dry = (RemovedOrphans) verb.run(lake.spark, lake.table(table), Execution.DRY_RUN);
                assertThat(lake.files()).as(description).isEqualTo(untouched);

                SkewedDisk.set(skew, table.equals("orders") ? committing(lake, planted, random) : NOBODY);
                RemovedOrphans done = (RemovedOrphans) verb.run(lake.spark, lake.table(table), Execution.DO);
                SkewedDisk.set(Duration.ZERO, NOBODY);

                assertThat(done.failed()).as(description).isZero();
                assertThat(dry.status() == Status.REFUSED).as(description).isEqualTo(done.status() == Status.REFUSED);
                if (done.status() == Status.REFUSED) {
                    assertThat(refusal).as(description + ": " + done.summary()).isNotNull();
                    assertThat(done.summary()).as(description).contains(refusal);
                    refused.add(table);
                    count("refused: " + refusal, 1);
                } else {
                    assertThat(done.removed())
                            .as(description)
                            .isLessThanOrEqualTo(dry.candidates().files());
                    count("removed", done.removed());
                    count(inventory == null ? "by listing" : "by inventory", 1);
                }
            }
            if (refusal != null) {
                assertThat(refused).as(description).contains("orders");
            }

            Map<Path, String> live = lake.live();
            assertThat(live.keySet()).as(description + ": live files").allMatch(Files::exists);
            Set<Path> gone = new TreeSet<>(before);
            gone.removeAll(lake.files());
            assertThat(gone).as(description + ": files that are gone").isEqualTo(planted.orphans(refused));
            planted.assertReaped(description);
            count("lakes", 1);
            count("live files", live.size());
            count("kept files that nothing names", before.size() - gone.size() - live.size());
            if (!skew.isZero()) {
                count("clock skewed", 1);
            }
            lake.tables.forEach(table -> count("lakes with " + table, 1));
            lake.strangers.forEach(table -> count("lakes with " + table, 1));
        }
    }

    /** Makes the lake one that cannot be cleaned, or nearly; returns what the refusal then says. */
    private static String trouble(OrphanLake lake, Random random) {
        int kind = random.nextInt(8);
        Path file = lake.folder("orders").resolve("data/other-spelling.parquet");
        if (kind == 0) {
            lake.twin();
            return "also holds metadata of table UUID";
        }
        if (kind <= 3) {
            lake.plant(file, Duration.ofDays(10));
            lake.commit(file, kind == 1 ? "file:" : SkewedDisk.SCHEME + "://");
        }
        return kind == 1 ? "under another scheme or host" : null;
    }

    /** A run that commits what it staged long ago while orphans are looked for, or when they are about to go. */
    private SkewedDisk.Rival committing(OrphanLake lake, PlantedFiles planted, Random random) {
        boolean early = random.nextBoolean();
        AtomicBoolean waiting = new AtomicBoolean(true);
        return (moment, path) -> {
            boolean isListing = moment.equals("list") && path.toUri().getPath().endsWith("/orders/data");
            boolean isManifest = moment.equals("create") && path.getName().startsWith("orphans-");
            if ((isManifest || (early && isListing)) && waiting.compareAndSet(true, false)) {
                lake.commit(planted.late(), SkewedDisk.SCHEME + ":");
                planted.lateIsIn();
                count(isListing ? "committed while listed" : "committed before the first batch", 1);
            }
        };
    }

    private void count(String what, long more) {
        figures.merge(what, more, Long::sum);
    }
}
