package io.firn.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/** A catalog of its own on a SQLite file, and a table {@code lake.github.push_event} of id and name. */
final class TestLake implements Closeable {
    static final TableName NAME = TableName.parse("lake.github.push_event");
    static final LocalDate DAY = LocalDate.of(2021, 7, 21);
    static final List<Column> COLUMNS = List.of(column("id", Scalar.LONG), column("name", Scalar.STRING));

    static final ChangeOrigin ORIGIN = new ChangeOrigin("0a1b-run", "events", "events.yaml");

    final Path directory;
    final LakeCatalog catalog;

    TestLake(Path directory) {
        this.directory = directory;
        this.catalog = LakeCatalog.open("lake", definition(directory), new Configuration());
    }

    static CatalogDefinition definition(Path directory) {
        return new CatalogDefinition(null, null, directory.resolve("warehouse").toString(), null, null, null);
    }

    static Column column(String name, Scalar type) {
        return new Column(name, type, null, null, false, null);
    }

    static TableDefinition definition(String... partitionBy) {
        return new TableDefinition(
                NAME,
                null,
                List.of(partitionBy).stream().map(PartitionField::parse).toList(),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** A session that sees the catalog. */
    static SparkSession session(SparkSession shared, Path directory) {
        SparkSession spark = shared.newSession();
        definition(directory).sparkConf("lake").forEach((key, value) -> {
            if (spark.conf().isModifiable(key) || key.startsWith("spark.sql.catalog.")) {
                spark.conf().set(key, value);
            }
        });
        return spark;
    }

    LakeTable table() {
        return catalog.ensure(definition(), COLUMNS, TestLake.ORIGIN);
    }

    static SourceFile source(String path, long rows) {
        return new SourceFile(path, null, 1000, 100, rows);
    }

    /** Stages one row per id that says it came from {@code file}. */
    static List<StagedFile> stage(LakeTable table, String file, long... ids) {
        FileSink sink = table.writeTarget(LoadColumns.DUMP.after(COLUMNS))
                .open(0, 0, UUID.randomUUID().toString(), new WriterBudget(100, 1 << 30));
        for (long id : ids) {
            sink.write(new GenericInternalRow(new Object[] {
                id, UTF8String.fromString("n" + id), UTF8String.fromString(file), id * 10, 1_600_000_000_000_000L
            }));
        }
        return sink.finish();
    }

    static Append append(String path, long rows) {
        return new Append(DAY, List.of(source(path, rows)), Set.of());
    }

    static Publication publication(LakeTable table) {
        return new Publication(table, "events", "run", (files, branch) -> {
            throw new AssertionError("nothing is replaced here");
        });
    }

    /** Stages and publishes one file of rows. */
    static Outcome load(LakeTable table, String path, long... ids) {
        return publication(table).publish(append(path, ids.length), stage(table, path, ids));
    }

    static List<Long> ids(LakeTable lake) {
        return rows(lake.table()).stream()
                .map(row -> (Long) row.getField("id"))
                .sorted()
                .toList();
    }

    static Map<String, Long> rowsByFile(LakeTable lake) {
        Map<String, Long> counts = new TreeMap<>();
        rows(lake.table()).forEach(row -> counts.merge((String) row.getField("firn_file"), 1L, Long::sum));
        return counts;
    }

    /** As after a hundred commits more: older files of metadata are gone. */
    static void forgetOldMetadata(LakeTable lake) {
        lake.refresh();
        TableMetadata now = ((HasTableOperations) lake.table()).operations().current();
        now.previousFiles().forEach(old -> lake.table().io().deleteFile(old.file()));
    }

    static List<Record> rows(Table table) {
        table.refresh();
        List<Record> rows = new ArrayList<>();
        try (CloseableIterable<Record> scan = IcebergGenerics.read(table).build()) {
            scan.forEach(rows::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    @Override
    public void close() {
        catalog.close();
    }
}
