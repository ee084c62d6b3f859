package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

import io.firn.schema.Column;

class DecodedRowTest {
    private static final List<Column> COLUMNS = Samples.typedColumns();

    private final LineDecoder decoder = LineDecoder.of(COLUMNS, UnknownFields.REPORT, 2);

    @Test
    void aCopyLastsWhenTheLineAndTheRowAreUsedAgain() {
        byte[] line = Samples.typed().get(0).clone();
        DecodedRow row = decoder.row();
        assertThat(decoder.decode(line, 0, line.length, row)).isNull();
        List<Object> before = RowValues.of(row, COLUMNS);
        InternalRow copy = row.copy();
        java.util.Arrays.fill(line, (byte) 'x');
        byte[] other = Samples.typed().get(1);
        assertThat(decoder.decode(other, 0, other.length, row)).isNull();
        assertThat(RowValues.of(copy, COLUMNS)).isEqualTo(before);
        assertThat(RowValues.of(row, COLUMNS)).isNotEqualTo(before);
    }

    @Test
    void catalystReadsIt() {
        StructType schema = new StructType();
        for (Column column : COLUMNS) {
            schema = schema.add(column.name(), column.type().toSpark());
        }
        schema = schema.add("file", DataTypes.StringType).add("offset", DataTypes.LongType);
        UnsafeProjection projection = UnsafeProjection.create(schema);
        for (byte[] line : Samples.typed()) {
            DecodedRow row = decoder.row();
            assertThat(decoder.decode(line, 0, line.length, row)).isNull();
            row.setUTF8String(decoder.firstExtraSlot(), UTF8String.fromString("a.json"));
            row.setLong(decoder.firstExtraSlot() + 1, 17);
            InternalRow unsafe = projection.apply(row);
            assertThat(RowValues.of(unsafe, COLUMNS)).isEqualTo(RowValues.of(row, COLUMNS));
            assertThat(unsafe.getString(COLUMNS.size())).isEqualTo("a.json");
            assertThat(unsafe.getLong(COLUMNS.size() + 1)).isEqualTo(17);
        }
    }

    @Test
    void decodingLeavesTheCallersSlotsAlone() {
        DecodedRow row = decoder.row();
        int slot = decoder.firstExtraSlot();
        assertThat(row.numFields()).isEqualTo(COLUMNS.size() + 2);
        row.setUTF8String(slot, UTF8String.fromString("a.json"));
        byte[] line = Samples.typed().get(0);
        assertThat(decoder.decode(line, 0, line.length, row)).isNull();
        assertThat(row.getUTF8String(slot)).hasToString("a.json");
        assertThat(row.isNullAt(slot + 1)).isTrue();
        assertThat(row.anyNull()).isTrue();
        row.setNullAt(slot);
        assertThat(row.isNullAt(slot)).isTrue();
    }

    @Test
    void genericSettersAndGetters() {
        DecodedRow row = new DecodedRow(7);
        Object[] values = {
            true, 5, 6L, 1.5f, 2.5, UTF8String.fromString("x"), Decimal.apply(new java.math.BigDecimal("1.25"), 5, 2)
        };
        var types = List.of(
                DataTypes.BooleanType,
                DataTypes.IntegerType,
                DataTypes.LongType,
                DataTypes.FloatType,
                DataTypes.DoubleType,
                DataTypes.StringType,
                DataTypes.createDecimalType(5, 2));
        for (int i = 0; i < values.length; i++) {
            assertThat(row.get(i, types.get(i))).isNull();
            row.update(i, values[i]);
            assertThat(row.get(i, types.get(i))).isEqualTo(values[i]);
        }
        assertThat(row.anyNull()).isFalse();
        row.update(0, null);
        assertThat(row.isNullAt(0)).isTrue();
    }
}
