package io.firn.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.table.CatalogDefinition;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/**
 * A lake on {@link SkewedDisk}, made by chance: {@code orders} with branches, tags, deletes and statistics, and tables
 * beside it, within it and of another catalog; with files planted among theirs.
 */
final class OrphanLake implements AutoCloseable {
    private static final List<String> REGIONS = List.of("north", "a b", "100%", "%41", "ü", "x=y", "c/d", "q?#&+");

    final Random random;
    final Path home;
    final SparkSession spark;
    final LakeCatalog catalog;
    final List<String> tables = new ArrayList<>(List.of("orders", "orders_2"));
    /** Tables of another catalog. */
    final List<String> strangers = new ArrayList<>();

    private final LakeCatalog foreign;

    OrphanLake(Path home, SparkSession shared, long seed) {
        this.home = home;
        this.random = new Random(seed);
        this.spark = shared.newSession();
        this.catalog = open("lake");
        this.foreign = open("foreign");
        build();
    }

    private LakeCatalog open(String name) {
        CatalogDefinition definition = new CatalogDefinition(
                null,
                "jdbc:sqlite:" + home.resolve(name + ".db"),
                SkewedDisk.SCHEME + ":" + home.resolve("warehouse"),
                SkewedDisk.SCHEME + ":" + home.resolve("state"),
                null,
                null);
        Configuration hadoop = new Configuration();
        hadoop.set("fs.disk.impl", SkewedDisk.class.getName());
        LakeCatalog opened = LakeCatalog.open(name, definition, hadoop);
        definition.sparkConf(name).forEach((key, value) -> {
            if (key.startsWith("spark.sql.catalog.")) {
                spark.conf().set(key, value);
            }
        });
        spark.conf().set("spark.sql.catalog." + name + ".hadoop.fs.disk.impl", SkewedDisk.class.getName());
        spark.sql("CREATE NAMESPACE " + name + ".shop");
        return opened;
    }

    private void build() {
        create("lake.shop.orders", null, "");
        String orders = SkewedDisk.SCHEME + ":" + folder("orders");
        create("lake.shop.orders_2", null, "");
        if (random.nextBoolean()) {
            create("lake.shop.nested", orders + (random.nextBoolean() ? "/nested" : "/data/nested"), "");
            tables.add("nested");
        }
        if (random.nextBoolean()) {
            create("lake.shop.mirror", null, ", 'write.data.path' = '" + orders + "/data'");
            tables.add("mirror");
        }
        if (random.nextBoolean()) {
            create("foreign.shop.archive", orders + "/archive", "");
            strangers.add("archive");
        }
        tables.stream().skip(1).forEach(table -> insert("lake.shop." + table));
        strangers.forEach(table -> insert("foreign.shop." + table));
        insert("lake.shop.orders");
        for (int steps = 3 + random.nextInt(4); steps > 0; steps--) {
            step();
        }
        Table table = table("orders").table();
        if (random.nextBoolean()) {
            SparkActions.get(spark).computeTableStats(table).execute();
        }
        if (table.spec().isPartitioned() && random.nextBoolean()) {
            SparkActions.get(spark).computePartitionStats(table).execute();
        }
        files().forEach(file -> age(file, Duration.ofDays(10)));
    }

    private void create(String table, String location, String properties) {
        spark.sql("CREATE TABLE " + table + " (id BIGINT, region STRING) USING iceberg"
                + (random.nextInt(4) > 0 ? " PARTITIONED BY (region)" : "")
                + (location == null ? "" : " LOCATION '" + location + "'")
                + " TBLPROPERTIES ('format-version' = '" + (2 + random.nextInt(2))
                + "', 'write.delete.mode' = 'merge-on-read'" + properties + ")");
    }

