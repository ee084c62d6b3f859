package io.firn.change;

import java.util.Locale;

import io.firn.decode.EncodedColumn;
import io.firn.decode.Encoding;
import io.firn.decode.Encoding.Kind;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;
import io.firn.schema.Format;
import io.firn.schema.TypeGrowth;

/** Which column types hold a source's values exactly, and how the source writes them. */
final class ConnectTypes {
    private static final int MAX_DIGITS = 38;
    private static final String DECIMAL = "org.apache.kafka.connect.data.Decimal";
    private static final String SOURCE_TYPE = "__debezium.source.column.type";

    private ConnectTypes() {}

    /** The column type that holds all values of a schema; throws IllegalArgumentException when there is none. */
    static ColumnType natural(ConnectSchema schema) {
        ColumnType named = named(schema);
        if (named != null) {
            return named;
        }
        return switch (schema.type()) {
            case "int8", "int16", "int32" -> Scalar.INT;
            case "int64" -> Scalar.LONG;
            case "float", "float32" -> Scalar.FLOAT;
            case "double", "float64" -> Scalar.DOUBLE;
            case "boolean" -> Scalar.BOOLEAN;
            case "string" -> Scalar.STRING;
            case "bytes" -> Scalar.BINARY;
            case "array" -> new Listing(natural(schema.items()));
            case "map" -> map(schema);
            case "struct" ->
                new Struct(schema.fields().entrySet().stream()
                        .map(f -> new Field(
                                f.getKey(), natural(f.getValue()), !f.getValue().optional()))
                        .toList());
            default -> throw new IllegalArgumentException("no column type holds the source's " + text(schema));
        };
    }

    private static ColumnType named(ConnectSchema schema) {
        return switch (schema.name()) {
            case "io.debezium.time.Date", "io.debezium.time.IsoDate", "org.apache.kafka.connect.data.Date" ->
                Scalar.DATE;
            case "io.debezium.time.Timestamp",
                    "io.debezium.time.MicroTimestamp",
                    "io.debezium.time.NanoTimestamp",
                    "io.debezium.time.IsoTimestamp",
                    "org.apache.kafka.connect.data.Timestamp" -> Scalar.TIMESTAMP;
            case "io.debezium.time.ZonedTimestamp" -> Scalar.TIMESTAMPTZ;
            case "io.debezium.time.Time",
                    "io.debezium.time.MicroTime",
                    "io.debezium.time.NanoTime",
                    "org.apache.kafka.connect.data.Time",
                    "io.debezium.time.MicroDuration",
                    "io.debezium.time.NanoDuration" -> Scalar.LONG;
            case "io.debezium.data.Uuid" -> Scalar.UUID;
            case "io.debezium.data.VariableScaleDecimal" -> Scalar.STRING;
            case DECIMAL -> decimal(schema);
            default -> null;
        };
    }

    private static ColumnType decimal(ConnectSchema schema) {
        int scale = scale(schema);
        String precision = schema.parameters().get("connect.decimal.precision");
        int digits = precision == null ? MAX_DIGITS : Math.max(Integer.parseInt(precision), scale);
        return digits > MAX_DIGITS || scale < 0 || scale > MAX_DIGITS ? Scalar.STRING : new Decimal(digits, scale);
    }

    private static int scale(ConnectSchema schema) {
        String scale = schema.parameters().getOrDefault("scale", "");
        // Bounded, since a number is written out with as many digits.
        if (!scale.matches("-?[0-9]{1,4}")) {
            throw new IllegalArgumentException("the schema of a decimal states no scale that a database has");
        }
        return Integer.parseInt(scale);
    }

    private static ColumnType map(ConnectSchema schema) {
        if (schema.keys() == null || !schema.keys().type().equals("string")) {
            throw new IllegalArgumentException("no column type holds the source's map whose keys are no strings");
        }
        return new Mapping(natural(schema.items()));
    }

