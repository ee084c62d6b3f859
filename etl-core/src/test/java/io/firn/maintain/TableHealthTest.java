package io.firn.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Table;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;

@ExtendWith(SparkExtension.class)
class TableHealthTest {
    @TempDir
    private Path directory;

    /** No file of it exists: all is told from metadata. */
    @Test
    void fiftyThousandFilesAreToldFromMetadata(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT, day INT) PARTITIONED BY (day)")) {
            pond.sql("ALTER TABLE lake.shop.orders WRITE ORDERED BY id");
            Table table = pond.table().table();
            for (int part = 0; part < 5; part++) {
                AppendFiles append = table.newAppend();
                for (int i = 0; i < 10_000; i++) {
                    int file = part * 10_000 + i;
                    append.appendFile(DataFiles.builder(table.spec())
                            .withPath(table.location() + "/data/file-" + file + ".parquet")
                            .withFormat(FileFormat.PARQUET)
                            .withPartitionPath("day=" + file % 500)
                            // A hundred files for each day: one in ten is large.
                            .withFileSizeInBytes(file % 10 == 0 ? 512_000_000 : 1_000_000)
                            .withMetrics(new Metrics(
                                    1_000L,
                                    Map.of(1, 600_000L, 2, 400_000L),
                                    Map.of(1, 1_000L, 2, 1_000L),
                                    Map.of(1, 0L, 2, 0L),
                                    Map.of(),
                                    Map.of(1, bytes(file * 1000L)),
                                    Map.of(1, bytes(file * 1000L + 999))))
                            .build());
                }
                append.commit();
            }

            TableHealth health = TableHealth.of(pond.table());

            assertThat(health.rows()).isEqualTo(50_000_000);
            assertThat(health.cost().files()).isEqualTo(50_000);
            assertThat(health.cost().bytes()).isEqualTo(5_000 * 512_000_000L + 45_000 * 1_000_000L);
            assertThat(health.sizes().bins().stream()
                            .map(bin -> bin.sizes() + " " + bin.files())
                            .filter(bin -> !bin.endsWith(" 0")))
                    .containsExactly("64 KiB - 1 MiB 45000", "128 - 512 MiB 5000");
            assertThat(health.partitions()).hasSize(500);
            assertThat(health.columns()).extracting(ColumnHealth::column).containsExactly("id", "day");
            assertThat(health.columns().get(0).share()).isEqualTo(0.6, within(1e-9));
            assertThat(health.columns().get(0).compression()).isEqualTo(8 * 1000 / 600_000.0, within(1e-9));
            // A day's large files lie in days of their own: those of small ones are worth compacting.
            assertThat(health.outlook()).singleElement().satisfies(way -> {
                assertThat(way.how()).isEqualTo(CompactionStep.How.BIN_PACK);
                assertThat(way.partitions()).isEqualTo(450);
                assertThat(way.bytes()).isEqualTo(45_000 * 1_000_000L);
                assertThat(way.after().files()).isEqualTo(5_000 + 450);
            });
            assertThat(health.partitions().get(0).depth()).isEqualTo(1);
            assertThat(health.history().snapshots()).isEqualTo(5);
        }
    }

    @Test
    void deletesAreCountedForEachDataFile(SparkSession shared) {
        for (int format : List.of(2, 3)) {
            try (Pond pond = new Pond(
                    shared,
                    directory.resolve("v" + format),
                    "(id BIGINT) TBLPROPERTIES ('format-version'='" + format
                            + "', 'write.delete.mode'='merge-on-read')")) {
                pond.sql("INSERT INTO lake.shop.orders SELECT /*+ COALESCE(1) */ id FROM range(100)");
                pond.sql("INSERT INTO lake.shop.orders SELECT /*+ COALESCE(1) */ id + 100 FROM range(100)");
                pond.sql("DELETE FROM lake.shop.orders WHERE id IN (1, 2, 3)");

                TableHealth health = TableHealth.of(pond.table());

                assertThat(health.deletedRows()).isEqualTo(3);
                assertThat(health.deletes().positionFiles()).isEqualTo(format == 2 ? 1 : 0);
                assertThat(health.deletes().vectors()).isEqualTo(format == 3 ? 1 : 0);
                assertThat(health.deletes().perFile())
                        .containsExactly(new DeletesHealth.PerFile("none", 1), new DeletesHealth.PerFile("1", 1));
                assertThat(health.cost().deleteFiles()).isEqualTo(1);
            }
        }
    }

    @Test
    void anEmptyTableHasAHealthToo(SparkSession shared) {
        try (Pond pond = new Pond(shared, directory, "(id BIGINT)")) {
            TableHealth health = TableHealth.of(pond.table());
            assertThat(health.snapshot()).isNull();
            assertThat(health.partitions()).isEmpty();
            assertThat(health.cost().total()).isZero();
        }
    }

    private static ByteBuffer bytes(long value) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    }
}
