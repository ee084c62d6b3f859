package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** Compressed files, whole and damaged: a damaged one leaves no row, and the others of its bundle load. */
@ExtendWith(SparkExtension.class)
class DamagedFilesTest {
    private static final int SALES = 20_000;
    private static final String DAMAGED = "the file cannot be inflated to its end (";

    @TempDir
    private Path home;

    @ParameterizedTest
    @CsvSource({"GZIP, CUT", "GZIP, FLIP", "GZIP, TRAILER", "ZSTD, CUT", "ZSTD, FLIP", "ZSTD, TRAILER"})
    void othersLoadAndTheMendedFileFollows(Packing packing, Damage damage, SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            shop.file("a.jsonl", sale(-1), visit(-1));
            byte[] whole = packing.pack(text(0, SALES, badSale(77)));
            shop.file(Workspace.DAY, "b.packed", damage.of(whole));
            shop.file("c.jsonl", sale(-2), badSale(-3));

            RunResult result = shop.run();

            assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(result.files().damaged()).isEqualTo(1);
            assertThat(result.lines()).isEqualTo(new RunResult.Lines(4, 3, 1, 0, 0, 0));
            assertThat(result.problems())
                    .singleElement()
                    .asString()
                    .contains("raw/2026-11-20/b.packed: " + DAMAGED)
                    .endsWith("); no row of it was loaded");
            assertThat(ids(shop)).containsExactly("[-2]", "[-1]");
            List<String> refused = shop.refused();
            assertThat(refused).hasSize(2);
            assertThat(refused.get(0)).startsWith("b.packed 0 - - -: " + DAMAGED);
            assertThat(refused.get(1)).startsWith("c.jsonl");
            assertThat(shop.sql("SELECT count(*) FROM lake.shop.firn_quarantine WHERE line IS NULL"))
                    .containsExactly("[1]");

            RunResult again = shop.run();
            assertThat(again.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(again.files().read()).as("it is in no ledger").isEqualTo(1);
            assertThat(shop.refused()).isEqualTo(refused);

            shop.file(Workspace.DAY, "b.packed", whole);
            RunResult mended = shop.run();
            assertThat(mended.exit()).isEqualTo(ExitCode.OK);
            assertThat(mended.lines()).isEqualTo(new RunResult.Lines(SALES + 1, SALES, 1, 0, 0, 0));
            assertThat(shop.sql("SELECT count(*), count(DISTINCT id), sum(id) FROM lake.shop.sale WHERE id >= 0"))
                    .containsExactly("[" + SALES + "," + SALES + "," + (long) SALES * (SALES - 1) / 2 + "]");
            assertThat(shop.refused()).hasSize(2).noneMatch(row -> row.contains(DAMAGED));
        }
    }

    @Test
    void allMembersAndFramesLoadWhateverTheName(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, Shop.yaml())) {
            shop.file(Workspace.DAY, "a.jsonl", Packing.GZIP.pack(text(0, 10)));
            shop.file(Workspace.DAY, "b.gz", text(10, 20));
            shop.file(Workspace.DAY, "c.jsonl", Packing.ZSTD.pack(text(20, 30)));
            shop.file(Workspace.DAY, "d.gz", members(Packing.GZIP, 30));
            shop.file(Workspace.DAY, "e.zst", members(Packing.ZSTD, 40));
            shop.file(Workspace.DAY, "f.gz", Packing.GZIP.pack(new byte[0]));
            shop.file(Workspace.DAY, "g.zst", Packing.ZSTD.pack(new byte[0]));

            RunResult result = shop.run();

            assertThat(result.problems()).isEmpty();
            assertThat(result.lines()).isEqualTo(new RunResult.Lines(50, 50, 0, 0, 0, 0));
            assertThat(ids(shop))
                    .isEqualTo(
                            IntStream.range(0, 50).mapToObj(i -> "[" + i + "]").toList());
            assertThat(shop.sql("SELECT DISTINCT firn_offset FROM lake.shop.sale WHERE id IN (31, 41)"))
                    .as("offsets count in the inflated file, over all members")
                    .containsExactly("[" + (sale(30).length() + 1) + "]");
        }
    }

    /** Ten sales, packed in three pieces that are cut within lines. */
    private static byte[] members(Packing packing, int first) {
        byte[] text = text(first, first + 10);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(packing.pack(Arrays.copyOfRange(text, 0, 100)));
        all.writeBytes(packing.pack(Arrays.copyOfRange(text, 100, 333)));
        all.writeBytes(packing.pack(Arrays.copyOfRange(text, 333, text.length)));
        return all.toByteArray();
    }

    private static byte[] text(int from, int to, String... more) {
        String sales = IntStream.range(from, to).mapToObj(i -> sale(i) + "\n").collect(Collectors.joining());
        return (sales + String.join("\n", more)).getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> ids(Workspace shop) {
        return shop.sql("SELECT id FROM lake.shop.sale ORDER BY id");
    }

    private enum Packing {
        GZIP {
            @Override
            OutputStream open(OutputStream out) throws IOException {
                return new GZIPOutputStream(out);
            }
        },
        ZSTD {
            @Override
            OutputStream open(OutputStream out) throws IOException {
                return new ZstdOutputStream(out, Zstd.defaultCompressionLevel()).setChecksum(true);
            }
        };

        abstract OutputStream open(OutputStream out) throws IOException;

        byte[] pack(byte[] text) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = open(packed)) {
                out.write(text);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return packed.toByteArray();
        }
    }

    private enum Damage {
        /** Half way: many lines are inflated before it shows. */
        CUT {
            @Override
            byte[] of(byte[] whole) {
                return Arrays.copyOf(whole, whole.length / 2);
            }
        },
        FLIP {
            @Override
            byte[] of(byte[] whole) {
                byte[] damaged = whole.clone();
                damaged[whole.length / 2 + new Random(whole.length).nextInt(whole.length / 4)] ^= 0x10;
                return damaged;
            }
        },
        /** All lines are inflated before it shows: only the checksum is wrong. */
        TRAILER {
            @Override
            byte[] of(byte[] whole) {
                byte[] damaged = whole.clone();
                damaged[whole.length - 1 - (whole[0] == 0x1f ? 5 : 0)] ^= 1;
                return damaged;
            }
        };

        abstract byte[] of(byte[] whole);
    }
}
