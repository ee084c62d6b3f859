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

/** A decoded list. */
final class DecodedList extends ArrayData {
    private final Cells cells;
    private final int size;

    DecodedList(Cells cells, int size) {
        this.cells = cells;
        this.size = size;
    }

    @Override
    public int numElements() {
        return size;
    }

    @Override
    public DecodedList copy() {
        return new DecodedList(cells.copy(size), size);
    }

    @Override
    public Object[] array() {
        throw new UnsupportedOperationException("a decoded list has no array of its boxed elements");
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
