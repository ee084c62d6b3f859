package io.firn.table;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** One Spark row as Iceberg's partition transforms read it. Reused for every row. */
final class PartitionSource implements StructLike {
    private final List<NestedField> fields;
    private final PartitionSource[] nested;
    private final UTF8String[] lastText;
    private final Object[] lastValue;
    private InternalRow row;

    PartitionSource(Types.StructType type) {
        this.fields = type.fields();
        this.nested = new PartitionSource[fields.size()];
        this.lastText = new UTF8String[fields.size()];
        this.lastValue = new Object[fields.size()];
    }

    PartitionSource wrap(InternalRow row) {
        this.row = row;
        return this;
    }

    @Override
    public int size() {
        return fields.size();
    }

    @Override
    public <T> T get(int position, Class<T> javaClass) {
        return row.isNullAt(position) ? null : javaClass.cast(value(position));
    }

    @Override
    public <T> void set(int position, T value) {
        throw new UnsupportedOperationException("rows are only read here");
    }

    private Object value(int position) {
        Type type = fields.get(position).type();
        return switch (type.typeId()) {
            case BOOLEAN -> row.getBoolean(position);
            case INTEGER, DATE -> row.getInt(position);
            case LONG, TIMESTAMP -> row.getLong(position);
            case FLOAT -> row.getFloat(position);
            case DOUBLE -> row.getDouble(position);
            case STRING, UUID -> text(position, type);
            case BINARY, FIXED -> ByteBuffer.wrap(row.getBinary(position));
            case DECIMAL -> {
                Types.DecimalType decimal = (Types.DecimalType) type;
                yield row.getDecimal(position, decimal.precision(), decimal.scale())
                        .toJavaBigDecimal();
            }
            case STRUCT -> {
                if (nested[position] == null) {
                    nested[position] = new PartitionSource(type.asStructType());
                }
                yield nested[position].wrap(row.getStruct(position, nested[position].size()));
            }
            default -> throw new IllegalStateException("No partition transform reads " + type);
        };
    }

    /** Neighbouring rows mostly hold the same text, which then is not decoded again. */
    private Object text(int position, Type type) {
        UTF8String text = row.getUTF8String(position);
        if (!text.equals(lastText[position])) {
            lastText[position] = text.copy();
            lastValue[position] =
                    type.typeId() == Type.TypeID.UUID ? UUID.fromString(text.toString()) : text.toString();
        }
        return lastValue[position];
    }
}
