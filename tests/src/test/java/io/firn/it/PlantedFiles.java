package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

import org.apache.iceberg.Table;

/** What lies in an {@link OrphanLake} without being any table's, and what has to become of it. */
final class PlantedFiles {
    private static final Duration OLD = Duration.ofDays(6);
    private static final List<String> NAMES =
            List.of("a b.parquet", "100%.parquet", "%41.parquet", "ü-日本.parquet", "a=b.parquet", "q?#&+.bin", "x.json");
    private static final List<String> FOLDERS = List.of(
            "", "data", "data/region=a+b", "data/region=100%25", "data/region=%C3%BC", "data/sub folder", "metadata");

    private final OrphanLake lake;
    private final Random random;
    private final Map<Path, String> orphans = new HashMap<>();
    private final String deadBranch = branch(Duration.ofDays(2));
    private final String liveBranch = branch(Duration.ofHours(1));
    private final Path late;
    private boolean lateIsIn;
    private int inventories;

    PlantedFiles(OrphanLake lake, Random random) throws IOException {
        this.lake = lake;
        this.random = random;
        for (int files = 15 + random.nextInt(10); files > 0; files--) {
            scattered();
        }
        writes();
        lookalikes();
        staging();
        branches();
        late = lake.plant(lake.folder("orders").resolve("data/" + dataFile(UUID.randomUUID())), Duration.ofDays(8));
    }

    /** A file that a run staged long ago and has yet to commit. */
    Path late() {
        return late;
    }

    void lateIsIn() {
        lateIsIn = true;
    }

    /** What has to be gone. */
    Set<Path> orphans(Set<String> refused) {
        Set<Path> gone = new TreeSet<>();
        orphans.forEach((file, table) -> {
            if (!refused.contains(table)) {
                gone.add(file);
            }
        });
        if (!lateIsIn && !refused.contains("orders")) {
            gone.add(late);
        }
        return gone;
    }

    void assertReaped(String description) {
        Path staging = lake.home.resolve("state/shop/staging");
        assertThat(staging.resolve("dead")).as(description).doesNotExist();
        assertThat(staging.resolve("live/part-0.parquet")).as(description).exists();
        assertThat(lake.table("orders").table().refs().keySet())
                .as(description)
                .contains(liveBranch)
                .doesNotContain(deadBranch);
    }

    private void scattered() {
        List<String> owners = new ArrayList<>(lake.tables);
        owners.addAll(lake.strangers);
        String owner = owners.get(random.nextInt(owners.size()));
        String name = random.nextBoolean()
                ? orphans.size() + NAMES.get(random.nextInt(NAMES.size()))
                : random.nextBoolean() ? UUID.randomUUID() + "-m0.avro" : dataFile(UUID.randomUUID());
        Path file = lake.folder(owner)
                .resolve(FOLDERS.get(random.nextInt(FOLDERS.size())))
                .resolve(name);
        if (random.nextInt(3) == 0) {
            lake.plant(file, Duration.ofHours(random.nextInt(70)));
        } else {
            lake.plant(file, OLD.plusDays(random.nextInt(20)));
            if (!lake.strangers.contains(owner)) {
                orphans.put(file, owner.equals("twin") ? "orders" : owner);
            }
        }
    }

    /** A write that died, and one that goes on and began before the floor. */
    private void writes() {
        Path data = lake.folder("orders").resolve("data");
        UUID dead = UUID.randomUUID();
        UUID running = UUID.randomUUID();
        for (int task = 0; task < 3; task++) {
            orphans.put(lake.plant(data.resolve(task + dataFile(dead)), OLD.plusHours(task)), "orders");
            lake.plant(data.resolve(task + dataFile(running)), OLD.minusDays(3L * task));
        }
    }

    /** Files whose names say more than their content, or less. */
    private void lookalikes() throws IOException {
        Path orders = lake.folder("orders");
        lake.plant(orders.resolve("data/_temporary/0/part.parquet"), OLD);
        lake.plant(orders.resolve("data/.hidden.parquet"), OLD);
        lake.plant(orders.resolve("metadata/00007-" + UUID.randomUUID() + ".metadata.json"), OLD);
        Path failed = orders.resolve("metadata/00099-" + UUID.randomUUID() + ".metadata.json");
        Files.copy(lake.metadata("orders"), failed);
        OrphanLake.age(failed, OLD);
        orphans.put(failed, "orders");
    }

    /** As on a store where a folder's time says nothing: that of the dead one is young, that of the live one old. */
    private void staging() {
        Path staging = lake.home.resolve("state/shop/staging");
        lake.plant(staging.resolve("dead/part/part-0.parquet"), OLD);
        lake.plant(staging.resolve("live/part/part-0.parquet"), OLD);
        lake.plant(staging.resolve("live/part-0.parquet"), Duration.ofHours(1));
        OrphanLake.age(staging.resolve("live/part"), OLD);
        OrphanLake.age(staging.resolve("live"), OLD);
    }

    private void branches() {
        Table orders = lake.table("orders").table();
        for (String branch : List.of(deadBranch, liveBranch)) {
            orders.manageSnapshots()
                    .createBranch(branch, orders.currentSnapshot().snapshotId())
                    .commit();
        }
    }

    /** Writes what S3 would say of the warehouse, had it the disk's clock; returns the address of its manifest. */
    String inventory(Duration skew) throws IOException {
        Path inventory = lake.home.resolve("inventory-" + inventories++);
        Path manifest =
                Files.createDirectories(inventory.resolve("2026-11-20T01-00Z")).resolve("manifest.json");
        Path data = Files.createDirectories(inventory.resolve("data")).resolve("7f.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(data))) {
            for (Path file : lake.files()) {
                String key = URLEncoder.encode(file.toString().substring(1), StandardCharsets.UTF_8);
                Instant modified = Files.getLastModifiedTime(file).toInstant().plus(skew);
                String line = "\"lake\",\"%s\",\"%d\",\"%s\"%n".formatted(key, Files.size(file), modified);
                out.write(line.getBytes(StandardCharsets.UTF_8));
            }
        }
        Files.writeString(
                manifest,
                """
                {"sourceBucket": "lake", "destinationBucket": "arn:aws:s3:::lists", "version": "2016-11-30",
                 "creationTimestamp": "%d", "fileFormat": "CSV",
                 "fileSchema": "Bucket, Key, Size, LastModifiedDate",
                 "files": [{"key": "some/prefix/data/7f.csv.gz", "size": 1, "MD5checksum": "0"}]}
                """
                        .formatted(Instant.now().plus(skew).toEpochMilli()));
        return manifest.toUri().toString();
    }

    /** A name such as writers give to data files. */
    private static String dataFile(UUID write) {
        return "00000-7-" + write + "-00001.parquet";
    }

    /** A name such as runs of so long ago gave to their branches. */
    static String branch(Duration age) {
        return "firn_0123456789ab_" + Long.toHexString(Instant.now().minus(age).toEpochMilli()) + "00c0ffee";
    }
}
