package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.SparkSession;

import io.firn.ExitCode;
import io.firn.Maintenance;
import io.firn.maintain.CompactFiles;
import io.firn.maintain.ComputeStatistics;
import io.firn.maintain.ExpireData;
import io.firn.maintain.ExpireSnapshots;
import io.firn.maintain.Neighbours;
import io.firn.maintain.RemoveOrphans;
import io.firn.maintain.RewriteManifests;
import io.firn.maintain.Verb;
import io.firn.maintain.Verb.Execution;
import io.firn.table.LakeCatalog;
import io.firn.table.TableName;

/**
 * A lake that needs every kind of upkeep: small files, deletes, small manifests, old states, old days, orphans and what
 * dead runs left, with a tag on each table. It can be had again as it was, in the same place.
 */
final class UpkeptLake {
    static final List<String> VERBS = List.of(
            "compact", "expire-snapshots", "expire-data", "remove-orphans", "rewrite-manifests", "compute-statistics");
    static final List<String> TABLES = List.of("deltas", "vectors", "visits");
    private static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            defaults: {properties: {history.expire.max-snapshot-age-ms: 1, write.delete.mode: merge-on-read}}
            events:
              deltas:
                columns: &columns
                  - {name: user_id, type: string, required: true}
                  - {name: version, type: long, required: true}
                  - {name: at, type: timestamptz, required: true}
                target: {partition-by: []}
              vectors:
                columns: *columns
                target: {partition-by: [], format-version: 3}
              visits:
                columns: *columns
                target:
                  partition-by: ["day(at)"]
                  sort-by: [user_id]
                  properties: {history.expire.max-snapshot-age-ms: 1, write.delete.mode: copy-on-write}
                  retention: {data: 30d}
            """;
    private static final List<Integer> DAYS_AGO = List.of(0, 60, 61);
    private static final int MORE = 8;
    private static final List<String> REFS = List.of("main", "audit");
    private static final Duration FLOOR = Duration.ofDays(4);
    private static final String OLD = "visitor-old";

    private final Path home;
    private final Path kept;
    private final SparkSession spark;
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** Makes it below a folder. */
    UpkeptLake(Path folder, SparkSession spark) throws IOException {
        home = folder.resolve("project");
        kept = folder.resolve("kept");
        this.spark = spark;
        try (Workspace shop = Workspace.of(home, spark, YAML)) {
            load(shop, 0);
            load(shop, 1);
            TABLES.forEach(table -> shop.sql("ALTER TABLE lake.shop." + table + " CREATE TAG audit"));
            shop.sql("CALL lake.system.compute_table_stats(table => 'shop.deltas')");
            shop.sql("CALL lake.system.compute_partition_stats(table => 'shop.visits')");
            for (String table : List.of("deltas", "vectors")) {
                for (int more = 0; more < MORE; more++) {
                    again(shop.table("lake.shop." + table).table(), more);
                }
            }
            for (String table : TABLES) {
                for (int user = 0; user < 2; user++) {
                    shop.sql("DELETE FROM lake.shop." + table + " WHERE version = 1 AND user_id LIKE '%-" + user + "'");
                }
            }
            plant(shop);
        }
        copy(home, kept);
    }

    Path home() {
        return home;
    }

    Workspace open() {
        return Workspace.open(home, spark, home.resolve("pipeline.yaml"));
    }

    /** Makes it what it was at first; whoever has it open still sees what was. */
    void restore() throws IOException {
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        copy(kept, home);
    }

    /** One kind of upkeep of tables, as {@code firn maintain} does it. */
    static Maintenance maintain(Workspace shop, String verb, List<String> tables) {
        List<TableName> names = tables.stream()
                .map(table -> TableName.parse("lake.shop." + table))
                .toList();
        return shop.maintain(names, catalog -> List.of(verb(verb, catalog)), Execution.DO);
    }

    static Verb verb(String name, LakeCatalog catalog) {
        return switch (name) {
            case "compact" -> CompactFiles.all();
            case "expire-snapshots" -> new ExpireSnapshots();
            case "expire-data" -> new ExpireData();
            case "remove-orphans" -> RemoveOrphans.of(Neighbours.of(catalog));
            case "rewrite-manifests" -> new RewriteManifests();
            case "compute-statistics" -> new ComputeStatistics();
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The rows of all tables, now and as their tags say, as Spark reads them. */
    static List<String> rows(Workspace shop) {
        String query = REFS.stream()
                .flatMap(ref -> TABLES.stream()
                        .map(table ->
                                """
                                SELECT concat_ws(' ', '%s', '%s', user_id, version, unix_seconds(at), firn_offset, firn_file)
                                FROM lake.shop.%1$s VERSION AS OF '%2$s'"""
                                        .formatted(table, ref)))
                .collect(Collectors.joining(" UNION ALL "));
        return shop.spark().sql(query).collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** The same as Iceberg's own reader has them. */
    static List<String> rowsWithoutSpark(Workspace shop) {
        List<String> rows = new ArrayList<>();
        for (String name : TABLES) {
            Table table = shop.table("lake.shop." + name).table();
            REFS.forEach(ref -> rows.addAll(read(table, name, ref)));
        }
        Collections.sort(rows);
        return rows;
    }

    private static List<String> read(Table table, String name, String ref) {
        List<String> rows = new ArrayList<>();
        try (CloseableIterable<Record> scan = IcebergGenerics.read(table)
                .useSnapshot(table.refs().get(ref).snapshotId())
                .build()) {
            for (Record row : scan) {
                rows.add("%s %s %s %s %s %s %s"
                        .formatted(
                                name,
                                ref,
                                row.getField("user_id"),
                                row.getField("version"),
                                ((OffsetDateTime) row.getField("at")).toEpochSecond(),
                                row.getField("firn_offset"),
                                row.getField("firn_file")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** Those of the rows that retention lets stay; tags keep what they have. */
    static List<String> retained(List<String> rows) {
        return rows.stream()
                .filter(row -> !row.startsWith("visits main " + OLD))
                .toList();
    }

    /** What each table says of what was loaded into it. */
    static Map<String, String> positions(Workspace shop) {
        Map<String, String> positions = new TreeMap<>();
        for (String table : TABLES) {
            Map<String, String> properties =
                    shop.table("lake.shop." + table).table().properties();
            positions.put(table, properties.get("firn.ledger.shop"));
        }
        return positions;
    }

    /** The files that the tables' metadata names. */
    static Set<Path> named(Workspace shop) {
        return OrphanLake.named(
                shop.spark(), TABLES.stream().map(table -> "lake.shop." + table).toList());
    }

    /** The files that lie where the tables do. */
    Set<Path> files() throws IOException {
        Set<Path> files = new TreeSet<>();
        for (String table : TABLES) {
            files.addAll(below(home.resolve("lake/warehouse/shop/" + table)));
        }
        return files;
    }

    /** What runs staged. */
    Set<Path> staged() throws IOException {
        return below(home.resolve("lake/state/shop/staging"));
    }

    /** As if all that lies there had been written four days ago. */
    void age() throws IOException {
        for (Path file : below(home.resolve("lake"))) {
            // It would open and close the catalog's files, and so give up the locks that SQLite has on them.
            if (!file.getFileName().toString().startsWith("catalog.db")) {
                OrphanLake.age(file, FLOOR);
            }
        }
    }

    private void load(Workspace shop, int load) {
        List<String> lines = new ArrayList<>();
        for (int user = 0; user < 10; user++) {
            for (String table : List.of("deltas", "vectors")) {
                lines.add(line(table, "user-" + user, load, now.plusSeconds(load)));
            }
            for (int days : DAYS_AGO) {
                String visitor = (days > 30 ? OLD : "visitor") + "-" + user;
                lines.add(line("visits", visitor, load, now.minus(Duration.ofDays(days))));
            }
        }
        shop.file("load" + load + ".jsonl", lines.toArray(String[]::new));
        assertThat(shop.run().exit()).isEqualTo(ExitCode.OK);
    }

    /** Adds a copy of one of its files, with a manifest of its own. */
    private static void again(Table table, int number) throws IOException {
        table.refresh();
        DataFile any;
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            any = tasks.iterator().next().file();
        }
        String location = any.location().replaceFirst("[^/]*$", "more-" + number + ".parquet");
        Files.copy(OrphanLake.path(any.location()), OrphanLake.path(location));
        DataFile copy =
                DataFiles.builder(table.spec()).copy(any).withPath(location).build();
        table.newFastAppend().appendFile(copy).commit();
    }

    private static String line(String table, String user, int version, Instant at) {
        return """
                {"type":"%s","user_id":"%s","version":%d,"at":"%s"}"""
                .formatted(table, user, version, at);
    }

    /** Files that nothing names, and a branch and staged data of runs that died. */
    private void plant(Workspace shop) throws IOException {
        for (String table : TABLES) {
            Path folder = home.resolve("lake/warehouse/shop/" + table);
            for (int file = 0; file < 3; file++) {
                orphan(folder.resolve("data/orphan-" + file + ".parquet"));
                orphan(folder.resolve("metadata/orphan-m" + file + ".avro"));
            }
            String branch = PlantedFiles.branch(Duration.ofDays(2));
            shop.sql("ALTER TABLE lake.shop." + table + " CREATE BRANCH " + branch);
        }
        orphan(home.resolve("lake/state/shop/staging/dead/part-0.parquet"));
    }

    private static void orphan(Path file) {
        OrphanLake.age(Workspace.write(file, new byte[10]), FLOOR);
    }

    private static Set<Path> below(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
