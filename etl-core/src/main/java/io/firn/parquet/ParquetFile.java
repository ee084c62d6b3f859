package io.firn.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Writes rows into one Parquet file, column by column. Nothing is created before the first row group is complete, so
 * that an unfinished small file is memory and no more. For one thread; ends with {@link #close} or {@link #discard}.
 */
public final class ParquetFile {
    private static final int ROWS_BETWEEN_CHECKS = 64;
    /** Long values bring the next check forward. */
    private static final long BYTES_BETWEEN_CHECKS = 1 << 20;

    private static final int INDEXED_BYTES = 64;

    private final FileLayout layout;
    private final OutputFile file;
    private final Scratch scratch;
    private final Memory memory = new Memory();
    private final List<ColumnWriter> leaves = new ArrayList<>();
    private final ColumnWriter[] columns;
    private final int[] pageStarts;
    private final StructWriter root;
    private ParquetFileWriter out;
    private long rows;
    private int groupRows;
    private long nextCheck = BYTES_BETWEEN_CHECKS;

    /** @param scratch of the thread */
    public ParquetFile(FileLayout layout, OutputFile file, Scratch scratch) {
        this.layout = layout;
        this.file = file;
        this.scratch = scratch;
        root = layout.open(leaves, memory);
        columns = leaves.toArray(ColumnWriter[]::new);
        pageStarts = new int[columns.length];
    }

    /** Takes a row, which the caller may reuse. */
    public void write(InternalRow row) {
        root.fields(row, 0);
        groupRows++;
        if (groupRows % ROWS_BETWEEN_CHECKS == 0 || memory.held() > nextCheck) {
            endDuePages();
        }
    }

    /** What the file holds in memory. */
    public long held() {
        return memory.held();
    }

    /** Whether a stream is open. */
    public boolean isBegun() {
        return out != null;
    }

    public long rows() {
        return rows + groupRows;
    }

    /** About the length the file would have now. */
    public long length() {
        long length = 0;
        for (ColumnWriter column : columns) {
            length += column.length();
        }
        try {
            return out == null ? length : out.getPos() + length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes what is left, and the footer. */
    public FileFacts close() throws IOException {
        endRowGroup();
        try (ParquetFileWriter closing = out) {
            closing.end(layout.settings().metadata());
            return facts(closing);
        }
    }

    /** Closes the stream, if there is one; what was written is no file. */
    public void discard() throws IOException {
        if (out != null) {
            out.close();
        }
    }

    private void endDuePages() {
        long gathered = 0;
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].isPageDue()) {
                endPage(i);
            }
            gathered += columns[i].length();
        }
        nextCheck = memory.held() + BYTES_BETWEEN_CHECKS;
        // Not what is held: buffers that stay for the next group would make each check end one.
        if (gathered >= layout.settings().rowGroupBytes()) {
            try {
                endRowGroup();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void endPage(int column) {
        columns[column].endPage(groupRows - pageStarts[column], scratch);
        pageStarts[column] = groupRows;
    }

    private void endRowGroup() throws IOException {
        begin();
        if (groupRows == 0) {
            return;
        }
        out.startBlock(groupRows);
        for (int i = 0; i < columns.length; i++) {
            endPage(i);
            columns[i].endChunk(out, scratch);
            pageStarts[i] = 0;
        }
        out.endBlock();
        rows += groupRows;
        groupRows = 0;
        nextCheck = memory.held() + BYTES_BETWEEN_CHECKS;
    }

    private void begin() throws IOException {
        if (out == null) {
            out = new ParquetFileWriter(
                    file,
                    layout.schema(),
                    ParquetFileWriter.Mode.CREATE,
                    layout.settings().rowGroupBytes(),
                    0,
                    INDEXED_BYTES,
                    Integer.MAX_VALUE,
                    false,
                    (FileEncryptionProperties) null);
            out.start();
        }
    }

    private FileFacts facts(ParquetFileWriter closed) throws IOException {
        long[] sizes = new long[columns.length];
        List<Long> groups = new ArrayList<>();
        for (BlockMetaData block : closed.getFooter().getBlocks()) {
            groups.add(block.getStartingPos());
            for (int i = 0; i < columns.length; i++) {
                sizes[i] += block.getColumns().get(i).getTotalSize();
            }
        }
        List<ColumnFacts> facts = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            facts.add(columns[i].facts(sizes[i]));
        }
        return new FileFacts(closed.getPos(), rows, groups, facts);
    }
}
