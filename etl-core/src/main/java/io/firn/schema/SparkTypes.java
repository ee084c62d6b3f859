package io.firn.schema;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/** Spark's types, apart from the column types: those are read where Spark's classes are not even loaded. */
final class SparkTypes {
    private SparkTypes() {}

    static DataType of(ColumnType type) {
        if (type instanceof Scalar scalar) {
            return scalar(scalar);
        }
        if (type instanceof Decimal decimal) {
            return DataTypes.createDecimalType(decimal.precision(), decimal.scale());
        }
        if (type instanceof Listing list) {
            return new ArrayType(of(list.element()), true);
        }
        if (type instanceof Mapping map) {
            return new MapType(DataTypes.StringType, of(map.value()), true);
        }
        if (type instanceof Struct struct) {
            return new StructType(struct.fields().stream()
                    .map(f -> new StructField(f.name(), of(f.type()), !f.required(), Metadata.empty()))
                    .toArray(StructField[]::new));
        }
        if (type instanceof Fixed) {
            return DataTypes.BinaryType;
        }
        throw new IllegalArgumentException("no type of Spark for " + type);
    }

    private static DataType scalar(Scalar scalar) {
        return switch (scalar) {
            case BOOLEAN -> DataTypes.BooleanType;
            case INT -> DataTypes.IntegerType;
            case LONG -> DataTypes.LongType;
            case FLOAT -> DataTypes.FloatType;
            case DOUBLE -> DataTypes.DoubleType;
            case DATE -> DataTypes.DateType;
            case TIMESTAMP -> DataTypes.TimestampNTZType;
            case TIMESTAMPTZ -> DataTypes.TimestampType;
            case STRING, UUID -> DataTypes.StringType;
            case BINARY -> DataTypes.BinaryType;
        };
    }
}
