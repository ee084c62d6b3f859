package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.ErasureResult;
import io.firn.ErasureResult.Outcome;
import io.firn.ErasureResult.Role;
import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.TopicPositions;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;

/** Subjects leave a table of changes, the records that it was made of, and those that were refused. */
@ExtendWith({SparkExtension.class, RigExtension.class})
class ErasedChangesTest {
    private static final int IDS = 40;
    private static final int SUBJECTS = 20;
    private static final String KEY = "int(get_json_object(string(record_key), '$.payload.id'))";

    @TempDir
    private Path home;

    @Test
    void subjectsLeaveTheRawTableToo(SparkSession spark, Rig rig) {
        ItemTopic items = ItemTopic.create(rig.kafka(), "erased", 2);
        String yaml = items.yaml("  raw: lake.shop.raw_items\ndefaults: {max-quarantined: 1.0}\nevents:\n  "
                + items.name() + ":\n    target: {table: lake.shop.item, format-version: 3}\n");
        try (Workspace shop = Workspace.of(home, spark, yaml);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            for (int batch = 0; batch < 4; batch++) {
                send(items, batch);
                drain(shop);
            }
            List<String> rest = rest(shop);
            assertThat(rest).hasSizeGreaterThan(IDS - SUBJECTS);

            for (String where : List.of("id BETWEEN 1 AND 19", "name LIKE 'subject-00020%'")) {
                ErasureResult result = ErasureTest.erase(home, shop, catalogs, "item", where);

                assertThat(result.outcome()).isEqualTo(Outcome.ERASED);
                assertThat(result.tables())
                        .extracting(ErasureResult.Part::role)
                        .containsExactly(Role.RAW, Role.QUARANTINE, Role.TABLE);
                assertThat(result.pending()).anyMatch(text -> text.contains("topic erased, is not Firn's to erase"));
            }

            LakeFiles left = LakeFiles.read(home.resolve("lake/warehouse"), ErasureTest.SUBJECT);
            assertThat(left.found()).isEmpty();
            assertThat(left.rows()).isGreaterThan(IDS);
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.raw_items WHERE " + KEY + " <= 20"))
                    .as("tombstones and deletes are the subject's, too")
                    .containsExactly("[0]");
            assertThat(rest(shop)).isEqualTo(rest);
            items.send(items.update(10_000, 30, "after"));
            assertThat(drain(shop).lines().read()).isEqualTo(1);
            assertThat(shop.sql("SELECT name FROM lake.shop.item WHERE id = 30"))
                    .containsExactly("[after]");
        }
    }

    /** Another pipeline's records lie there too, with keys that mean other rows. */
    @Test
    void subjectsLeaveARawTableThatPipelinesShare(SparkSession spark, Rig rig) {
        ItemTopic north = ItemTopic.create(rig.kafka(), "erased.north", 1);
        ItemTopic south = ItemTopic.create(rig.kafka(), "erased.south", 1);
        ItemTopic orders = ItemTopic.create(rig.kafka(), "erased.orders", 1);
        try (Workspace first = shared(spark, "a-north", north, "item");
                Workspace second = shared(spark, "b-south", south, "item");
                Workspace third = shared(spark, "c-orders", orders, "orders");
                Catalogs catalogs = ErasureTest.catalogs(first)) {
            north.send(north.create(1, 1, "subject"), north.create(2, 2, "other"));
            south.send(south.create(1, 1, "subject"), south.create(2, 3, "other"));
            orders.send(orders.create(1, 1, "an order"));
            List.of(first, second, third).forEach(ErasedChangesTest::drain);

            ErasureResult result = ErasureTest.erase(home, first, catalogs, "item", "id = 1");

            assertThat(result.outcome()).isEqualTo(Outcome.ERASED);
            assertThat(first.sql("SELECT id FROM lake.shop.item ORDER BY id")).containsExactly("[2]", "[3]");
            assertThat(first.sql("SELECT topic, " + KEY + " FROM lake.shop.raw_items ORDER BY 1"))
                    .containsExactly("[erased.north,2]", "[erased.orders,1]", "[erased.south,3]");
        }
    }

