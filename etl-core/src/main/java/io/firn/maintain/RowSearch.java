package io.firn.maintain;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.SparkExpressionConverter;
import org.apache.spark.sql.functions;

import io.firn.table.TableName;

/** Finds where rows are stored, whether a table still shows them or not. */
final class RowSearch {
    private final SparkSession spark;
    private final Table table;
    private final TableName name;
    private final Matching what;
    private final InclusiveMetricsEvaluator mayHold;

    RowSearch(SparkSession spark, Table table, TableName name, Matching what) {
        this.spark = spark;
        this.table = table;
        this.name = name;
        this.what = what;
        this.mayHold = new InclusiveMetricsEvaluator(table.schema(), narrowed(spark, name, what.narrowed()));
    }

    /** The rows that files physically hold, by file; files without any are left out. */
    Map<String, Long> in(Collection<DataFile> files) {
        return counted(files.stream().filter(mayHold::eval).toList());
    }

    /** The same without trust in what manifests say of the files: each is read. */
    Map<String, Long> reading(Collection<DataFile> files) {
        return counted(List.copyOf(files));
    }

    private Map<String, Long> counted(List<DataFile> files) {
        Map<String, Long> found = new HashMap<>();
        if (files.isEmpty()) {
            return found;
        }
        try (StoredRows stored = StoredRows.physically(spark, table, files)) {
            // Iceberg's column _file is not there beside the row ids of format 3.
            stored.rows()
                    .where(what.rows())
                    .groupBy(functions.input_file_name())
                    .count()
                    .collectAsList()
                    .forEach(row -> found.put(row.getString(0), row.getLong(1)));
        }
        Set<String> known = files.stream().map(DataFile::location).collect(Collectors.toSet());
        if (!known.containsAll(found.keySet())) {
            throw new IllegalStateException("table " + name + ": rows were read of files by other names");
        }
        return found;
    }

    /** The tags, and branches other than main, that name one of the files, or whose manifests remember such a file. */
    Set<String> refs(NamedFiles names, Set<String> holding) {
        Set<String> refs = new TreeSet<>();
        table.refs().forEach((name, ref) -> {
            if (!name.equals(SnapshotRef.MAIN_BRANCH)) {
                Snapshot snapshot = table.snapshot(ref.snapshotId());
                Set<String> named = new HashSet<>(names.of(List.of(snapshot)).keySet());
                named.retainAll(holding);
                if (!named.isEmpty() || remembers(snapshot)) {
                    refs.add(name);
                }
            }
        });
        return refs;
    }

    /** Whether entries of removed files are left whose bounds the rows may be a part of. */
    private boolean remembers(Snapshot snapshot) {
        List<ManifestFile> manifests = new ArrayList<>(snapshot.dataManifests(table.io()));
        if (manifests.stream().noneMatch(ManifestFile::hasDeletedFiles)) {
            return false;
        }
        return spark
                .sql("SELECT data_file.record_count, data_file.value_counts, data_file.null_value_counts,"
                        + " data_file.nan_value_counts, data_file.lower_bounds, data_file.upper_bounds FROM "
                        + name.quoted() + ".entries VERSION AS OF " + snapshot.snapshotId()
                        + " WHERE status = 2 AND data_file.content = 0")
                .collectAsList()
                .stream()
                .map(RowSearch::remembered)
                .anyMatch(mayHold::eval);
    }

    private static DataFile remembered(Row row) {
        Metrics metrics = new Metrics(
                row.getLong(0),
                null,
                row.isNullAt(1) ? null : row.getJavaMap(1),
                row.isNullAt(2) ? null : row.getJavaMap(2),
                row.isNullAt(3) ? null : row.getJavaMap(3),
                bounds(row, 4),
                bounds(row, 5));
        return DataFiles.builder(PartitionSpec.unpartitioned())
                .withPath("removed")
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(1)
                .withMetrics(metrics)
                .build();
    }

    private static Map<Integer, ByteBuffer> bounds(Row row, int column) {
        Map<Integer, ByteBuffer> bounds = new HashMap<>();
        if (!row.isNullAt(column)) {
            row.<Integer, byte[]>getJavaMap(column)
                    .forEach((field, value) -> bounds.put(field, ByteBuffer.wrap(value)));
        }
        return bounds;
    }

    /** What Iceberg can tell of a condition by bounds; true where it can tell nothing. */
    private static Expression narrowed(SparkSession spark, TableName name, String sql) {
        if (sql == null) {
            return Expressions.alwaysTrue();
        }
        try {
            return SparkExpressionConverter.convertToIcebergExpression(
                    SparkExpressionConverter.collectResolvedSparkExpression(
                            (org.apache.spark.sql.classic.SparkSession) spark, name.quoted(), sql));
        } catch (Exception e) {
            // Not one that bounds can tell anything of.
            return Expressions.alwaysTrue();
        }
    }
}
