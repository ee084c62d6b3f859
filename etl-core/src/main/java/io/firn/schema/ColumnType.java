package io.firn.schema;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.apache.spark.sql.types.DataType;

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
    default DataType toSpark() {
        return SparkTypes.of(this);
    }

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
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Exact numbers of {@code precision} digits, {@code scale} of them after the point. */
    record Decimal(int precision, int scale) implements ColumnType {
        @Override
        public String text() {
            return "decimal(" + precision + "," + scale + ")";
        }
    }

    /** Exactly {@code length} bytes. */
    record Fixed(int length) implements ColumnType {
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
        public String text() {
            return "list<" + element.text() + ">";
        }
    }

    /** A map with string keys, as JSON has them; its values may be null. */
    record Mapping(ColumnType value) implements ColumnType {
        @Override
        public String text() {
            return "map<string, " + value.text() + ">";
        }
    }
}
