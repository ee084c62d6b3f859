package io.firn.it;

import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** A table in mode truncate-load holds exactly the last date's files, beside another that keeps all days. */
@ExtendWith(SparkExtension.class)
class TruncateLoadTest {
    private static final LocalDate NEXT = Workspace.DAY.plusDays(1);

    @TempDir
    private Path home;

    private Workspace shop;

    @BeforeEach
    void firstRun(SparkSession spark) {
        shop = Workspace.of(home, spark, Shop.yaml() + "    target: {mode: truncate-load}\n");
        shop.file("a.jsonl", visit(1), sale(1));
        shop.file("b.jsonl", visit(2));
        assertThat(shop.run().lines().loaded()).isEqualTo(3);
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theSameFilesAgainChangeNothing() {
        Map<String, Long> before = shop.snapshots();

        RunResult again = shop.run();

        assertThat(again.exit()).isEqualTo(ExitCode.OK);
        assertThat(again.files().read()).isZero();
        assertThat(shop.snapshots()).isEqualTo(before);
    }

    @Test
    void anotherDayTakesThePlaceOfTheLast() {
        shop.file(NEXT, "c.jsonl", visit(3), sale(3));

        assertThat(shop.run(NEXT).lines()).isEqualTo(new RunResult.Lines(2, 2, 0, 0, 0, 0));
        assertThat(visits()).containsExactly("[3]");
        assertThat(sales()).containsExactly("[1]", "[3]");

        RunResult back = shop.run();
        assertThat(back.exit()).isEqualTo(ExitCode.OK);
        assertThat(back.lines()).isEqualTo(new RunResult.Lines(3, 2, 0, 0, 0, 1));
        assertThat(visits()).containsExactly("[1]", "[2]");
        assertThat(sales()).containsExactly("[1]", "[3]");
    }

    @Test
    void aLateFileReloadsAllOfTheDay() {
        shop.file("late.jsonl", visit(4), sale(4));

        RunResult late = shop.run();

        assertThat(late.files().read()).isEqualTo(3);
        assertThat(late.lines()).isEqualTo(new RunResult.Lines(5, 4, 0, 0, 0, 1));
        assertThat(visits()).containsExactly("[1]", "[2]", "[4]");
        assertThat(sales()).containsExactly("[1]", "[4]");
    }

    @Test
    void aFileThatWentAwayTakesItsRowsAlong() throws Exception {
        Files.delete(home.resolve("raw/2026-11-20/b.jsonl"));

        assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);

        assertThat(visits()).containsExactly("[1]");
    }

    @Test
    void aDayWithADamagedFileIsNotLoaded() {
        shop.file(NEXT, "c.jsonl", visit(3));
        shop.file(NEXT, "cut.jsonl.gz", new byte[] {0x1f, (byte) 0x8b, 8, 0});
        Long before = shop.snapshots().get("visit");

        RunResult damaged = shop.run(NEXT);

        assertThat(damaged.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(damaged.problems()).anyMatch(problem -> problem.contains("is to hold all of the day's files"));
        assertThat(shop.snapshots().get("visit")).isEqualTo(before);
        assertThat(visits()).containsExactly("[1]", "[2]");
    }

    private List<String> visits() {
        return shop.sql("SELECT id FROM lake.shop.visit ORDER BY id");
    }

    private List<String> sales() {
        return shop.sql("SELECT id FROM lake.shop.sale ORDER BY id");
    }
}
