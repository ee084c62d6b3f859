package io.firn.table;

import static org.apache.parquet.schema.LogicalTypeAnnotation.dateType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.uuidType;

import java.util.Optional;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.DecimalType;
import org.apache.iceberg.types.Types.FixedType;
import org.apache.iceberg.types.Types.ListType;
import org.apache.iceberg.types.Types.MapType;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.types.Types.TimestampType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** A table's schema as Iceberg lays it out in Parquet: the specification's names, types and field ids. */
final class ParquetTypes {
    private static final int INT_DIGITS = 9;
    private static final int LONG_DIGITS = 18;

    private ParquetTypes() {}

    /** The file's schema; empty where a type has no place in it here. */
    static Optional<MessageType> of(Schema schema) {
        try {
            Types.MessageTypeBuilder message = Types.buildMessage();
            for (NestedField field : schema.columns()) {
                message.addField(field(field));
            }
            return Optional.of(message.named("table"));
        } catch (NotWritten e) {
            return Optional.empty();
        }
    }

    private static Type field(NestedField field) {
        Repetition repetition = field.isOptional() ? Repetition.OPTIONAL : Repetition.REQUIRED;
        String name = ParquetForm.name(field.name());
        int id = field.fieldId();
        return switch (field.type().typeId()) {
            case STRUCT -> {
                Types.GroupBuilder<org.apache.parquet.schema.GroupType> group = Types.buildGroup(repetition);
                for (NestedField inner : field.type().asStructType().fields()) {
                    group.addField(field(inner));
                }
                yield group.id(id).named(name);
            }
            case LIST -> {
                ListType list = field.type().asListType();
                yield Types.list(repetition)
                        .element(field(list.fields().get(0)))
                        .id(id)
                        .named(name);
            }
            case MAP -> {
                MapType map = field.type().asMapType();
                yield Types.map(repetition)
                        .key(field(map.fields().get(0)))
                        .value(field(map.fields().get(1)))
                        .id(id)
                        .named(name);
            }
            default -> primitive(field.type(), repetition).id(id).named(name);
        };
    }

    private static Types.PrimitiveBuilder<org.apache.parquet.schema.PrimitiveType> primitive(
            org.apache.iceberg.types.Type type, Repetition repetition) {
        return switch (type.typeId()) {
            case BOOLEAN -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition);
            case INTEGER -> Types.primitive(PrimitiveTypeName.INT32, repetition);
            case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition);
            case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition);
            case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition);
            case DATE -> Types.primitive(PrimitiveTypeName.INT32, repetition).as(dateType());
            case TIMESTAMP ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                        .as(timestampType(((TimestampType) type).shouldAdjustToUTC(), TimeUnit.MICROS));
            case STRING -> Types.primitive(PrimitiveTypeName.BINARY, repetition).as(stringType());
            case BINARY -> Types.primitive(PrimitiveTypeName.BINARY, repetition);
            case UUID -> fixed(16, repetition).as(uuidType());
            case FIXED -> fixed(((FixedType) type).length(), repetition);
            case DECIMAL -> decimal((DecimalType) type, repetition);
            default -> throw new NotWritten();
        };
    }

    private static Types.PrimitiveBuilder<org.apache.parquet.schema.PrimitiveType> decimal(
            DecimalType type, Repetition repetition) {
        LogicalTypeAnnotation decimal = decimalType(type.scale(), type.precision());
        if (type.precision() <= INT_DIGITS) {
            return Types.primitive(PrimitiveTypeName.INT32, repetition).as(decimal);
        }
        if (type.precision() <= LONG_DIGITS) {
            return Types.primitive(PrimitiveTypeName.INT64, repetition).as(decimal);
        }
        return fixed(TypeUtil.decimalRequiredBytes(type.precision()), repetition)
                .as(decimal);
    }

    private static Types.PrimitiveBuilder<org.apache.parquet.schema.PrimitiveType> fixed(
            int length, Repetition repetition) {
        return Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                .length(length);
    }

    private static final class NotWritten extends RuntimeException {
        NotWritten() {
            super(null, null, false, false);
        }
    }
}
