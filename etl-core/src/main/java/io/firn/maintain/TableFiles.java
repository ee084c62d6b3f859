package io.firn.maintain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortField;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.ParallelIterable;
import org.apache.iceberg.util.PartitionMap;
import org.apache.iceberg.util.ThreadPools;

import io.firn.maintain.FileFacts.Bounds;
import io.firn.table.Compaction;

/** All files of a table's current snapshot, read from its manifests in parallel; no data file is opened. */
final class TableFiles {
    private final Table table;
    private final List<NestedField> ordering;
    private final long open;
    private final PartitionMap<PartitionFiles> partitions;
    private final Map<String, Deletes> byFile = new HashMap<>();
    private final Map<Integer, long[]> columns = new TreeMap<>();
    private final List<ManifestFile> manifests = new ArrayList<>();
    private long positionDeleteFiles;
    private long deletionVectors;
    private long equalityDeleteFiles;
    private long deleteBytes;

    /** What says that rows of one data file are gone. */
    private static final class Deletes {
        private int files;
        private long rows;
        private long bytes;
        private long last;
    }

    private TableFiles(Table table) {
        this.table = table;
        this.ordering = ordering(table);
        this.open = ScanCost.open(table);
        this.partitions = PartitionMap.create(table.specs());
    }

    static TableFiles of(Table table) {
        TableFiles files = new TableFiles(table);
        Snapshot snapshot = table.currentSnapshot();
        if (snapshot != null) {
            List<ManifestFile> deletes = snapshot.deleteManifests(table.io());
            List<ManifestFile> data = snapshot.dataManifests(table.io());
            files.manifests.addAll(data);
            files.manifests.addAll(deletes);
            // Deletes first: a data file then knows what it lost.
            each(deletes, m -> ManifestFiles.readDeleteManifest(m, table.io(), table.specs()), files::deletes);
            each(data, m -> ManifestFiles.read(m, table.io(), table.specs()), files::data);
        }
        return files;
    }

    Table table() {
        return table;
    }

    /** What to open a file costs. */
    long open() {
        return open;
    }

    Collection<PartitionFiles> partitions() {
        return partitions.values();
    }

    /** The columns by which the table's rows are to be ordered; empty: by none. */
    List<NestedField> ordering() {
        return ordering;
    }

    /** Whether compaction brings values of several columns together in place of a sort order. */
    boolean isZOrdered() {
        return table.properties().containsKey(Compaction.Z_ORDER);
    }

    List<ManifestFile> manifests() {
        return manifests;
    }

    /** By field id: bytes, values and nulls of a column. */
    Map<Integer, long[]> columns() {
        return columns;
    }

    long positionDeleteFiles() {
        return positionDeleteFiles;
    }

    long deletionVectors() {
        return deletionVectors;
    }

    long equalityDeleteFiles() {
        return equalityDeleteFiles;
    }

    long deleteBytes() {
        return deleteBytes;
    }

    /** How values of an ordering column compare. */
    @SuppressWarnings("unchecked")
    static Comparator<Object> order(NestedField column) {
        return (Comparator<Object>)
                (Comparator<?>) Comparators.forType(column.type().asPrimitiveType());
    }

    private static List<NestedField> ordering(Table table) {
        String together = table.properties().get(Compaction.Z_ORDER);
        if (together != null) {
            List<NestedField> fields = new ArrayList<>();
            for (String name : together.split(",")) {
                fields.add(table.schema().findField(name));
            }
            fields.removeIf(field -> field == null || !field.type().isPrimitiveType());
            return fields;
        }
        List<SortField> sorted = table.sortOrder().fields();
        // Files are told apart by the column that comes first.
        return sorted.isEmpty() || !sorted.get(0).transform().isIdentity()
                ? List.of()
                : List.of(table.schema().findField(sorted.get(0).sourceId()));
    }

