package io.firn.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** One column: gathers a page's values, and the chunk's finished pages until the row group is written. */
abstract class ColumnWriter extends FieldWriter {
    /** As Parquet's own writer; readers skip by pages. */
    private static final int MAX_PAGE_VALUES = 20_000;

    private final ColumnDescriptor column;
    private final boolean optional;
    private final int definition;
    final FileSettings settings;
    final Memory memory;
    private final Levels levels;
    private final List<Page> pages = new ArrayList<>();
    private long pagesBytes;
    private long chunkValues;
    private long values;
    private long nulls;

    ColumnWriter(ColumnDescriptor column, FileSettings settings, Memory memory) {
        this.column = column;
        this.settings = settings;
        this.memory = memory;
        optional = column.getPrimitiveType().isRepetition(Repetition.OPTIONAL);
        definition = column.getMaxDefinitionLevel();
        levels = new Levels(column.getMaxRepetitionLevel(), definition, memory);
    }

    @Override
    final void write(SpecializedGetters in, int at, int repetition) {
        if (in.isNullAt(at)) {
            if (!optional) {
                throw missing(String.join(".", column.getPath()));
            }
            levels.absent(repetition, definition - 1);
            return;
        }
        put(in, at);
        levels.present(repetition);
    }

    @Override
    final void absent(int repetition, int level) {
        levels.absent(repetition, level);
    }

    final PrimitiveType type() {
        return column.getPrimitiveType();
    }

    /** Takes a value that is there. */
    abstract void put(SpecializedGetters in, int at);

    /** What the values of the page take so far, about. */
    abstract int valueBytes();

    /** Whether the page should end for a reason of its encoding's. */
    abstract boolean isDue();

    /** Writes the page's values. */
    abstract Encoding encode(PageBuffer out, Scratch scratch);

    /** Notes the page's least and greatest value, and forgets its values. */
    abstract void summarize(Statistics<?> statistics);

    /** The dictionary, or null; the column begins anew. */
    abstract DictionaryPage endDictionary(Scratch scratch);

    /** The least and greatest value of the file in Parquet's plain form; null where there is none. */
    abstract byte[] lower();

    abstract byte[] upper();

    /** Values that are not a number. */
    long nans() {
        return 0;
    }

    /** The bytes that the column will about take of the file, in the present row group. */
    final long length() {
        return pagesBytes + valueBytes();
    }

    final boolean isPageDue() {
        return levels.count() >= MAX_PAGE_VALUES || valueBytes() >= settings.pageBytes() || isDue();
    }

    /** Ends the page after so many rows. */
    final void endPage(int rows, Scratch scratch) {
        if (levels.count() == 0) {
            return;
        }
        PageBuffer out = scratch.page();
        levels.write(out, scratch);
        Encoding encoding = encode(out, scratch);
        Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
        statistics.incrementNumNulls(levels.absent());
        summarize(statistics);
        byte[] body = settings.codec().compress(out, scratch);
        pages.add(new Page(BytesInput.from(body), out.length(), levels.count(), rows, statistics, encoding));
        pagesBytes += body.length;
        memory.add(body.length);
        chunkValues += levels.count();
        nulls += levels.absent();
        levels.clear();
    }

    /** Writes the chunk, whose pages have all ended. */
    final void endChunk(ParquetFileWriter out, Scratch scratch) throws IOException {
        out.startColumn(column, chunkValues, settings.codec().parquet());
        DictionaryPage dictionary = endDictionary(scratch);
        if (dictionary != null) {
            out.writeDictionaryPage(dictionary);
        }
        for (Page page : pages) {
            out.writeDataPage(
                    page.values(),
                    page.uncompressed(),
                    page.body(),
                    page.statistics(),
                    page.rows(),
                    Encoding.RLE,
                    Encoding.RLE,
                    page.encoding());
        }
        out.endColumn();
        memory.add(-pagesBytes);
        pages.clear();
        pagesBytes = 0;
        values += chunkValues;
        chunkValues = 0;
    }

    /** What the file's values came to. */
    final ColumnFacts facts(long size) {
        return new ColumnFacts(
                column.getPrimitiveType().getId().intValue(),
                column.getMaxRepetitionLevel() > 0,
                size,
                values,
                nulls,
                nans(),
                buffer(lower()),
                buffer(upper()));
    }

    private static ByteBuffer buffer(byte[] value) {
        return value == null ? null : ByteBuffer.wrap(value);
    }
}
