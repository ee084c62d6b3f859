package io.firn.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Literal;
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
import io.firn.schema.DefaultValue;

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

    /** The schema of a table that is declared: with defaults for rows that were written before their columns. */
    static Schema declared(List<Column> columns, List<TableColumn> declared) {
        Map<String, DefaultValue> defaults = new HashMap<>();
        declared.stream()
                .filter(column -> column.initialDefault() != null)
                .forEach(column -> defaults.put(column.name(), column.initialDefault()));
        Map<String, ColumnType> types = new HashMap<>();
        columns.forEach(column -> types.put(column.name(), column.type()));
        return new Schema(schema(columns).columns().stream()
                .map(field -> {
                    DefaultValue value = defaults.get(field.name());
                    return value == null ? field : withDefault(field, value, types.get(field.name()));
                })
                .toList());
    }

    /** The same field with what older rows read in it. */
    static NestedField withDefault(NestedField field, DefaultValue value) {
        return withDefault(field, value, ColumnType.parse(TypeText.of(field.type())));
    }

    private static NestedField withDefault(NestedField field, DefaultValue value, ColumnType type) {
        Literal<?> literal = literal(value.of(type), field.type());
        return NestedField.from(field)
                .withInitialDefault(literal)
                .withWriteDefault(literal)
                .build();
    }

    private static Literal<?> literal(Object value, Type type) {
        if (value instanceof Boolean truth) {
            return Literal.of(truth);
        }
        if (value instanceof Integer number) {
            return Literal.of(number);
        }
        if (value instanceof Long number) {
            return Literal.of(number);
        }
        if (value instanceof Float number) {
            return Literal.of(number);
        }
        if (value instanceof Double number) {
            return Literal.of(number);
        }
        return value instanceof BigDecimal number
                ? Literal.of(number).to(type)
                : Literal.of((String) value).to(type);
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
