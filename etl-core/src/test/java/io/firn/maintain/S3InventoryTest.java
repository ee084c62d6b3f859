package io.firn.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.SparkExtension;
import io.firn.table.TableException;

/** Inventories as S3 documents them, on the local disk. */
@ExtendWith(SparkExtension.class)
class S3InventoryTest {
    private static final String TIME = "2026-11-01T10:20:30.000Z";
    private static final String FIELDS = "Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size, LastModifiedDate";

    @TempDir
    private Path home;

    @Test
    void textKeysAreDecoded(SparkSession spark) throws Exception {
        String manifest = csv(
                FIELDS,
                "\"lake\",\"wh/orders/data/a%20b%25%2B+c%3D%C3%BC.parquet\",\"v1\",\"true\",\"false\",\"12\",\"" + TIME
                        + "\"",
                "\"lake\",\"wh/orders/data/old.parquet\",\"v1\",\"false\",\"false\",\"12\",\"" + TIME + "\"",
                "\"lake\",\"wh/orders/data/deleted.parquet\",\"v1\",\"true\",\"true\",\"\",\"" + TIME + "\"",
                "\"lake\",\"wh/orders/data/\",\"v1\",\"true\",\"false\",\"0\",\"" + TIME + "\"",
                "\"lake\",\"wh/orders_2/data/b.parquet\",\"v1\",\"true\",\"false\",\"12\",\"" + TIME + "\"");

        S3Inventory inventory = S3Inventory.read(spark, manifest);

        assertThat(inventory.created()).isEqualTo(Instant.ofEpochMilli(1_800_000_000_000L));
        assertThat(inventory.files("s3://lake/wh/orders"))
                .containsExactly(new ListedFile(
                        "s3://lake/wh/orders/data/a b%+ c=ü.parquet",
                        12, Instant.parse(TIME).toEpochMilli()));
        assertThat(inventory.files("s3a://lake/wh/orders_2"))
                .extracting(ListedFile::location)
                .containsExactly("s3a://lake/wh/orders_2/data/b.parquet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Parquet", "ORC"})
    void columnarKeysAreAsTheyAre(String format, SparkSession spark) throws Exception {
        Path data = home.resolve("config/data");
        spark.sql("SELECT 'lake' bucket, 'wh/orders/a+b%20' key, true is_latest, false is_delete_marker, 12L size,"
                        + " timestamp '" + TIME + "' last_modified_date")
                .coalesce(1)
                .write()
                .format(format.toLowerCase(java.util.Locale.ROOT))
                .save(data.toString());
        String name;
        try (var files = Files.list(data)) {
            name = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }

        assertThat(S3Inventory.read(spark, manifest(format, "message s3.inventory {}", "lists/data/" + name))
                        .files("s3://lake/wh/orders"))
                .containsExactly(new ListedFile(
                        "s3://lake/wh/orders/a+b%20", 12, Instant.parse(TIME).toEpochMilli()));
    }

    @Test
    void anInventoryOfAnotherBucketIsRefused(SparkSession spark) throws Exception {
        String manifest = csv(FIELDS);

        assertThatThrownBy(() -> S3Inventory.read(spark, manifest).files("s3://other/wh/orders"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("lists bucket lake and the table lies in other");
    }

    @Test
    void timesAreNeeded(SparkSession spark) throws Exception {
        String manifest = csv("Bucket, Key, Size", "\"lake\",\"wh/orders/a\",\"1\"");

        assertThatThrownBy(() -> S3Inventory.read(spark, manifest).files("s3://lake/wh/orders"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has no LastModifiedDate of its objects; add that field");
    }

    @Test
    void whatIsNoManifestIsTold(SparkSession spark) throws Exception {
        Path other = Files.writeString(home.resolve("manifest.json"), "{\"files\": []}");

        assertThatThrownBy(() -> S3Inventory.read(spark, other.toString()))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("has no \"sourceBucket\", so it is not the manifest.json of an inventory");
        assertThatThrownBy(() -> S3Inventory.read(spark, home + "/none.json"))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("none.json cannot be read");
    }

    private String csv(String schema, String... lines) throws IOException {
        Path data = Files.createDirectories(home.resolve("config/data")).resolve("1a2b.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(data))) {
            for (String line : List.of(lines)) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return manifest("CSV", schema, "lists/lake/config/data/1a2b.csv.gz");
    }

    private String manifest(String format, String schema, String key) throws IOException {
        Path manifest = Files.createDirectories(home.resolve("config/2026-11-20T01-00Z"))
                .resolve("manifest.json");
        Files.writeString(
                manifest,
                """
                {"sourceBucket": "lake", "destinationBucket": "arn:aws:s3:::lists", "version": "2016-11-30",
                 "creationTimestamp": "1800000000000", "fileFormat": "%s", "fileSchema": "%s",
                 "files": [{"key": "%s", "size": 1, "MD5checksum": "0"}]}
                """
                        .formatted(format, schema, key));
        return manifest.toString();
    }
}
