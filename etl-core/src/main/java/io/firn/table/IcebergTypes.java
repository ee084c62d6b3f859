package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/** Columns as Iceberg's types, with field ids of their own. */
final class IcebergTypes {
    private final AtomicInteger lastId = new AtomicInteger();

    private IcebergTypes() {}

    static Schema schema(List<Column> columns) {
        IcebergTypes types = new IcebergTypes();
        List<NestedField> fields = new ArrayList<>();
        for (Column column : columns) {
            fields.add(types.field(column.name(), column.type(), column.required(), column.comment()));
        }
        return new Schema(fields);
    }

    private NestedField field(String name, ColumnType type, boolean required, String comment) {
        int id = lastId.incrementAndGet();
        return NestedField.builder()
                .withId(id)
                .withName(name)
                .isOptional(!required)
                .ofType(type(type))
                .withDoc(comment)
                .build();
    }

    private Type type(ColumnType type) {
        if (type instanceof Scalar scalar) {
            return scalar(scalar);
        }
        if (type instanceof Decimal decimal) {
            return Types.DecimalType.of(decimal.precision(), decimal.scale());
        }
        if (type instanceof Fixed fixed) {
            return Types.FixedType.ofLength(fixed.length());
        }
        if (type instanceof Listing list) {
            return Types.ListType.ofOptional(lastId.incrementAndGet(), type(list.element()));
        }
        if (type instanceof Mapping map) {
            return Types.MapType.ofOptional(
                    lastId.incrementAndGet(), lastId.incrementAndGet(), Types.StringType.get(), type(map.value()));
        }
        List<NestedField> fields = new ArrayList<>();
        for (Field field : ((Struct) type).fields()) {
            fields.add(field(field.name(), field.type(), field.required(), null));
        }
        return Types.StructType.of(fields);
    }

    private static Type scalar(Scalar scalar) {
        return switch (scalar) {
            case BOOLEAN -> Types.BooleanType.get();
            case INT -> Types.IntegerType.get();
            case LONG -> Types.LongType.get();
            case FLOAT -> Types.FloatType.get();
            case DOUBLE -> Types.DoubleType.get();
            case DATE -> Types.DateType.get();
            case TIMESTAMP -> Types.TimestampType.withoutZone();
            case TIMESTAMPTZ -> Types.TimestampType.withZone();
            case STRING -> Types.StringType.get();
            case UUID -> Types.UUIDType.get();
            case BINARY -> Types.BinaryType.get();
        };
    }
}
