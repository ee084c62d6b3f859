package io.firn.decode;

import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

/** How the value of one column, field, element or map entry is read: its type and format, made ready. */
final class ValueReader {
    enum Kind {
        BOOLEAN,
        INT,
        LONG,
        FLOAT,
        DOUBLE,
        DECIMAL,
        STRING,
        JSON,
        UUID,
        BINARY,
        DATE,
        TIMESTAMP,
        TIMESTAMPTZ,
        STRUCT,
        LIST,
        MAP,
        /** A value that does not fit is noted, or taken by another column, and does not refuse the line. */
        WATCHED;

        boolean isScalar() {
            return switch (this) {
                case JSON, STRUCT, LIST, MAP, WATCHED -> false;
                default -> true;
            };
        }

        boolean isBits() {
            return switch (this) {
                case BOOLEAN, INT, LONG, FLOAT, DOUBLE, DATE, TIMESTAMP, TIMESTAMPTZ -> true;
                default -> false;
            };
        }
    }

    final Kind kind;
    /** The column, or the path inside it, for people. */
    final String label;

    final boolean required;
    /** What the value must be, for people. */
    final String wanted;

    final Format.Kind format;
    final DateTimeFormatter pattern;
    /** How the source writes single values; null where JSON's own way and the format say it. */
    Encoding encoding;
    /** What stands for a value that the source did not send, or null. */
    Placeholder placeholder;

    /** What a watched value is to be; null where it is not watched. */
    private ValueReader watched;
    /** The columns that take what does not fit here, in the order in which they are asked. */
    List<KeyNode.Reading> alternatives = List.of();

    int precision;
    int scale;
    /** The exact length of a fixed value, 0 for any. */
    int length;
    /** The keys of a struct's object, or of the JSON text kept. */
    KeyNode node;

    /** The fields of a struct by position. */
    List<ValueReader> fields = List.of();
    /** The elements of a list or the values of a map. */
    ValueReader element;
    /** How many elements the last list or map had. */
    int lastSize = 4;

    private ValueReader(Kind kind, ColumnType type, Format format, String label, boolean required) {
        this.kind = kind;
        this.label = label;
        this.required = required;
        this.format = format == null ? null : format.kind();
        this.pattern = this.format == Format.Kind.PATTERN ? format.formatter() : null;
        this.wanted = switch (kind) {
            case STRUCT, MAP, WATCHED -> "object";
            case LIST -> "array";
            default -> type.text();
        };
    }

    /** Reads values as {@code encoding} writes them, elements and entries included. */
    static ValueReader of(EncodedColumn encoded, Place place) {
        Column column = encoded.column();
        ValueReader reader = of(column.type(), column.format(), column.name(), place, column.required());
        reader.encode(encoded.encoding());
        return reader;
    }

    private void encode(Encoding by) {
        encoding = by;
        fields.forEach(field -> field.encode(by));
        if (element != null) {
            element.encode(by);
        }
    }

    static ValueReader of(ColumnType type, Format format, String label, Place place, boolean required) {
        ValueReader reader = new ValueReader(kind(type, format), type, format, label, required);
        if (type instanceof Decimal decimal) {
            reader.precision = decimal.precision();
            reader.scale = decimal.scale();
        } else if (type instanceof Fixed fixed) {
            reader.length = fixed.length();
        } else if (type instanceof Listing list) {
            reader.element = of(list.element(), format, label + "[]", place.element(), false);
        } else if (type instanceof Mapping map) {
            reader.element = of(map.value(), format, label + ".*", place.entry(), false);
        } else if (type instanceof Struct struct) {
            reader.readStruct(struct, format, place);
        } else if (reader.kind == Kind.JSON) {
            reader.node = new KeyNode(new byte[0], place);
        }
        return reader;
    }

    /** The same value, watched. */
    ValueReader watching() {
        ValueReader reader = new ValueReader(Kind.WATCHED, null, null, label, required);
        reader.watched = this;
        return reader;
    }

    /** What the value is to be, whether it is watched or not. */
    ValueReader read() {
        return watched == null ? this : watched;
    }

    /** An object read by columns below it, for {@link Overlap} only. */
    static ValueReader below(KeyNode node) {
        ValueReader reader = new ValueReader(Kind.STRUCT, null, null, node.columnBelow, false);
        reader.node = node;
        return reader;
    }

    private void readStruct(Struct struct, Format structFormat, Place place) {
        node = new KeyNode(new byte[0], place);
        node.counting = true;
        List<ValueReader> readers = new ArrayList<>();
        for (Field field : struct.fields()) {
            KeyNode key = node.declare(field.name());
            ValueReader reader =
                    of(field.type(), structFormat, label + "." + field.name(), key.place, field.required());
            key.read(reader, readers.size());
            readers.add(reader);
        }
        fields = List.copyOf(readers);
    }

    private static Kind kind(ColumnType type, Format format) {
        if (type instanceof Scalar scalar) {
            return scalar == Scalar.STRING && format != null && format.kind() == Format.Kind.JSON
                    ? Kind.JSON
                    : Kind.valueOf(scalar.text().toUpperCase(Locale.ROOT));
        }
        if (type instanceof Decimal) {
            return Kind.DECIMAL;
        }
        if (type instanceof Fixed) {
            return Kind.BINARY;
        }
        return type instanceof Struct ? Kind.STRUCT : type instanceof Listing ? Kind.LIST : Kind.MAP;
    }

    /** Cells for some of these values. */
    Cells cells(int size) {
        return kind.isBits() ? Cells.ofLongs(size) : Cells.ofObjects(size);
    }

    Refusal found(String jsonKind) {
        return new Refusal(label, "expected " + wanted + ", found " + jsonKind);
    }

    /** Nothing stands where a value is required. */
    Refusal missing(String what) {
        return Refusal.ofLine(label, "required, but " + what);
    }

    Refusal wrong(String reason) {
        return new Refusal(label, reason);
    }
}
