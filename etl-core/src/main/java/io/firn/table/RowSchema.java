package io.firn.table;

import java.util.ArrayList;
import java.util.List;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Struct;

/**
 * Rows' schema: the fields of the rows in the rows' order, at every level, each with the id of the table's field of that
 * name. Writers go by position, so the table's own order would put values into their neighbours.
 */
final class RowSchema {
    private final TableName table;

    RowSchema(TableName table) {
        this.table = table;
    }

    Schema of(List<Column> columns, Schema schema) {
        List<NestedField> fields = new ArrayList<>();
        for (Column column : columns) {
            fields.add(field(column.name(), column.name(), column.type(), schema.columns()));
        }
        return new Schema(fields);
    }

    private NestedField field(String path, String name, ColumnType type, List<NestedField> among) {
        NestedField field = SchemaChanges.anyCase(name, among);
        if (field == null) {
            throw new SchemaConflict("Table " + table + " has no column " + path
                    + ": somebody dropped it since the run began. Run again to add it.");
        }
        return NestedField.from(field).ofType(type(path, type, field.type())).build();
    }

    private Type type(String path, ColumnType type, Type present) {
        if (type instanceof Struct struct) {
            List<NestedField> fields = new ArrayList<>();
            for (Field wanted : struct.fields()) {
                fields.add(field(
                        path + "." + wanted.name(),
                        wanted.name(),
                        wanted.type(),
                        present.asStructType().fields()));
            }
            return Types.StructType.of(fields);
        }
        if (type instanceof Listing list) {
            Types.ListType is = present.asListType();
            Type element = type(path + ".element", list.element(), is.elementType());
            return is.isElementOptional()
                    ? Types.ListType.ofOptional(is.elementId(), element)
                    : Types.ListType.ofRequired(is.elementId(), element);
        }
        if (type instanceof Mapping map) {
            Types.MapType is = present.asMapType();
            Type value = type(path + ".value", map.value(), is.valueType());
            return is.isValueOptional()
                    ? Types.MapType.ofOptional(is.keyId(), is.valueId(), is.keyType(), value)
                    : Types.MapType.ofRequired(is.keyId(), is.valueId(), is.keyType(), value);
        }
        return present;
    }
}