    private static <F extends ContentFile<F>> void each(
            List<ManifestFile> manifests, Function<ManifestFile, CloseableIterable<F>> reading, Consumer<F> use) {
        List<CloseableIterable<F>> files = manifests.stream().map(reading).toList();
        try (ParallelIterable<F> all = new ParallelIterable<>(files, ThreadPools.getWorkerPool());
                CloseableIterator<F> iterator = all.iterator()) {
            iterator.forEachRemaining(use);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PartitionFiles partition(ContentFile<?> file) {
        PartitionFiles known = partitions.get(file.specId(), file.partition());
        if (known == null) {
            known = new PartitionFiles(table.specs().get(file.specId()), file.partition(), open);
            partitions.put(file.specId(), file.partition(), known);
        }
        return known;
    }

    private void deletes(DeleteFile file) {
        boolean vector = ContentFileUtil.isDV(file);
        // A vector lies in a file with others.
        long bytes = vector ? file.contentSizeInBytes() : file.fileSizeInBytes();
        deleteBytes += bytes;
        PartitionFiles partition = partition(file);
        partition.written(file.dataSequenceNumber());
        if (file.content() == FileContent.EQUALITY_DELETES) {
            equalityDeleteFiles++;
            partition.deletes(file.dataSequenceNumber() - 1, bytes);
            return;
        }
        if (vector) {
            deletionVectors++;
        } else {
            positionDeleteFiles++;
        }
        String data = ContentFileUtil.referencedDataFileLocation(file);
        if (data == null) {
            partition.deletes(file.dataSequenceNumber(), bytes);
            return;
        }
        Deletes of = byFile.computeIfAbsent(data, unused -> new Deletes());
        of.files++;
        of.rows += file.recordCount();
        of.bytes += bytes;
        of.last = Math.max(of.last, file.dataSequenceNumber());
    }

    private void data(DataFile file) {
        PartitionFiles partition = partition(file);
        Deletes own = byFile.remove(file.location());
        PartitionFiles.Shared shared = partition.deletesSince(file.dataSequenceNumber());
        List<Bounds> bounds = new ArrayList<>();
        for (NestedField column : ordering) {
            bounds.add(bounds(file, column));
        }
        partition.add(new FileFacts(
                file.fileSizeInBytes(),
                file.recordCount(),
                file.dataSequenceNumber(),
                file.fileSequenceNumber() > file.dataSequenceNumber(),
                (own == null ? 0 : own.files) + shared.files(),
                own == null ? 0 : own.rows,
                (own == null ? 0 : own.bytes) + shared.bytes(),
                Math.max(own == null ? 0 : own.last, shared.last()),
                bounds));
        if (file.columnSizes() != null) {
            file.columnSizes().forEach((id, bytes) -> column(id)[0] += bytes);
        }
        if (file.valueCounts() != null) {
            file.valueCounts().forEach((id, values) -> column(id)[1] += values);
        }
        if (file.nullValueCounts() != null) {
            file.nullValueCounts().forEach((id, nulls) -> column(id)[2] += nulls);
        }
    }

    /** Deletes of data files that the table holds no more. */
    long danglingDeletes() {
        return byFile.values().stream().mapToLong(deletes -> deletes.files).sum();
    }

    /** Their bytes. */
    long danglingBytes() {
        return byFile.values().stream().mapToLong(deletes -> deletes.bytes).sum();
    }

    /** The delete files of data files that the current snapshot holds no more. */
    static List<DeleteFile> dangling(Table table) {
        TableFiles files = of(table);
        List<DeleteFile> dangling = new ArrayList<>();
        Snapshot snapshot = table.currentSnapshot();
        if (snapshot != null && !files.byFile.isEmpty()) {
            each(
                    snapshot.deleteManifests(table.io()),
                    manifest -> ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs()),
                    file -> {
                        String data = ContentFileUtil.referencedDataFileLocation(file);
                        if (data != null && files.byFile.containsKey(data)) {
                            dangling.add(file);
                        }
                    });
        }
        return dangling;
    }

    private long[] column(int id) {
        return columns.computeIfAbsent(id, unused -> new long[3]);
    }

    private static Bounds bounds(DataFile file, NestedField column) {
        ByteBuffer lower =
                file.lowerBounds() == null ? null : file.lowerBounds().get(column.fieldId());
        ByteBuffer upper =
                file.upperBounds() == null ? null : file.upperBounds().get(column.fieldId());
        if (lower == null || upper == null) {
            return null;
        }
        return new Bounds(
                Conversions.fromByteBuffer(column.type(), lower), Conversions.fromByteBuffer(column.type(), upper));
    }
}
