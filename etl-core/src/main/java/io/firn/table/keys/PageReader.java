package io.firn.table.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PrimitiveIterator;

import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.io.InputFile;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.SeekableInputStream;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/**
 * Reads those pages of a Parquet file that may hold a key, by the least and the greatest value in each; the others are not
 * decompressed. Iceberg reads whole row groups (1.11). The vectors of a batch are used again for the next one.
 */
final class PageReader implements CloseableIterator<ColumnarBatch> {
    private final ParquetFileReader file;
    private final PageColumns columns;
    private final long[] positions;

    private long firstPosition;
    private long nextRow;
    /** Null: all of them. */
    private PrimitiveIterator.OfLong rowsOfGroup;

    private long rowsLeft;

    private PageReader(ParquetFileReader file, PageColumns columns, int rowsAtOnce) {
        this.file = file;
        this.columns = columns;
        this.positions = new long[rowsAtOnce];
    }

    /**
     * Empty where the file needs Iceberg's own reader.
     *
     * @param constants of fields, by their ids
     * @param key the id of the field that the numbers are of
     */
    static Optional<PageReader> open(
            InputFile input,
            FileScanTask task,
            Schema read,
            Map<Integer, ?> constants,
            int key,
            KeyNumbers numbers,
            int rowsAtOnce)
            throws IOException {
        if (task.file().keyMetadata() != null) {
            return Optional.empty();
        }
        ParquetInput parquet = new ParquetInput(input);
        SeekableInputStream in = parquet.newStream();
        boolean opened = false;
        try {
            ParquetReadOptions.Builder options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                    .withRange(task.start(), task.start() + task.length())
                    .useDictionaryFilter(false)
                    .useBloomFilter(false);
            ParquetMetadata footer = ParquetFileReader.readFooter(parquet, options.build(), in);
            Optional<PageColumns> columns =
                    PageColumns.of(footer.getFileMetaData().getSchema(), read, constants, rowsAtOnce);
            Optional<FilterPredicate> filter =
                    columns.flatMap(found -> found.stored(key)).flatMap(numbers::filter);
            if (filter.isEmpty()) {
                return Optional.empty();
            }
            options.withRecordFilter(FilterCompat.get(filter.get()));
            ParquetFileReader file = new ParquetFileReader(parquet, footer, options.build(), in);
            file.setRequestedSchema(columns.get().stored());
            opened = true;
            return Optional.of(new PageReader(file, columns.get(), rowsAtOnce));
        } finally {
            if (!opened) {
                in.close();
            }
        }
    }

    @Override
    public boolean hasNext() {
        if (rowsLeft > 0) {
            return true;
        }
        try {
            PageReadStore pages = file.readNextFilteredRowGroup();
            if (pages == null) {
                return false;
            }
            columns.open(pages);
            rowsLeft = pages.getRowCount();
            firstPosition = pages.getRowIndexOffset().orElseThrow();
            nextRow = 0;
            rowsOfGroup = pages.getRowIndexes().orElse(null);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ColumnarBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int rows = (int) Math.min(rowsLeft, positions.length);
        for (int i = 0; i < rows; i++) {
            positions[i] = firstPosition + (rowsOfGroup == null ? nextRow++ : rowsOfGroup.nextLong());
        }
        rowsLeft -= rows;
        try {
            return columns.read(rows, positions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (file) {
            columns.close();
        }
    }
}