    private void insert(String table) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < 3 + random.nextInt(6); row++) {
            rows.add("(" + random.nextInt(100) + ", '" + REGIONS.get(random.nextInt(REGIONS.size())) + "')");
        }
        spark.sql("INSERT INTO " + table + " VALUES " + String.join(", ", rows));
    }

    private void step() {
        String name = "n" + random.nextInt(1 << 30);
        switch (random.nextInt(6)) {
            case 0 -> spark.sql("ALTER TABLE lake.shop.orders CREATE TAG " + name);
            case 1 -> {
                spark.sql("ALTER TABLE lake.shop.orders CREATE BRANCH " + name);
                insert("lake.shop.orders.branch_" + name);
            }
            case 2 -> spark.sql("DELETE FROM lake.shop.orders WHERE id % 3 = " + random.nextInt(3));
            case 3 -> spark.sql("INSERT OVERWRITE lake.shop.orders VALUES (1, 'a b')");
            case 4 ->
                spark.sql(
                        "CALL lake.system.expire_snapshots(table => 'lake.shop.orders', retain_last => 2, older_than =>"
                                + " TIMESTAMP '" + Instant.now() + "')");
            default -> insert("lake.shop.orders");
        }
    }

    LakeTable table(String name) {
        return catalog.find(TableName.parse("lake.shop." + name)).orElseThrow();
    }

    /** Where a table of either catalog lies. */
    Path folder(String name) {
        LakeCatalog owner = strangers.contains(name) ? foreign : catalog;
        String full = (owner == foreign ? "foreign.shop." : "lake.shop.") + name;
        return path(owner.find(TableName.parse(full)).orElseThrow().location());
    }

    /** A table whose location is that of orders, and its files nowhere else. */
    void twin() {
        create("lake.shop.twin", SkewedDisk.SCHEME + ":" + folder("orders"), "");
        insert("lake.shop.twin");
        tables.add("twin");
    }

    /** A file that nobody wrote as part of a table. */
    Path plant(Path file, Duration age) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[1 + random.nextInt(50)]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        age(file, age);
        return file;
    }

    static void age(Path file, Duration age) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a run that staged a file long ago does at last. */
    void commit(Path file, String scheme) {
        Table table = table("orders").table();
        DataFiles.Builder data = DataFiles.builder(table.spec())
                .withPath(scheme + file)
                .withFormat("parquet")
                .withFileSizeInBytes(file.toFile().length())
                .withRecordCount(1);
        if (table.spec().isPartitioned()) {
            data.withPartitionPath("region=north");
        }
        DataFile built = data.build();
        table.newAppend().appendFile(built).commit();
    }

    /** All files of the warehouse. */
    Set<Path> files() {
        try (Stream<Path> all = Files.walk(home.resolve("warehouse"))) {
            return all.filter(Files::isRegularFile).collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file that says what a table is now. */
    Path metadata(String table) {
        return path(TableUtil.metadataFileLocation(table(table).table()));
    }

    /** What the metadata tables of all tables name, and what their metadata.json says of statistics; with the table. */
    Map<Path, String> live() {
        Map<Path, String> live = new LinkedHashMap<>();
        tables.forEach(table -> live("lake.shop." + table, live));
        strangers.forEach(table -> live("foreign.shop." + table, live));
        return live;
    }

    private void live(String table, Map<Path, String> live) {
        named(spark, List.of(table)).forEach(file -> live.put(file, table));
    }

    /** What metadata tables of some tables name, and what their metadata.json says of statistics. */
    static Set<Path> named(SparkSession spark, List<String> tables) {
        Set<Path> named = new LinkedHashSet<>();
        Set<Path> current = new LinkedHashSet<>();
        String parts = tables.stream()
                .flatMap(table -> Stream.of(
                                "file_path, false FROM %s.all_data_files",
                                "file_path, false FROM %s.all_delete_files",
                                "path, false FROM %s.all_manifests",
                                "manifest_list, false FROM %s.snapshots",
                                "file, timestamp = max(timestamp) OVER () FROM %s.metadata_log_entries")
                        .map(part -> "SELECT " + part.formatted(table)))
                .collect(Collectors.joining(" UNION ALL "));
        for (Row row : spark.sql(parts).collectAsList()) {
            named.add(path(row.getString(0)));
            if (row.getBoolean(1)) {
                current.add(path(row.getString(0)));
            }
        }
        for (Path file : current) {
            named.addAll(statistics(file));
        }
        return named;
    }

    private static Set<Path> statistics(Path metadata) {
        Set<Path> statistics = new LinkedHashSet<>();
        try {
            JsonNode json = new ObjectMapper().readTree(metadata.toFile());
            for (String kind : List.of("statistics", "partition-statistics")) {
                json.path(kind)
                        .forEach(file ->
                                statistics.add(path(file.get("statistics-path").asText())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return statistics;
    }

    /** Of a local file. */
    static Path path(String location) {
        return Path.of(location.replaceFirst("^[a-z]+:/*", "/"));
    }

    @Override
    public void close() {
        catalog.close();
        foreign.close();
    }
}
