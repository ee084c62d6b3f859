package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.LedgerRebuild;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.SparkExtension;
import io.firn.TableCheck;
import io.firn.table.LakeTable;
import io.firn.table.LedgerLost;

/** A table is held against its ledger; a lost ledger is made anew. */
@ExtendWith(SparkExtension.class)
class VerifyTest {
    @TempDir
    private Path home;

    @Test
    void rowsThatSomebodyElseAddedOrDeletedAreFound(SparkSession spark) {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = catalogs(shop)) {
            LakeTable sale = table(shop, catalogs);
            TableCheck sound = TableCheck.of(shop.spark(), sale);
            assertThat(sound.sound()).isTrue();
            assertThat(List.of(sound.rows(), sound.files())).containsExactly(3L, 2L);

            shop.spark().sql("INSERT INTO lake.shop.sale SELECT * FROM lake.shop.sale WHERE id = 1");
            shop.spark().sql("DELETE FROM lake.shop.sale WHERE id = 3");
            sale.refresh();
            TableCheck check = TableCheck.of(shop.spark(), sale);

            assertThat(check.sound()).isFalse();
            assertThat(check.duplicateKeys()).isEqualTo(1);
            assertThat(check.differences())
                    .extracting(d -> d.file().replaceFirst(".*/", "") + " " + d.ledger() + " " + d.rows())
                    .containsExactly("a.jsonl 2 3", "b.jsonl 1 0");
        }
    }

    @Test
    void aLostLedgerIsRebuiltAndTheNextRunAddsNothing(SparkSession spark) throws IOException {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = catalogs(shop)) {
            Path state = home.resolve("lake/state/shop/lake.shop.sale");
            try (Stream<Path> files = Files.list(state)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            assertThat(shop.run().problems())
                    .singleElement()
                    .asString()
                    .contains("firn verify lake.shop.sale --rebuild-ledger");
            LakeTable sale = table(shop, catalogs);
            assertThatThrownBy(() -> TableCheck.of(shop.spark(), sale)).isInstanceOf(LedgerLost.class);

            LedgerRebuild.run(shop.spark(), sale, shop.pipeline());

            sale.refresh();
            assertThat(TableCheck.of(shop.spark(), sale).sound()).isTrue();
            assertThat(shop.run().tables()).extracting(TableResult::outcome).containsOnly(TableOutcome.NOTHING_NEW);
        }
    }

    @Test
    void aSoundLedgerIsNotRebuilt(SparkSession spark) {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = catalogs(shop)) {
            LakeTable sale = table(shop, catalogs);

            assertThatThrownBy(() -> LedgerRebuild.run(shop.spark(), sale, shop.pipeline()))
                    .isInstanceOfSatisfying(
                            FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.USAGE))
                    .hasMessage("the ledger of pipeline shop for table lake.shop.sale is sound: there is nothing to"
                            + " rebuild");
        }
    }

    @Test
    void theQuarantineIsHeldAgainstItsKeyAlone(SparkSession spark) {
        try (Workspace shop = loaded(spark);
                Catalogs catalogs = catalogs(shop)) {
            shop.file("c.jsonl", badSale(4), badSale(5));
            shop.run();
            // As a replay takes them out.
            shop.spark().sql("DELETE FROM lake.shop.firn_quarantine WHERE firn_offset = 0");
            LakeTable quarantine = catalogs.find(shop.pipeline().quarantine()).orElseThrow();
            assertThat(TableCheck.of(shop.spark(), quarantine).sound()).isTrue();

            shop.spark().sql("INSERT INTO lake.shop.firn_quarantine SELECT * FROM lake.shop.firn_quarantine");
            quarantine.refresh();
            assertThat(TableCheck.of(shop.spark(), quarantine).duplicateKeys()).isEqualTo(1);
        }
    }

    private Workspace loaded(SparkSession spark) {
        Workspace shop = Workspace.of(home, spark, Shop.yaml());
        shop.file("a.jsonl", sale(1), sale(2), visit(1));
        shop.file("b.jsonl", sale(3));
        shop.run();
        return shop;
    }

    private static LakeTable table(Workspace shop, Catalogs catalogs) {
        return catalogs.find(shop.event("sale").target().table()).orElseThrow();
    }

    private static Catalogs catalogs(Workspace shop) {
        return new Catalogs(
                shop.pipeline().project(), shop.spark().sparkContext().hadoopConfiguration());
    }
}