    private Workspace shared(SparkSession spark, String name, ItemTopic topic, String table) {
        String yaml = topic.yaml("  raw: lake.shop.raw_items\nevents:\n  " + topic.name()
                        + ":\n    target: {table: lake.shop." + table + ", mode: append}\n")
                .replace("pipeline: shop", "pipeline: " + name);
        Path file =
                Workspace.write(home.resolve(name + ".yaml"), yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return Workspace.open(home, spark, file);
    }

    @Test
    void subjectsLeaveTheRawTableWhereNoPositionNamesTheirTopic(SparkSession spark, Rig rig) {
        ItemTopic items = ItemTopic.create(rig.kafka(), "erased-and-reset", 1);
        String yaml = items.yaml("  raw: lake.shop.raw_items\ndefaults: {max-quarantined: 1.0}\nevents:\n  "
                + items.name() + ":\n    target: {table: lake.shop.item}\n");
        try (Workspace shop = Workspace.of(home, spark, yaml);
                Catalogs catalogs = ErasureTest.catalogs(shop)) {
            items.send(items.create(1, 1, ErasureTest.user(1)), items.create(2, 2, "other"));
            items.send(items.raw(1, "{\"schema\": cut " + ErasureTest.user(1)), items.raw(2, "{\"schema\": cut"));
            drain(shop);
            TopicPositions.reset(shop.pipeline(), shop.catalogs(), null, true, false, true);

            String where = "name = '" + ErasureTest.user(1) + "'";
            ErasureResult result = ErasureTest.erase(home, shop, catalogs, "item", where);

            assertThat(result.outcome()).isEqualTo(Outcome.ERASED);
            LakeFiles left = LakeFiles.read(home.resolve("lake/warehouse"), ErasureTest.SUBJECT);
            assertThat(left.found()).isEmpty();
            String keys = "SELECT " + KEY + " FROM lake.shop.";
            assertThat(shop.sql(keys + "raw_items")).containsExactly("[2]", "[2]");
            assertThat(shop.sql(keys + "firn_quarantine")).containsExactly("[2]");
        }
    }

    private static RunResult drain(Workspace shop) {
        RunResult run = shop.drain();
        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        return run;
    }

    private static void send(ItemTopic items, int batch) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int id = 1; id <= IDS; id++) {
            long lsn = batch * 1000L + id * 3L;
            String name = ErasureTest.user(id <= SUBJECTS ? id : 1000 + id) + " v" + batch;
            if (batch == 3 && id % 5 == 0) {
                records.add(items.delete(lsn, id));
                records.add(items.tombstone(id));
            } else {
                records.add(batch == 0 ? items.create(lsn, id, name) : items.update(lsn, id, name));
            }
        }
        records.add(items.raw(batch + 2, "{\"schema\": cut " + ErasureTest.user(batch + 2)));
        records.add(items.raw(35, "{\"schema\": cut " + ErasureTest.user(1035)));
        records.add(items.raw(20, "{\"schema\": cut " + ErasureTest.user(20)));
        records.forEach(record -> items.send(record));
    }

    private static List<String> rest(Workspace shop) {
        List<String> rest = new ArrayList<>(shop.sql("SELECT * FROM lake.shop.item WHERE id > 20 ORDER BY id"));
        rest.addAll(shop.sql("SELECT topic, written_at, string(record_key), string(value), firn_file, firn_offset"
                + " FROM lake.shop.raw_items WHERE " + KEY + " > 20 ORDER BY firn_file, firn_offset"));
        rest.addAll(shop.sql("SELECT string(line), reason FROM lake.shop.firn_quarantine WHERE " + KEY
                + " > 20 ORDER BY firn_file, firn_offset"));
        return rest;
    }
}
