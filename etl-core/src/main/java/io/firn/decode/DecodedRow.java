package io.firn.decode;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGettersReader;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.CalendarInterval;
import org.apache.spark.unsafe.types.GeographyVal;
import org.apache.spark.unsafe.types.GeometryVal;
import org.apache.spark.unsafe.types.UTF8String;
import org.apache.spark.unsafe.types.VariantVal;

/**
 * A row that a {@link LineDecoder} fills again and again. Slots: the columns in order, then the column of unknown keys
 * where they are kept, then the caller's own, which decoding leaves alone. Values hold until the next decode into the
 * same row; {@link #copy} makes them last.
 */
public final class DecodedRow extends InternalRow {
    private final Cells cells;
    private final int size;

    /** A row of nulls. */
    public DecodedRow(int slots) {
        this(Cells.mixed(slots), slots);
    }

    DecodedRow(Cells cells, int size) {
        this.cells = cells;
        this.size = size;
    }

    /** The first slots of this row as a row of its own, which shares its values. */
    public DecodedRow first(int slots) {
        return new DecodedRow(cells, slots);
    }

    Cells cells() {
        return cells;
    }

    @Override
    public int numFields() {
        return size;
    }

    @Override
    public DecodedRow copy() {
        return new DecodedRow(cells.copy(size), size);
    }

    /** Sets a string slot. */
    public void setUTF8String(int i, UTF8String value) {
        cells.setObject(i, value);
    }

    @Override
    public void setBoolean(int i, boolean value) {
        cells.setBits(i, value ? 1 : 0);
    }

    @Override
    public void setByte(int i, byte value) {
        cells.setBits(i, value);
    }

    @Override
    public void setShort(int i, short value) {
        cells.setBits(i, value);
    }

    @Override
    public void setInt(int i, int value) {
        cells.setBits(i, value);
    }

    @Override
    public void setLong(int i, long value) {
        cells.setBits(i, value);
    }

    @Override
    public void setFloat(int i, float value) {
        cells.setBits(i, Float.floatToRawIntBits(value));
    }

    @Override
    public void setDouble(int i, double value) {
        cells.setBits(i, Double.doubleToRawLongBits(value));
    }

    @Override
    public void setDecimal(int i, Decimal value, int precision) {
        cells.setObject(i, value);
    }

    @Override
    public boolean isNullAt(int i) {
        return cells.isNull(i);
    }

    @Override
    public boolean getBoolean(int i) {
        return cells.bits(i) != 0;
    }

    @Override
    public byte getByte(int i) {
        return (byte) cells.bits(i);
    }

    @Override
    public short getShort(int i) {
        return (short) cells.bits(i);
    }

    @Override
    public int getInt(int i) {
        return (int) cells.bits(i);
    }

    @Override
    public long getLong(int i) {
        return cells.bits(i);
    }

    @Override
    public float getFloat(int i) {
        return Float.intBitsToFloat((int) cells.bits(i));
    }

    @Override
    public double getDouble(int i) {
        return Double.longBitsToDouble(cells.bits(i));
    }

    @Override
    public Decimal getDecimal(int i, int precision, int scale) {
        return (Decimal) cells.object(i);
    }

    @Override
    public UTF8String getUTF8String(int i) {
        return (UTF8String) cells.object(i);
    }

    @Override
    public byte[] getBinary(int i) {
        return (byte[]) cells.object(i);
    }

    @Override
    public GeographyVal getGeography(int i) {
        return (GeographyVal) cells.object(i);
    }

    @Override
    public GeometryVal getGeometry(int i) {
        return (GeometryVal) cells.object(i);
    }

    @Override
    public CalendarInterval getInterval(int i) {
        return (CalendarInterval) cells.object(i);
    }

    @Override
    public VariantVal getVariant(int i) {
        return (VariantVal) cells.object(i);
    }

    @Override
    public InternalRow getStruct(int i, int fields) {
        return (InternalRow) cells.object(i);
    }

    @Override
    public ArrayData getArray(int i) {
        return (ArrayData) cells.object(i);
    }

    @Override
    public MapData getMap(int i) {
        return (MapData) cells.object(i);
    }

    @Override
    public Object get(int i, DataType type) {
        return Cells.isPlain(type) ? cells.get(i, type) : SpecializedGettersReader.read(this, i, type, true, true);
    }

    @Override
    public void setNullAt(int i) {
        cells.setNull(i);
    }

    @Override
    public void update(int i, Object value) {
        cells.set(i, value);
    }
}
