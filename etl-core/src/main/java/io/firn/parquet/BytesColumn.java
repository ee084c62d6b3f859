package io.firn.parquet;

import java.math.BigInteger;
import java.util.Arrays;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Text, bytes, and what Parquet has as bytes of one length: fixed, UUIDs, long decimals. */
final class BytesColumn extends DictionaryColumn {
    enum Kind {
        TEXT,
        BYTES,
        FIXED,
        UUID,
        DECIMAL;

        boolean isFixed() {
            return this != TEXT && this != BYTES;
        }
    }

    private final Kind kind;
    private final int fixedLength;
    private final int precision;
    private final int scale;
    private final Bounds page;
    private final Bounds file;
    private BytesDictionary dictionary;
    private long plainBytes;

    BytesColumn(ColumnDescriptor column, Kind kind, int precision, int scale, FileSettings settings, Memory memory) {
        super(column, settings, memory);
        this.kind = kind;
        this.precision = precision;
        this.scale = scale;
        fixedLength = column.getPrimitiveType().getTypeLength();
        page = new Bounds(kind == Kind.DECIMAL);
        file = new Bounds(kind == Kind.DECIMAL);
        dictionary = new BytesDictionary(memory);
    }

    @Override
    void put(SpecializedGetters in, int at) {
        switch (kind) {
            case TEXT -> {
                UTF8String text = in.getUTF8String(at);
                if (text.getBaseObject() instanceof byte[] bytes) {
                    put(bytes, (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET), text.numBytes());
                } else {
                    put(text.getBytes());
                }
            }
            case BYTES -> put(in.getBinary(at));
            case FIXED -> put(fixed(in.getBinary(at)));
            case UUID -> put(uuid(in.getUTF8String(at)));
            case DECIMAL ->
                put(signExtended(
                        in.getDecimal(at, precision, scale).toJavaBigDecimal().unscaledValue()));
        }
    }

    private void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int from, int length) {
        if (inDictionary()) {
            putId(dictionary.idOf(bytes, from, length));
            plainBytes += length + (kind.isFixed() ? 0 : 4);
        } else {
            page.see(bytes, from, length);
            putPlain(bytes, from, length, plain);
        }
    }

    private void putPlain(byte[] bytes, int from, int length, PageBuffer out) {
        if (!kind.isFixed()) {
            out.putInt(length);
        }
        out.put(bytes, from, length);
    }

    private byte[] fixed(byte[] value) {
        if (value.length != fixedLength) {
            throw new IllegalStateException(
                    "a value of " + value.length + " bytes for a column of exactly " + fixedLength);
        }
        return value;
    }

    private static byte[] uuid(UTF8String text) {
        java.util.UUID uuid = java.util.UUID.fromString(text.toString());
        byte[] bytes = new byte[16];
        long high = uuid.getMostSignificantBits();
        long low = uuid.getLeastSignificantBits();
        for (int i = 0; i < 8; i++) {
            bytes[i] = (byte) (high >>> (56 - 8 * i));
            bytes[i + 8] = (byte) (low >>> (56 - 8 * i));
        }
        return bytes;
    }

    private byte[] signExtended(BigInteger value) {
        byte[] shortest = value.toByteArray();
        byte[] bytes = new byte[fixedLength];
        Arrays.fill(bytes, value.signum() < 0 ? (byte) -1 : 0);
        System.arraycopy(shortest, 0, bytes, fixedLength - shortest.length, shortest.length);
        return bytes;
    }

    @Override
    void summarize(Statistics<?> statistics) {
        plainBytes = 0;
        if (page.isEmpty()) {
            return;
        }
        byte[] least = page.lower();
        byte[] greatest = page.upper();
        statistics.updateStats(Binary.fromConstantByteArray(least));
        statistics.updateStats(Binary.fromConstantByteArray(greatest));
        file.see(least, 0, least.length);
        file.see(greatest, 0, greatest.length);
        page.clear();
    }

    @Override
    byte[] lower() {
        return file.isEmpty() ? null : file.lower();
    }

    @Override
    byte[] upper() {
        return file.isEmpty() ? null : file.upper();
    }

    @Override
    int distinct() {
        return dictionary.size();
    }

    @Override
    int dictionaryBytes() {
        return dictionary.totalLength() + (kind.isFixed() ? 0 : 4 * dictionary.size());
    }

    @Override
    long plainBytes() {
        return plainBytes;
    }

    @Override
    void putPlain(int id) {
        see(id);
        putPlain(dictionary.bytes(), dictionary.from(id), dictionary.length(id), plain);
    }

    @Override
    void see(int id) {
        page.see(dictionary.bytes(), dictionary.from(id), dictionary.length(id));
    }

    @Override
    void putDictionary(PageBuffer out) {
        for (int id = 0; id < dictionary.size(); id++) {
            putPlain(dictionary.bytes(), dictionary.from(id), dictionary.length(id), out);
        }
    }

    @Override
    void newDictionary() {
        dictionary = new BytesDictionary(memory);
    }

    @Override
    void dropDictionary() {
        dictionary.release();
        dictionary = null;
    }
}
