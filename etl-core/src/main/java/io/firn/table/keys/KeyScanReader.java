package io.firn.table.keys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Partitioning;
import org.apache.iceberg.ScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.deletes.PositionDeleteIndexUtil;
import org.apache.iceberg.encryption.EncryptingFileIO;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.spark.SparkExecutorCache;
import org.apache.iceberg.spark.SparkUtil;
import org.apache.iceberg.spark.data.vectorized.ColumnVectorWithFilter;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.PartitionUtil;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.iceberg.util.ThreadPools;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads the rows of a partition that may have one of the keys: vectors are filled from the pages that may hold one, or by
 * Iceberg's reader from whole row groups, the keys choose rows, and deletes are asked about those alone.
 */
final class KeyScanReader implements PartitionReader<ColumnarBatch> {
    private final ScanPartition partition;
    private final KeyHashes keys;
    private final KeyHasher hasher;
    private final EncryptingFileIO io;
    private final Iterator<? extends ScanTask> tasks;
    private final Schema read;
    private final int position;
    private final Deletes deletes = new Deletes();
    private final TaskContext context = TaskContext.get();
    private final int rowsAtOnce;
    private final long[] hashes;
    private final int[] chosen;

    private FileScanTask task;
    private CloseableIterator<ColumnarBatch> batches = CloseableIterator.empty();
    /** Null: not needed so far. */
    private PositionDeleteIndex deleted;

    private ColumnarBatch current;

    KeyScanReader(ScanPartition partition, KeyHashes keys, KeyHasher hasher) {
        this.partition = partition;
        this.keys = keys;
        this.hasher = hasher;
        this.io = EncryptingFileIO.combine(partition.io(), partition.table().encryption());
        this.tasks = partition.tasks().iterator();
        boolean deletes = partition.tasks().stream()
                .anyMatch(task -> !task.asFileScanTask().deletes().isEmpty());
        this.read = deletes ? withPosition(partition.projection()) : partition.projection();
        this.rowsAtOnce = PropertyUtil.propertyAsInt(
                partition.table().properties(),
                TableProperties.PARQUET_BATCH_SIZE,
                TableProperties.PARQUET_BATCH_SIZE_DEFAULT);
        this.hashes = new long[rowsAtOnce];
        this.chosen = new int[rowsAtOnce];
        this.position = read.columns().indexOf(read.findField(MetadataColumns.ROW_POSITION.fieldId()));
    }

    @Override
    public boolean next() throws IOException {
        while (true) {
            context.killTaskIfInterrupted();
            if (batches.hasNext()) {
                current = chosen(batches.next());
                if (current.numRows() > 0) {
                    return true;
                }
            } else if (tasks.hasNext()) {
                batches.close();
                task = tasks.next().asFileScanTask();
                deleted = null;
                batches = open();
            } else {
                return false;
            }
        }
    }

    @Override
    public ColumnarBatch get() {
        return current;
    }

    @Override
    public void close() throws IOException {
        batches.close();
    }

    private CloseableIterator<ColumnarBatch> open() throws IOException {
        InputFile file = io.newInputFile(task.file());
        Map<Integer, ?> constants = constants();
        if (keys.numbers() != null) {
            int key = read.columns().get(hasher.first()).fieldId();
            Optional<PageReader> pages = PageReader.open(file, task, read, constants, key, keys.numbers(), rowsAtOnce);
            if (pages.isPresent()) {
                return pages.get();
            }
        }
        return wholeRowGroups(file, constants).iterator();
    }

    /** Vectors are not reused: Iceberg then frees those of the row lineage, which it otherwise forgets (1.11). */
    private CloseableIterable<ColumnarBatch> wholeRowGroups(InputFile file, Map<Integer, ?> constants) {
        ReadBuilder<ColumnarBatch, ?> reader =
                FormatModelRegistry.readBuilder(FileFormat.PARQUET, ColumnarBatch.class, file);
        String mapping = partition.table().properties().get(TableProperties.DEFAULT_NAME_MAPPING);
        return reader.project(read)
                .idToConstant(constants)
                .split(task.start(), task.length())
                .filter(task.residual())
                .caseSensitive(partition.caseSensitive())
                .recordsPerBatch(rowsAtOnce)
                .withNameMapping(mapping == null ? null : NameMappingParser.fromJson(mapping))
                .build();
    }

    private Map<Integer, ?> constants() {
        return read.findField(MetadataColumns.PARTITION_COLUMN_ID) == null
                ? PartitionUtil.constantsMap(task, SparkUtil::internalToSpark)
                : PartitionUtil.constantsMap(
                        task, Partitioning.partitionType(partition.table()), SparkUtil::internalToSpark);
    }

    private ColumnarBatch chosen(ColumnarBatch batch) {
        int rows = withKey(batch);
        if (rows > 0 && !task.deletes().isEmpty()) {
            rows = living(batch.column(position), rows);
        }
        ColumnVector[] columns =
                new ColumnVector[partition.projection().columns().size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnVectorWithFilter(batch.column(i), chosen);
        }
        return new ColumnarBatch(columns, rows);
    }

    /** Chooses rows by the number in the key's first column, if it has one, and of these by the hash of the whole key. */
    private int withKey(ColumnarBatch batch) {
        int count = batch.numRows();
        if (keys.numbers() == null) {
            Arrays.setAll(chosen, row -> row);
        } else {
            count = keys.numbers().choose(batch.column(hasher.first()), count, chosen);
        }
        hasher.hash(batch, chosen, count, hashes);
        int rows = 0;
        for (int i = 0; i < count; i++) {
            chosen[rows] = chosen[i];
            rows += keys.mayContain(hashes[i]) ? 1 : 0;
        }
        return rows;
    }

    /** Leaves only those of the chosen rows that are not deleted. */
    private int living(ColumnVector positions, int rows) {
        if (deleted == null) {
            deleted = deletes.load(task);
        }
        int living = 0;
        for (int i = 0; i < rows; i++) {
            chosen[living] = chosen[i];
            living += deleted.isDeleted(positions.getLong(chosen[i])) ? 0 : 1;
        }
        return living;
    }

    private static Schema withPosition(Schema projection) {
        if (projection.findField(MetadataColumns.ROW_POSITION.fieldId()) != null) {
            return projection;
        }
        List<NestedField> columns = new ArrayList<>(projection.columns());
        columns.add(MetadataColumns.ROW_POSITION);
        return new Schema(columns);
    }

    /** A delete file is read once for all tasks of an executor that need it. */
    private final class Deletes extends BaseDeleteLoader {
        private final SparkExecutorCache cache = SparkExecutorCache.getOrCreate();

        private Deletes() {
            super((DeleteFile file) -> io.newInputFile(file), null);
        }

        /** By a pool, but not by Iceberg's way of waiting for one, which sleeps 10 ms for each data file. */
        private PositionDeleteIndex load(FileScanTask task) {
            String path = task.file().location();
            List<CompletableFuture<PositionDeleteIndex>> loading = task.deletes().stream()
                    .map(file -> CompletableFuture.supplyAsync(
                            () -> loadPositionDeletes(List.of(file), path), ThreadPools.getDeleteWorkerPool()))
                    .toList();
            return PositionDeleteIndexUtil.merge(
                    loading.stream().map(CompletableFuture::join).toList());
        }

        @Override
        protected boolean canCache(long size) {
            return cache != null && size < cache.maxEntrySize();
        }

        @Override
        protected <V> V getOrLoad(String key, Supplier<V> value, long size) {
            return cache.getOrLoad(partition.table().name(), key, value, size);
        }
    }
}