    /** How well a column holds a source's values. */
    enum Fit {
        /** Every value that the source may have. */
        ALL,
        /** Those that happen to fit. */
        SOME,
        NONE
    }

    static Fit fit(Column column, ConnectSchema schema) {
        try {
            EncodedColumn unused = encoded(column, schema);
        } catch (IllegalArgumentException e) {
            return Fit.NONE;
        }
        boolean number = schema.name().equals("io.debezium.data.VariableScaleDecimal")
                || schema.type().equals("string");
        try {
            ColumnType natural = natural(schema);
            boolean told = column.type() == Scalar.STRING
                    || (TypeGrowth.covers(column.type(), natural) && !(number && natural != column.type()));
            return told ? Fit.ALL : Fit.SOME;
        } catch (IllegalArgumentException e) {
            return Fit.SOME;
        }
    }

    /** How values of {@code schema} are read into a column; throws IllegalArgumentException when it cannot hold them. */
    static EncodedColumn encoded(Column column, ConnectSchema schema) {
        boolean text = isString(schema);
        boolean json = column.format() != null && column.format().kind() == Format.Kind.JSON;
        if (json && !text && column.type() == Scalar.STRING) {
            return new EncodedColumn(column, null);
        }
        Encoding encoding = encoding(column.type(), schema);
        // The schema says how values are written; a format of the table definition is for text that has no name.
        Format format = text && !json && encoding == null ? column.format() : null;
        Column plain =
                new Column(column.name(), column.type(), column.path(), format, column.required(), column.comment());
        return new EncodedColumn(plain, encoding);
    }

    /** Null where JSON's own way serves. */
    private static Encoding encoding(ColumnType type, ConnectSchema schema) {
        if (type instanceof Listing list && schema.type().equals("array")) {
            return encoding(list.element(), schema.items());
        }
        if (type instanceof Mapping map && schema.type().equals("map") && map(schema) != null) {
            return encoding(map.value(), schema.items());
        }
        if (type instanceof Struct struct && schema.type().equals("struct")) {
            return struct(struct, schema);
        }
        Kind kind = kind(type, schema);
        if (kind == null) {
            throw new IllegalArgumentException(
                    "the source's " + text(schema) + " cannot be held by " + type.text() + " exactly");
        }
        return kind == Kind.BY_TYPE ? null : new Encoding(kind, kind == Kind.UNSCALED ? scale(schema) : 0);
    }

    private static Encoding struct(Struct struct, ConnectSchema schema) {
        for (Field field : struct.fields()) {
            ConnectSchema source = schema.fields().get(field.name());
            Encoding encoding = source == null ? null : encoding(field.type(), source);
            if (source == null && !field.required()) {
                continue;
            }
            boolean byType = encoding == null || encoding.kind() == Kind.BY_TYPE || encoding.kind() == Kind.FLOATING;
            if (source == null || !byType) {
                throw new IllegalArgumentException("the source's " + text(schema) + " has no field '" + field.name()
                        + "' that " + field.type().text() + " holds");
            }
        }
        return Encoding.of(Kind.BY_TYPE);
    }

