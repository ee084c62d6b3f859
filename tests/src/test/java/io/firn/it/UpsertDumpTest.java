package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.QuarantineReplay;
import io.firn.ReplayResult;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** Rows of dumps meet a table by its key: the latest version of each stays, whatever comes in which order. */
@ExtendWith(SparkExtension.class)
class UpsertDumpTest {
    private static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            defaults: {max-quarantined: 1.0}
            events:
              customer:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: ref, type: uuid}
                  - {name: name, type: string}
                  - {name: at, type: timestamptz}
                target: {mode: upsert, id-columns: [id], timestamp-column: at, partition-by: []}
            """;

    @TempDir
    private Path home;

    @Test
    void theLatestVersionOfEachRowStays(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML)) {
            Random random = new Random(3);
            Map<Integer, String> latest = new TreeMap<>();
            Map<Integer, Long> times = new TreeMap<>();
            long version = 0;
            for (int file = 0; file < 4; file++) {
                String[] lines = new String[60];
                for (int i = 0; i < lines.length; i++) {
                    int id = random.nextInt(40);
                    long time = random.nextInt(1_000_000) * 1000L + version++;
                    lines[i] = customer(id, "v" + version, time);
                    if (times.getOrDefault(id, -1L) < time) {
                        times.put(id, time);
                        latest.put(id, "[%d,v%d]".formatted(id, version));
                    }
                }
                shop.file(file + ".jsonl", lines);
                RunResult run = shop.run();

                assertThat(run.problems()).isEmpty();
                assertThat(run.exit()).isEqualTo(ExitCode.OK);
                assertThat(shop.sql("SELECT id, name FROM lake.shop.customer ORDER BY id"))
                        .containsExactlyElementsOf(latest.values());
            }
            assertThat(shop.run().lines().read()).isZero();
            assertThat(shop.sql("SELECT DISTINCT ref FROM lake.shop.customer"))
                    .containsExactly("[00000000-0000-0000-0000-00000000002a]");
        }
    }

    /** What is replayed takes its place among the versions of its key, and leaves the quarantine even where it is old. */
    @Test
    void quarantinedVersionsAreMergedWhenTheyAreReplayed(SparkSession spark) {
        String strict = YAML.replace("{name: ref, type: uuid}", "{name: ref, type: uuid, required: true}");
        try (Workspace shop = Workspace.of(home, spark, strict);
                Workspace mended = shop.mended(YAML)) {
            shop.file(
                    "a.jsonl",
                    customer(1, "held", 5),
                    withoutRef(customer(1, "older", 4)),
                    withoutRef(customer(2, "newer", 7)),
                    customer(2, "held", 6),
                    withoutRef(customer(3, "alone", 1)),
                    "{");
            shop.run();
            assertThat(shop.quarantine()).hasSize(4);

            ReplayResult replayed = replay(mended);

            assertThat(List.of(replayed.loaded(), replayed.left())).containsExactly(3L, 1L);
            assertThat(mended.sql("SELECT id, name FROM lake.shop.customer ORDER BY id"))
                    .containsExactly("[1,held]", "[2,newer]", "[3,alone]");
            assertThat(replay(mended).loaded()).isZero();
            assertThat(mended.run().lines().read()).isZero();
        }
    }

    @Test
    void newFieldsOfDumpsAreMergedToo(SparkSession spark) {
        String yaml = YAML.replace("max-quarantined: 1.0", "max-quarantined: 1.0, unknown-columns: evolve");
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            shop.file(
                    "a.jsonl",
                    customer(1, "old", 1),
                    customer(1, "new", 2).replace("\"id\"", "\"tier\":\"gold\",\"id\""),
                    customer(2, "plain", 1),
                    customer(3, "both", 3).replace("\"id\"", "\"geo\":{\"lat\":1.5},\"id\""));
            assertThat(shop.run().lines().loaded()).isEqualTo(4);
            String query = "SELECT id, name, tier, geo.lat FROM lake.shop.customer ORDER BY id";
            assertThat(shop.sql(query))
                    .containsExactly("[1,new,gold,null]", "[2,plain,null,null]", "[3,both,null,1.5]");
            shop.file(
                    "b.jsonl",
                    customer(1, "newest", 9),
                    customer(2, "lifted", 9).replace("\"id\"", "\"tier\":\"iron\",\"id\""),
                    customer(3, "stale", 1).replace("\"id\"", "\"tier\":\"tin\",\"id\""),
                    customer(4, "far", 1).replace("\"id\"", "\"geo\":{\"lat\":2.5,\"lon\":1},\"id\""));

            RunResult late = shop.run();

            assertThat(late.problems()).isEmpty();
            assertThat(late.lines().loaded()).isEqualTo(4);
            assertThat(shop.sql(query))
                    .containsExactly(
                            "[1,newest,null,null]", "[2,lifted,iron,null]", "[3,both,null,1.5]", "[4,far,null,2.5]");
            assertThat(shop.sql("SELECT geo.lon FROM lake.shop.customer WHERE id = 4"))
                    .containsExactly("[1]");
        }
    }

    private static String withoutRef(String line) {
        return line.replaceFirst("\"ref\":\"[^\"]*\",?", "");
    }

    private static ReplayResult replay(Workspace shop) {
        try (Catalogs catalogs = new Catalogs(
                shop.pipeline().project(), shop.spark().sparkContext().hadoopConfiguration())) {
            return new QuarantineReplay(shop.pipeline(), shop.spark(), catalogs).run();
        }
    }

    @Test
    void equalTimesGoByFileAndLineAndRowsWithoutTimeAreOldest(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML)) {
            shop.file("b.jsonl", customer(1, "b1", 5), customer(1, "b2", 5), customer(2, "known", 1));
            shop.run();
            shop.file("a.jsonl", customer(1, "a", 5), customer(2, "unknown", 1).replaceFirst(",\"at\":\"[^\"]*\"", ""));
            shop.file("c.jsonl", customer(3, "bad", 1).replace("\"id\":3", "\"id\":null"));
            RunResult run = shop.run();

            assertThat(run.lines().quarantined()).isEqualTo(1);
            assertThat(shop.sql("SELECT id, name FROM lake.shop.customer ORDER BY id"))
                    .containsExactly("[1,b2]", "[2,known]");
        }
    }

    @Test
    void whatItNeedsIsSaidBeforehand(SparkSession spark) {
        assertThatThrownBy(() -> Workspace.of(home, spark, YAML.replace(", timestamp-column: at", "")))
                .hasMessageContaining("pipeline.yaml:11:5: a dump that is upserted needs \"timestamp-column\"");
        assertThatThrownBy(() -> Workspace.of(
                        home, spark, YAML.replace("{name: id, type: long, required: true}", "{name: id, type: long}")))
                .hasMessageContaining("column \"id\" names rows, so it must be required");
        assertThatThrownBy(
                        () -> Workspace.of(home, spark, YAML.replace("timestamp-column: at", "timestamp-column: name")))
                .hasMessageContaining("column \"name\" says no time");
        assertThatThrownBy(() -> Workspace.of(home, spark, YAML.replace("id-columns: [id], ", "")))
                .hasMessageContaining("mode upsert needs \"id-columns\"");
    }

    /** Parquet files spell such names otherwise. */
    @Test
    void namesThatParquetDoesNotTake(SparkSession spark) {
        String yaml = YAML.replace(
                "- {name: name, type: string}",
                "- {name: user-agent, type: string, path: name}\n      - {name: emoji, type: \"struct<`+1`: int, `a b`: list<struct<`-1`: string>>>\"}");
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            String emoji = ",\"emoji\":{\"+1\":4,\"a b\":[{\"-1\":\"x\"}]}}";
            shop.file("a.jsonl", customer(1, "old", 1).replaceFirst("}$", emoji));
            assertThat(shop.run().problems()).isEmpty();
            shop.file("b.jsonl", customer(1, "new", 2).replaceFirst("}$", emoji), customer(2, "other", 1));
            assertThat(shop.run().problems()).isEmpty();

            assertThat(
                            shop.sql(
                                    "SELECT id, `user-agent`, emoji.`+1`, emoji.`a b`[0].`-1` FROM lake.shop.customer ORDER BY id"))
                    .containsExactly("[1,new,4,x]", "[2,other,null,null]");
        }
    }

    @Test
    void uuidsInsideOtherValues(SparkSession spark) {
        String yaml = YAML.replace(
                "- {name: name, type: string}",
                "- {name: name, type: string}\n      - {name: near, type: \"struct<`+1`: uuid, more: list<struct<u: uuid>>, by: map<string, uuid>>\"}");
        try (Workspace shop = Workspace.of(home, spark, yaml)) {
            String a = "00000000-0000-0000-0000-00000000000a";
            String b = "ffffffff-ffff-ffff-ffff-fffffffffffb";
            String near = ",\"near\":{\"+1\":\"" + a + "\",\"more\":[{\"u\":\"" + b + "\"},null],\"by\":{\"k\":\"" + b
                    + "\",\"none\":null}}}";
            shop.file(
                    "a.jsonl",
                    customer(1, "old", 1),
                    customer(1, "new", 2).replaceFirst("}$", near),
                    customer(2, "x", 1));
            assertThat(shop.run().problems()).isEmpty();

            assertThat(shop.sql("SELECT id, near.`+1`, near.more.u, near.by FROM lake.shop.customer ORDER BY id"))
                    .containsExactly(
                            "[1," + a + ",ArraySeq(" + b + ", null),Map(k -> " + b + ", none -> null)]",
                            "[2,null,null,null]");
        }
    }

    private static String customer(int id, String name, long millis) {
        return "{\"type\":\"customer\",\"id\":%d,\"ref\":\"00000000-0000-0000-0000-00000000002a\",\"name\":\"%s\",\"at\":\"%s\"}"
                .formatted(id, name, java.time.Instant.ofEpochMilli(millis));
    }
}
