package io.firn.parquet;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Booleans, a bit each. */
final class BooleanColumn extends ColumnWriter {
    private static final byte[] FALSE = {0};
    private static final byte[] TRUE = {1};

    private final PageBuffer bits;
    private int count;
    private boolean someTrue;
    private boolean someFalse;
    private boolean fileTrue;
    private boolean fileFalse;

    BooleanColumn(ColumnDescriptor column, FileSettings settings, Memory memory) {
        super(column, settings, memory);
        bits = new PageBuffer(memory);
    }

    @Override
    void put(SpecializedGetters in, int at) {
        if ((count & 7) == 0) {
            bits.put(0);
        }
        if (in.getBoolean(at)) {
            bits.or(count >>> 3, 1 << (count & 7));
            someTrue = true;
        } else {
            someFalse = true;
        }
        count++;
    }

    @Override
    int valueBytes() {
        return bits.length();
    }

    @Override
    boolean isDue() {
        return false;
    }

    @Override
    Encoding encode(PageBuffer out, Scratch scratch) {
        out.put(bits.bytes(), 0, bits.length());
        bits.clear(settings.pageBytes());
        count = 0;
        return Encoding.PLAIN;
    }

    @Override
    void summarize(Statistics<?> statistics) {
        if (someTrue) {
            statistics.updateStats(true);
        }
        if (someFalse) {
            statistics.updateStats(false);
        }
        fileTrue |= someTrue;
        fileFalse |= someFalse;
        someTrue = false;
        someFalse = false;
    }

    @Override
    DictionaryPage endDictionary(Scratch scratch) {
        return null;
    }

    @Override
    byte[] lower() {
        return fileFalse ? FALSE : upper();
    }

    @Override
    byte[] upper() {
        return fileTrue ? TRUE : fileFalse ? FALSE : null;
    }
}