    /** {@code BY_TYPE}: JSON's own way; null: does not fit. */
    private static Kind kind(ColumnType type, ConnectSchema schema) {
        boolean integer = type == Scalar.INT || type == Scalar.LONG;
        boolean decimal = type instanceof Decimal;
        boolean bytes = type == Scalar.BINARY || type instanceof Fixed;
        return switch (schema.name()) {
            case "io.debezium.time.Date", "org.apache.kafka.connect.data.Date" ->
                type == Scalar.DATE ? Kind.DAYS : null;
            case "io.debezium.time.IsoDate" -> iso(type, Scalar.DATE);
            case "io.debezium.time.IsoTimestamp" -> iso(type, Scalar.TIMESTAMP);
            case "io.debezium.time.ZonedTimestamp" -> iso(type, Scalar.TIMESTAMPTZ);
            case "io.debezium.time.Timestamp", "org.apache.kafka.connect.data.Timestamp" ->
                type == Scalar.TIMESTAMP || type == Scalar.LONG ? Kind.MILLIS : null;
            case "io.debezium.time.MicroTimestamp" ->
                type == Scalar.TIMESTAMP || type == Scalar.LONG ? Kind.MICROS : null;
            case "io.debezium.time.NanoTimestamp" ->
                type == Scalar.TIMESTAMP || type == Scalar.LONG ? Kind.NANOS : null;
            case "io.debezium.time.Time", "org.apache.kafka.connect.data.Time" ->
                type == Scalar.LONG ? Kind.MILLIS : null;
            case "io.debezium.time.MicroTime", "io.debezium.time.MicroDuration" ->
                type == Scalar.LONG ? Kind.MICROS : null;
            case "io.debezium.time.NanoTime", "io.debezium.time.NanoDuration" ->
                type == Scalar.LONG ? Kind.NANOS : null;
            case DECIMAL -> decimal || integer || type == Scalar.STRING ? Kind.UNSCALED : null;
            case "io.debezium.data.VariableScaleDecimal" ->
                decimal || integer || type == Scalar.STRING ? Kind.VARIABLE_SCALE : null;
            case "io.debezium.data.Bits" -> bytes ? Kind.BY_TYPE : integer ? Kind.BITS : null;
            case "io.debezium.data.Enum" -> type == Scalar.STRING ? Kind.ENUM : null;
            default -> unnamed(type, schema);
        };
    }

    private static Kind iso(ColumnType type, Scalar own) {
        return type == own ? Kind.ISO : type == Scalar.STRING ? Kind.BY_TYPE : null;
    }

    private static Kind unnamed(ColumnType type, ConnectSchema schema) {
        boolean fits =
                switch (schema.type()) {
                    case "int8", "int16", "int32" ->
                        type == Scalar.INT || type == Scalar.LONG || type == Scalar.DOUBLE || type instanceof Decimal;
                    case "int64" -> type == Scalar.INT || type == Scalar.LONG || type instanceof Decimal;
                    case "float", "float32" -> type == Scalar.FLOAT || type == Scalar.DOUBLE;
                    case "double", "float64" -> type == Scalar.DOUBLE;
                    case "boolean" -> type == Scalar.BOOLEAN;
                    case "bytes" -> type == Scalar.BINARY || type instanceof Fixed;
                    case "string" -> type instanceof Scalar || type instanceof Fixed || type instanceof Decimal;
                    default -> false;
                };
        if (!fits || (schema.type().equals("string") && !textual(type))) {
            return null;
        }
        return switch (schema.type()) {
            case "int64" -> isUnsigned(schema) ? type instanceof Decimal ? null : Kind.WRAPPED : Kind.BY_TYPE;
            case "float", "float32", "double", "float64" -> Kind.FLOATING;
            case "string" -> type instanceof Decimal ? Kind.NUMBER : Kind.BY_TYPE;
            default -> Kind.BY_TYPE;
        };
    }

    private static boolean textual(ColumnType type) {
        return type != Scalar.BOOLEAN
                && type != Scalar.INT
                && type != Scalar.LONG
                && type != Scalar.FLOAT
                && type != Scalar.DOUBLE;
    }

    /** Known only where the connector is told to propagate the source's types. */
    private static boolean isUnsigned(ConnectSchema schema) {
        return schema.parameters()
                .getOrDefault(SOURCE_TYPE, "")
                .toUpperCase(Locale.ROOT)
                .contains("UNSIGNED");
    }

    private static boolean isString(ConnectSchema schema) {
        return schema.type().equals("string");
    }

    private static String text(ConnectSchema schema) {
        return schema.name().isEmpty() ? schema.type() : schema.type() + " (" + schema.name() + ")";
    }
}
