package io.firn.schema;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The type of a column as YAML writes it: {@code long}, {@code decimal(10,2)}, {@code struct<a: int, b: string not
 * null>}, {@code list<string>}, {@code map<string, double>}. These are Iceberg's types that Spark can write.
 */
public sealed interface ColumnType extends Serializable {

    /** Reads a type; throws IllegalArgumentException with a message for the user. */
    @JsonCreator
    static ColumnType parse(String text) {
        return new ColumnTypeParser(text).parse();
    }

    /** Spark's type for values of this type; uuid is a string and fixed is binary there. */
    DataType toSpark();

    /** The text that {@link #parse} reads back. */
    @JsonValue
    String text();

    /** Types without parameters. */
    enum Scalar implements ColumnType {
        BOOLEAN,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ,
        STRING,
        UUID,
        BINARY;

        @Override
        public DataType toSpark() {
            return switch (this) {
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

        @Override
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Exact numbers of {@code precision} digits, {@code scale} of them after the point. */
    record Decimal(int precision, int scale) implements ColumnType {
        @Override
        public DataType toSpark() {
            return DataTypes.createDecimalType(precision, scale);
        }

        @Override
        public String text() {
            return "decimal(" + precision + "," + scale + ")";
        }
    }

    /** Exactly {@code length} bytes. */
    record Fixed(int length) implements ColumnType {
        @Override
        public DataType toSpark() {
            return DataTypes.BinaryType;
        }

        @Override
        public String text() {
            return "fixed[" + length + "]";
        }
    }

    /** Named fields in order. */
    record Struct(List<Field> fields) implements ColumnType {
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public StructType toSpark() {
            return new StructType(fields.stream()
                    .map(f -> new StructField(f.name(), f.type().toSpark(), !f.required(), Metadata.empty()))
                    .toArray(StructField[]::new));
        }

        @Override
        public String text() {
            return fields.stream().map(Field::text).collect(Collectors.joining(", ", "struct<", ">"));
        }
    }

    /** A field of a struct. */
    record Field(String name, ColumnType type, boolean required) implements Serializable {
        String text() {
            String quoted = name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : '`' + name.replace("`", "``") + '`';
            return quoted + ": " + type.text() + (required ? " not null" : "");
        }
    }

    /** A list; its elements may be null. */
    record Listing(ColumnType element) implements ColumnType {
        @Override
        public DataType toSpark() {
            return new ArrayType(element.toSpark(), true);
        }

        @Override
        public String text() {
            return "list<" + element.text() + ">";
        }
    }

    /** A map with string keys, as JSON has them; its values may be null. */
    record Mapping(ColumnType value) implements ColumnType {
        @Override
        public DataType toSpark() {
            return new MapType(DataTypes.StringType, value.toSpark(), true);
        }

        @Override
        public String text() {
            return "map<string, " + value.text() + ">";
        }
    }
}
