package io.firn.schema;

import java.util.ArrayList;
import java.util.List;

import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/** Which types hold the values of others, and how a column may grow to hold more, by Iceberg's rules of promotion. */
public final class TypeGrowth {
    private static final int INT_DIGITS = 10;
    private static final int LONG_DIGITS = 19;

    private TypeGrowth() {}

    /** Whether {@code type} holds every value of {@code other} exactly. */
    public static boolean covers(ColumnType type, ColumnType other) {
        if (type.equals(other)) {
            return true;
        }
        if (type instanceof Decimal decimal) {
            return coversNumber(decimal, other);
        }
        if (type instanceof Struct struct && other instanceof Struct source) {
            return struct.fields().stream().allMatch(field -> {
                        Field given = named(field.name(), source);
                        return given == null
                                ? !field.required()
                                : covers(field.type(), given.type()) && (given.required() || !field.required());
                    })
                    && source.fields().stream().allMatch(given -> named(given.name(), struct) != null);
        }
        if (type instanceof Listing list && other instanceof Listing source) {
            return covers(list.element(), source.element());
        }
        if (type instanceof Mapping map && other instanceof Mapping source) {
            return covers(map.value(), source.value());
        }
        return (type == Scalar.LONG && other == Scalar.INT)
                || (type == Scalar.DOUBLE && (other == Scalar.FLOAT || other == Scalar.INT));
    }

    /** The type that a column of {@code type} may become to hold {@code other} too; null: there is none. */
    public static ColumnType joined(ColumnType type, ColumnType other) {
        if (covers(type, other)) {
            return type;
        }
        if (type instanceof Decimal is && other instanceof Decimal more && is.scale() == more.scale()) {
            return more;
        }
        if ((type == Scalar.INT && other == Scalar.LONG) || (type == Scalar.FLOAT && other == Scalar.DOUBLE)) {
            return other;
        }
        if (type instanceof Listing list && other instanceof Listing more) {
            ColumnType element = joined(list.element(), more.element());
            return element == null ? null : new Listing(element);
        }
        if (type instanceof Mapping map && other instanceof Mapping more) {
            ColumnType value = joined(map.value(), more.value());
            return value == null ? null : new Mapping(value);
        }
        return type instanceof Struct struct && other instanceof Struct more ? joined(struct, more) : null;
    }

    private static Struct joined(Struct struct, Struct more) {
        List<Field> fields = new ArrayList<>();
        for (Field field : struct.fields()) {
            Field given = named(field.name(), more);
            ColumnType type = given == null ? field.type() : joined(field.type(), given.type());
            if (type == null) {
                return null;
            }
            fields.add(new Field(field.name(), type, field.required() && given != null && given.required()));
        }
        for (Field given : more.fields()) {
            if (named(given.name(), struct) == null) {
                fields.add(new Field(given.name(), given.type(), false));
            }
        }
        return new Struct(fields);
    }

    private static boolean coversNumber(Decimal type, ColumnType other) {
        int whole = type.precision() - type.scale();
        if (other instanceof Decimal source) {
            return type.scale() >= source.scale() && whole >= source.precision() - source.scale();
        }
        return (other == Scalar.INT && whole >= INT_DIGITS) || (other == Scalar.LONG && whole >= LONG_DIGITS);
    }

    private static Field named(String name, Struct struct) {
        return struct.fields().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
