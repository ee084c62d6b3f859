package io.firn.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Numbers of four or eight bytes, dates, times, and decimals of up to 18 digits. */
final class NumberColumn extends DictionaryColumn {
    enum Kind {
        INT(4),
        LONG(8),
        FLOAT(4),
        DOUBLE(8),
        SHORT_DECIMAL(4),
        DECIMAL(8);

        private final int width;

        Kind(int width) {
            this.width = width;
        }
    }

    private final Kind kind;
    private final int precision;
    private final int scale;
    private LongDictionary dictionary;
    private long plainBytes;
    /** Of the page and of the file, as numbers that order as the values do. */
    private long least = Long.MAX_VALUE;

    private long greatest = Long.MIN_VALUE;
    private long fileLeast = Long.MAX_VALUE;
    private long fileGreatest = Long.MIN_VALUE;
    private boolean nanOnPage;
    private long nans;

    NumberColumn(ColumnDescriptor column, Kind kind, int precision, int scale, FileSettings settings, Memory memory) {
        super(column, settings, memory);
        this.kind = kind;
        this.precision = precision;
        this.scale = scale;
        dictionary = new LongDictionary(memory);
    }

    @Override
    void put(SpecializedGetters in, int at) {
        long value = bits(in, at);
        if (inDictionary()) {
            putId(dictionary.idOf(value));
            plainBytes += kind.width;
            return;
        }
        note(value);
        putPlain(value, plain);
    }

    private long bits(SpecializedGetters in, int at) {
        return switch (kind) {
            case INT -> in.getInt(at);
            case LONG -> in.getLong(at);
            case FLOAT -> noteNan(in.getFloat(at));
            case DOUBLE -> noteNan(in.getDouble(at));
            case SHORT_DECIMAL, DECIMAL -> in.getDecimal(at, precision, scale).toUnscaledLong();
        };
    }

    private long noteNan(float value) {
        if (Float.isNaN(value)) {
            nans++;
        }
        return Float.floatToRawIntBits(value);
    }

    private long noteNan(double value) {
        if (Double.isNaN(value)) {
            nans++;
        }
        return Double.doubleToRawLongBits(value);
    }

    private void putPlain(long value, PageBuffer out) {
        if (kind.width == 4) {
            out.putInt((int) value);
        } else {
            out.putLong(value);
        }
    }

    private void note(long value) {
        if (isNan(value)) {
            nanOnPage = true;
            return;
        }
        long rank = ranked(value);
        least = Math.min(least, rank);
        greatest = Math.max(greatest, rank);
    }

    private boolean isNan(long value) {
        return switch (kind) {
            case FLOAT -> Float.isNaN(Float.intBitsToFloat((int) value));
            case DOUBLE -> Double.isNaN(Double.longBitsToDouble(value));
            default -> false;
        };
    }

    /** Bits as a number that orders as the values do; the same again gives the bits back. */
    private long ranked(long bits) {
        return switch (kind) {
            case FLOAT -> bits ^ ((bits >> 63) & Integer.MAX_VALUE);
            case DOUBLE -> bits ^ ((bits >> 63) & Long.MAX_VALUE);
            default -> bits;
        };
    }

    @Override
    void summarize(Statistics<?> statistics) {
        plainBytes = 0;
        if (least <= greatest) {
            update(statistics, least);
            update(statistics, greatest);
            fileLeast = Math.min(fileLeast, least);
            fileGreatest = Math.max(fileGreatest, greatest);
        }
        // As Parquet's own writer has it: a page with one has no useful bounds.
        if (nanOnPage && kind == Kind.FLOAT) {
            statistics.updateStats(Float.NaN);
        } else if (nanOnPage) {
            statistics.updateStats(Double.NaN);
        }
        nanOnPage = false;
        least = Long.MAX_VALUE;
        greatest = Long.MIN_VALUE;
    }

    private void update(Statistics<?> statistics, long rank) {
        switch (kind) {
            case INT, SHORT_DECIMAL -> statistics.updateStats((int) rank);
            case LONG, DECIMAL -> statistics.updateStats(rank);
            case FLOAT -> statistics.updateStats(Float.intBitsToFloat((int) ranked(rank)));
            case DOUBLE -> statistics.updateStats(Double.longBitsToDouble(ranked(rank)));
        }
    }

    @Override
    byte[] lower() {
        return bound(fileLeast);
    }

    @Override
    byte[] upper() {
        return bound(fileGreatest);
    }

    private byte[] bound(long rank) {
        if (fileLeast > fileGreatest) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(kind.width).order(ByteOrder.LITTLE_ENDIAN);
        return (kind.width == 4 ? bytes.putInt((int) ranked(rank)) : bytes.putLong(ranked(rank))).array();
    }

    @Override
    long nans() {
        return nans;
    }

    @Override
    int distinct() {
        return dictionary.size();
    }

    @Override
    int dictionaryBytes() {
        return dictionary.size() * kind.width;
    }

    @Override
    long plainBytes() {
        return plainBytes;
    }

    @Override
    void putPlain(int id) {
        see(id);
        putPlain(dictionary.value(id), plain);
    }

    @Override
    void see(int id) {
        note(dictionary.value(id));
    }

    @Override
    void putDictionary(PageBuffer out) {
        for (int id = 0; id < dictionary.size(); id++) {
            putPlain(dictionary.value(id), out);
        }
    }

    @Override
    void newDictionary() {
        dictionary = new LongDictionary(memory);
    }

    @Override
    void dropDictionary() {
        dictionary.release();
        dictionary = null;
    }
}
