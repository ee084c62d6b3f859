package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
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

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** A file that somebody still writes is not taken for whole. */
@ExtendWith(SparkExtension.class)
class UnfinishedFileTest {
    @TempDir
    private Path home;

    @Test
    void aFileThatGrowsWhileItIsReadEndsTheRunAndTheNextLoadsAllOfIt(SparkSession spark) throws IOException {
        spark.sparkContext()
                .hadoopConfiguration()
                .set("fs." + GrowingFileSystem.SCHEME + ".impl", GrowingFileSystem.class.getName());
        String path = GrowingFileSystem.SCHEME + ":" + home + "/raw/{date}/";
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml().replace("raw/{date}/", path))) {
            shop.file("growing.jsonl", sale(1));
            shop.file("whole.jsonl", sale(3), badSale(4));

            assertThatThrownBy(shop::run)
                    .isInstanceOfSatisfying(
                            FirnException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.SOURCE_NOT_READY))
                    .hasMessageStartingWith("still being written or renamed, so nothing was loaded: ")
                    .hasMessageEndingWith("growing.jsonl; run again when they are whole");
            assertThat(dataFiles()).isEmpty();
            assertThat(shop.rows("sale")).isEmpty();
            assertThat(shop.quarantine()).isEmpty();

            RunResult second = shop.run();

            assertThat(second.exit()).isEqualTo(ExitCode.OK);
            assertThat(second.lines()).isEqualTo(new RunResult.Lines(4, 3, 1, 0, 0, 0));
            assertThat(shop.sql("SELECT id FROM lake.shop.sale ORDER BY id")).containsExactly("[1]", "[2]", "[3]");
            assertThat(dataFiles()).isNotEmpty();
        }
    }

    @Test
    void aFileThatIsRenamedWhileItIsReadIsLoadedOnceByItsNewName(SparkSession spark) {
        spark.sparkContext()
                .hadoopConfiguration()
                .set("fs." + GrowingFileSystem.SCHEME + ".impl", GrowingFileSystem.class.getName());
        String path = GrowingFileSystem.SCHEME + ":" + home + "/raw/{date}/";
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml().replace("raw/{date}/", path))) {
            shop.file("moving.jsonl.tmp", sale(1));

            assertThatThrownBy(shop::run)
                    .isInstanceOf(FirnException.class)
                    .hasMessageStartingWith("still being written or renamed, so nothing was loaded: ")
                    .hasMessageEndingWith("moving.jsonl.tmp; run again when they are whole");

            assertThat(shop.run().lines()).isEqualTo(new RunResult.Lines(1, 1, 0, 0, 0, 0));
            assertThat(shop.sql("SELECT id FROM lake.shop.sale")).containsExactly("[1]");
        }
    }

    private List<Path> dataFiles() throws IOException {
        try (Stream<Path> files = Files.walk(home.resolve("lake"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }
}
