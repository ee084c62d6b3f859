package io.firn.table;

import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What columns and fields are called in a table's Parquet files: Avro's rules for names, as Iceberg's writers follow them.
 * Iceberg knows them by their ids, other readers by these names alone.
 */
public final class ParquetNames {
    private ParquetNames() {}

    /** The name of a column or field. */
    public static String of(String name) {
        return AvroSchemaUtil.makeCompatibleName(name);
    }

    /** A type whose fields, at any depth, have the names of files. */
    public static DataType in(DataType type) {
        if (type instanceof StructType struct) {
            StructType named = new StructType();
            for (StructField field : struct.fields()) {
                named = named.add(of(field.name()), in(field.dataType()), field.nullable());
            }
            return named;
        }
        if (type instanceof ArrayType array) {
            return new ArrayType(in(array.elementType()), array.containsNull());
        }
        return type instanceof MapType map
                ? new MapType(in(map.keyType()), in(map.valueType()), map.valueContainsNull())
                : type;
    }
}
