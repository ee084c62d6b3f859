package io.firn.table;

import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/**
 * What a table's Parquet files hold, for who reads them without Iceberg. Names follow Avro's rules, as Iceberg's writers
 * follow them: Iceberg knows columns by their ids, others by these names alone. Spark does not know Parquet's UUIDs, but
 * reads their bytes.
 */
public final class ParquetForm {
    private ParquetForm() {}

    /** The name of a column or field. */
    public static String name(String name) {
        return AvroSchemaUtil.makeCompatibleName(name);
    }

    /** The type by which Spark reads values of {@code type} from files. */
    public static DataType type(ColumnType type) {
        if (type instanceof Struct struct) {
            StructType named = new StructType();
            for (Field field : struct.fields()) {
                named = named.add(name(field.name()), type(field.type()), !field.required());
            }
            return named;
        }
        if (type instanceof Listing list) {
            return new ArrayType(type(list.element()), true);
        }
        if (type instanceof Mapping map) {
            return new MapType(DataTypes.StringType, type(map.value()), true);
        }
        return type == Scalar.UUID ? DataTypes.BinaryType : type.toSpark();
    }

    /** What was read as {@link #type} as the table has it: of Spark's type for {@code type}. */
    public static Column read(Column read, ColumnType type) {
        return hasUuid(type) ? rebuilt(read, type) : read.cast(type.toSpark());
    }

    private static Column rebuilt(Column read, ColumnType type) {
        if (type instanceof Struct struct) {
            Column[] fields = struct.fields().stream()
                    .map(field -> read(read.getField(name(field.name())), field.type())
                            .as(field.name()))
                    .toArray(Column[]::new);
            return functions.when(read.isNotNull(), functions.struct(fields));
        }
        if (type instanceof Listing list) {
            return functions.transform(read, element -> read(element, list.element()));
        }
        return type instanceof Mapping map
                ? functions.transform_values(read, (key, value) -> read(value, map.value()))
                : functions.regexp_replace(
                        functions.lower(functions.hex(read)), "(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
    }

    private static boolean hasUuid(ColumnType type) {
        if (type instanceof Struct struct) {
            return struct.fields().stream().anyMatch(field -> hasUuid(field.type()));
        }
        if (type instanceof Listing list) {
            return hasUuid(list.element());
        }
        return type == Scalar.UUID || (type instanceof Mapping map && hasUuid(map.value()));
    }
}
