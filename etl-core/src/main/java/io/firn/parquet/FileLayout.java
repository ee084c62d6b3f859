package io.firn.parquet;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * The columns of files of one schema, which has field ids and lists and maps of three levels. Rows have the types that
 * Spark has for them; UUIDs are text.
 */
public final class FileLayout {
    private final MessageType schema;
    private final List<ColumnDescriptor> columns;
    private final FileSettings settings;

    public FileLayout(MessageType schema, FileSettings settings) {
        this.schema = schema;
        this.columns = schema.getColumns();
        this.settings = settings;
    }

    MessageType schema() {
        return schema;
    }

    FileSettings settings() {
        return settings;
    }

    /** Writers of a new file; the columns' own are added to {@code leaves} in the schema's order. */
    StructWriter open(List<ColumnWriter> leaves, Memory memory) {
        return new Opening(columns.iterator(), leaves, memory).struct(schema, "", false, 0, 0);
    }

    private final class Opening {
        private final Iterator<ColumnDescriptor> descriptors;
        private final List<ColumnWriter> leaves;
        private final Memory memory;

        Opening(Iterator<ColumnDescriptor> descriptors, List<ColumnWriter> leaves, Memory memory) {
            this.descriptors = descriptors;
            this.leaves = leaves;
            this.memory = memory;
        }

        private StructWriter struct(GroupType group, String path, boolean optional, int repetition, int definition) {
            List<FieldWriter> fields = new ArrayList<>();
            for (Type field : group.getFields()) {
                fields.add(field(field, path, repetition, definition));
            }
            return new StructWriter(path, fields.toArray(FieldWriter[]::new), optional, definition);
        }

        /** @param above the definition level of what the field lies in */
        private FieldWriter field(Type type, String parent, int repetition, int above) {
            String path = parent.isEmpty() ? type.getName() : parent + "." + type.getName();
            boolean optional = type.isRepetition(Repetition.OPTIONAL);
            int definition = above + (optional ? 1 : 0);
            if (type.isPrimitive()) {
                ColumnWriter column = column(descriptors.next());
                leaves.add(column);
                return column;
            }
            GroupType group = type.asGroupType();
            LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
            if (logical instanceof ListLogicalTypeAnnotation) {
                Type element = group.getType(0).asGroupType().getType(0);
                FieldWriter elements = field(element, path, repetition + 1, definition + 1);
                return new RepeatedWriter(path, optional, definition, repetition + 1, null, elements);
            }
            if (logical instanceof MapLogicalTypeAnnotation) {
                GroupType entry = group.getType(0).asGroupType();
                FieldWriter keys = field(entry.getType(0), path, repetition + 1, definition + 1);
                FieldWriter values = field(entry.getType(1), path, repetition + 1, definition + 1);
                return new RepeatedWriter(path, optional, definition, repetition + 1, keys, values);
            }
            return struct(group, path, optional, repetition, definition);
        }

        private ColumnWriter column(ColumnDescriptor column) {
            PrimitiveType type = column.getPrimitiveType();
            LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
            DecimalLogicalTypeAnnotation decimal =
                    logical instanceof DecimalLogicalTypeAnnotation annotation ? annotation : null;
            return switch (type.getPrimitiveTypeName()) {
                case BOOLEAN -> new BooleanColumn(column, settings, memory);
                case INT32 ->
                    number(column, decimal == null ? NumberColumn.Kind.INT : NumberColumn.Kind.SHORT_DECIMAL, decimal);
                case INT64 ->
                    number(column, decimal == null ? NumberColumn.Kind.LONG : NumberColumn.Kind.DECIMAL, decimal);
                case FLOAT -> number(column, NumberColumn.Kind.FLOAT, null);
                case DOUBLE -> number(column, NumberColumn.Kind.DOUBLE, null);
                case BINARY -> {
                    boolean text = logical instanceof StringLogicalTypeAnnotation;
                    yield bytes(column, text ? BytesColumn.Kind.TEXT : BytesColumn.Kind.BYTES, null);
                }
                case FIXED_LEN_BYTE_ARRAY -> {
                    boolean uuid = logical instanceof UUIDLogicalTypeAnnotation;
                    BytesColumn.Kind other = decimal == null ? BytesColumn.Kind.FIXED : BytesColumn.Kind.DECIMAL;
                    yield bytes(column, uuid ? BytesColumn.Kind.UUID : other, decimal);
                }
                case INT96 -> throw new IllegalArgumentException("INT96 is not written");
            };
        }

        private ColumnWriter number(
                ColumnDescriptor column, NumberColumn.Kind kind, DecimalLogicalTypeAnnotation decimal) {
            return new NumberColumn(column, kind, precision(decimal), scale(decimal), settings, memory);
        }

        private ColumnWriter bytes(
                ColumnDescriptor column, BytesColumn.Kind kind, DecimalLogicalTypeAnnotation decimal) {
            return new BytesColumn(column, kind, precision(decimal), scale(decimal), settings, memory);
        }

        private static int precision(DecimalLogicalTypeAnnotation decimal) {
            return decimal == null ? 0 : decimal.getPrecision();
        }

        private static int scale(DecimalLogicalTypeAnnotation decimal) {
            return decimal == null ? 0 : decimal.getScale();
        }
    }
}
