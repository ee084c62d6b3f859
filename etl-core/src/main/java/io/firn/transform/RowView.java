package io.firn.transform;

import java.util.List;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
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
 * A row made of values that lie in other rows, so that a column which no step touches is never copied. The rows behind
 * it change under it; {@link #copy} holds what they hold now.
 */
final class RowView extends InternalRow {
    private final transient InternalRow[] rows;
    private final int[] row;
    private final int[] ordinal;
    private final DataType[] types;

    RowView(List<Variable> variables, InternalRow[] rows) {
        this.rows = rows;
        this.row = variables.stream().mapToInt(Variable::row).toArray();
        this.ordinal = variables.stream().mapToInt(Variable::ordinal).toArray();
        this.types = variables.stream().map(Variable::type).toArray(DataType[]::new);
    }

    @Override
    public int numFields() {
        return row.length;
    }

    @Override
    public boolean isNullAt(int i) {
        return rows[row[i]].isNullAt(ordinal[i]);
    }

    @Override
    public boolean getBoolean(int i) {
        return rows[row[i]].getBoolean(ordinal[i]);
    }

    @Override
    public byte getByte(int i) {
        return rows[row[i]].getByte(ordinal[i]);
    }

    @Override
    public short getShort(int i) {
        return rows[row[i]].getShort(ordinal[i]);
    }

    @Override
    public int getInt(int i) {
        return rows[row[i]].getInt(ordinal[i]);
    }

    @Override
    public long getLong(int i) {
        return rows[row[i]].getLong(ordinal[i]);
    }

    @Override
    public float getFloat(int i) {
        return rows[row[i]].getFloat(ordinal[i]);
    }

    @Override
    public double getDouble(int i) {
        return rows[row[i]].getDouble(ordinal[i]);
    }

    @Override
    public Decimal getDecimal(int i, int precision, int scale) {
        return rows[row[i]].getDecimal(ordinal[i], precision, scale);
    }

    @Override
    public UTF8String getUTF8String(int i) {
        return rows[row[i]].getUTF8String(ordinal[i]);
    }

    @Override
    public byte[] getBinary(int i) {
        return rows[row[i]].getBinary(ordinal[i]);
    }

    @Override
    public GeographyVal getGeography(int i) {
        return rows[row[i]].getGeography(ordinal[i]);
    }

    @Override
    public GeometryVal getGeometry(int i) {
        return rows[row[i]].getGeometry(ordinal[i]);
    }

    @Override
    public CalendarInterval getInterval(int i) {
        return rows[row[i]].getInterval(ordinal[i]);
    }

    @Override
    public VariantVal getVariant(int i) {
        return rows[row[i]].getVariant(ordinal[i]);
    }

    @Override
    public InternalRow getStruct(int i, int fields) {
        return rows[row[i]].getStruct(ordinal[i], fields);
    }

    @Override
    public ArrayData getArray(int i) {
        return rows[row[i]].getArray(ordinal[i]);
    }

    @Override
    public MapData getMap(int i) {
        return rows[row[i]].getMap(ordinal[i]);
    }

    @Override
    public Object get(int i, DataType type) {
        return isNullAt(i) ? null : rows[row[i]].get(ordinal[i], type);
    }

    @Override
    public InternalRow copy() {
        Object[] values = new Object[row.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = InternalRow.copyValue(get(i, types[i]));
        }
        return new GenericInternalRow(values);
    }

    @Override
    public void setNullAt(int i) {
        throw new UnsupportedOperationException("a view is read only");
    }

    @Override
    public void update(int i, Object value) {
        throw new UnsupportedOperationException("a view is read only");
    }
}
