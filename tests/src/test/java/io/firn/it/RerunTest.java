package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.RunResult;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.SparkExtension;

/** The same day run again, with the same files or others: each file's rows are there once. */
@ExtendWith(SparkExtension.class)
class RerunTest {
    @TempDir
    private Path home;

    private Workspace shop;

    @BeforeEach
    void firstRun(SparkSession spark) {
        shop = Workspace.of(home, spark, Shop.yaml());
        shop.file("a.jsonl", sale(1), visit(1), badSale(2));
        shop.file("b.jsonl", sale(3));
        RunResult first = shop.run();
        assertThat(first.exit()).isEqualTo(ExitCode.OK);
        assertThat(first.lines()).isEqualTo(new RunResult.Lines(4, 3, 1, 0, 0, 0));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theSameDayAgainAddsNothing() {
        Map<String, Long> before = shop.snapshots();
        Map<String, List<String>> content = shop.content();

        RunResult again = shop.run();

        assertThat(again.exit()).isEqualTo(ExitCode.OK);
        assertThat(again.files()).isEqualTo(new RunResult.Files(2, 0, 0, 0));
        assertThat(again.tables()).extracting(TableResult::outcome).containsOnly(TableOutcome.NOTHING_NEW);
        assertThat(shop.snapshots()).isEqualTo(before);
        assertThat(shop.content()).isEqualTo(content);
    }

    @Test
    void aLateFileAddsOnlyItself() {
        shop.file("late.jsonl", sale(4), badSale(5));

        RunResult late = shop.run();

        assertThat(late.files().read()).isEqualTo(1);
        assertThat(late.lines()).isEqualTo(new RunResult.Lines(2, 1, 1, 0, 0, 0));
        assertThat(sales()).containsExactly("[1,a.jsonl]", "[3,b.jsonl]", "[4,late.jsonl]");
        assertThat(shop.refused()).hasSize(2);
    }

    @Test
    void aChangedFileStopsTheRunAndIsNamed() {
        Path changed = shop.file("b.jsonl", sale(30), sale(31));
        shop.file("late.jsonl", sale(4));
        Map<String, Long> before = shop.snapshots();

        assertThatThrownBy(shop::run)
                .isInstanceOfSatisfying(
                        FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.FAILED))
                .hasMessageStartingWith("changed since they were loaded, so nothing was loaded: ")
                .hasMessageContaining(changed.toString())
                .hasMessageNotContaining("a.jsonl")
                .hasMessageEndingWith("; --replace puts their new rows in the place of the old ones");
        assertThat(shop.snapshots()).isEqualTo(before);
    }

    @Test
    void replacePutsTheNewRowsInThePlaceOfTheOldOnce() {
        shop.file("a.jsonl", sale(10), sale(11), visit(10), badSale(12), badSale(13));

        RunResult replaced = shop.replace();

        assertThat(replaced.exit()).isEqualTo(ExitCode.OK);
        assertThat(replaced.files().read()).isEqualTo(1);
        assertThat(replaced.lines()).isEqualTo(new RunResult.Lines(5, 3, 2, 0, 0, 0));
        assertReplaced();
        Map<String, Long> after = shop.snapshots();
        assertThat(shop.replace().files().read()).isZero();
        assertThat(shop.snapshots()).isEqualTo(after);
        assertReplaced();
    }

    private void assertReplaced() {
        assertThat(sales()).containsExactly("[10,a.jsonl]", "[11,a.jsonl]", "[3,b.jsonl]");
        assertThat(shop.sql("SELECT id FROM lake.shop.visit")).containsExactly("[10]");
        assertThat(shop.refused()).hasSize(2).allMatch(refused -> refused.startsWith("a.jsonl"));
    }

    @Test
    void aFileReplacedByAnEmptyOneLeavesNoRows() {
        shop.file(Workspace.DAY, "a.jsonl", new byte[0]);

        RunResult replaced = shop.replace();

        assertThat(replaced.exit()).isEqualTo(ExitCode.OK);
        assertThat(sales()).containsExactly("[3,b.jsonl]");
        assertThat(shop.sql("SELECT id FROM lake.shop.visit")).isEmpty();
        assertThat(shop.refused()).isEmpty();
        assertThat(shop.run().files().read()).isZero();
    }

    @Test
    void aFileThatWentAwayKeepsItsRows() throws Exception {
        Map<String, Long> before = shop.snapshots();
        Files.delete(home.resolve("raw/2026-11-20/a.jsonl"));

        assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);

        assertThat(shop.snapshots()).isEqualTo(before);
        assertThat(sales()).containsExactly("[1,a.jsonl]", "[3,b.jsonl]");
    }

    @Test
    void filesWithoutRowsAreReadOnce() {
        shop.file(Workspace.DAY, "empty.jsonl", new byte[0]);
        shop.file("blank.jsonl", "", "  ", "");
        shop.file("strangers.jsonl", "{\"type\":\"other\"}");

        assertThat(shop.run().files().read()).isEqualTo(3);
        assertThat(shop.run().files().read()).isZero();
    }

    @Test
    void daysDoNotMix() {
        shop.file(Workspace.DAY.plusDays(1), "a.jsonl", sale(100));

        assertThat(shop.run(Workspace.DAY.plusDays(1)).lines().loaded()).isEqualTo(1);
        assertThat(shop.run().files().read()).isZero();
        assertThat(shop.sql("SELECT id FROM lake.shop.sale ORDER BY id")).containsExactly("[1]", "[3]", "[100]");
        assertThatThrownBy(() -> shop.run(Workspace.DAY.plusDays(2)))
                .isInstanceOfSatisfying(
                        FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY))
                .hasMessageContaining("no files at ")
                .hasMessageContaining("raw/2026-11-22");
    }

    @Test
    void aDayStaysAsItWasUnderItsTag() {
        shop.file(Workspace.DAY.plusDays(1), "a.jsonl", sale(100));
        shop.run(Workspace.DAY.plusDays(1));

        assertThat(pinned("d2026_11_20")).containsExactly("[1]", "[3]");
        assertThat(pinned("d2026_11_21")).containsExactly("[1]", "[3]", "[100]");
        assertThat(shop.sql("SELECT name, max_reference_age_in_ms FROM lake.shop.sale.refs WHERE type = 'TAG'"))
                .containsExactlyInAnyOrder("[d2026_11_20,604800000]", "[d2026_11_21,604800000]");

        shop.file("late.jsonl", sale(4));
        shop.run();
        assertThat(pinned("d2026_11_20")).containsExactly("[1]", "[3]", "[4]", "[100]");
        assertThat(pinned("d2026_11_21")).containsExactly("[1]", "[3]", "[100]");
    }

    private List<String> pinned(String tag) {
        return shop.sql("SELECT id FROM lake.shop.sale VERSION AS OF '" + tag + "' ORDER BY id");
    }

    private List<String> sales() {
        return shop.sql("SELECT id, element_at(split(firn_file, '/'), -1) FROM lake.shop.sale"
                + " ORDER BY firn_file, firn_offset");
    }
}
