package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.RunResult;
import io.firn.SparkExtension;

/** Ten thousand small files and one large one: each line arrives once, in files of a sensible size. */
@ExtendWith(SparkExtension.class)
class ManyFilesTest {
    @TempDir
    private Path home;

    @Test
    void tenThousandSmallFiles(SparkSession spark) {
        int files = 10_000;
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            for (int i = 0; i < files; i++) {
                shop.file("%02d/%04d.jsonl".formatted(i % 24, i), Shop.sale(i), Shop.visit(i), Shop.visit(i + files));
            }

            RunResult result = shop.run();

            assertThat(result.files().read()).isEqualTo(files);
            assertThat(result.lines()).isEqualTo(new RunResult.Lines(3L * files, 3L * files, 0, 0, 0, 0));
            assertThat(result.tables()).allMatch(table -> table.files() <= 2);
            assertThat(shop.sql("SELECT count(*), count(DISTINCT id), min(id), max(id), count(DISTINCT firn_file)"
                            + " FROM lake.shop.sale"))
                    .containsExactly("[10000,10000,0,9999,10000]");
            assertThat(shop.sql("SELECT count(*), count(DISTINCT id), min(id), max(id) FROM lake.shop.visit"))
                    .containsExactly("[20000,20000,0,19999]");
            assertThat(shop.run().files().read()).isZero();
        }
    }

    @Test
    void oneLargeFileIsReadInSlices(SparkSession spark) throws Exception {
        int lines = 600_000;
        int[] lengths = IntStream.range(0, lines).map(i -> 100 + i % 331).toArray();
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            Path file = shop.file(Workspace.DAY, "large.jsonl", new byte[0]);
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                for (int i = 0; i < lines; i++) {
                    out.write(line(i, lengths[i]).getBytes(StandardCharsets.US_ASCII));
                }
            }
            assertThat(Files.size(file)).as("more than one slice").isGreaterThan(128L << 20);

            RunResult result = shop.run();

            assertThat(result.lines()).isEqualTo(new RunResult.Lines(lines, lines, 0, 0, 0, 0));
            assertThat(result.tables())
                    .filteredOn(table -> table.event().equals("visit"))
                    .singleElement()
                    .satisfies(table -> assertThat(table.files()).isGreaterThan(1));
            assertThat(shop.sql("SELECT count(*), count(DISTINCT id), count(DISTINCT firn_offset), sum(id),"
                            + " sum(length(page)) FROM lake.shop.visit"))
                    .containsExactly("[600000,600000,600000," + (long) lines * (lines - 1) / 2 + ","
                            + IntStream.of(lengths).sum() + "]");
        }
    }

    private static String line(int id, int length) {
        return "{\"type\":\"visit\",\"id\":" + id + ",\"page\":\"" + "p".repeat(length) + "\"}\n";
    }
}
