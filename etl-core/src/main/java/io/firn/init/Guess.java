package io.firn.init;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;
import io.firn.schema.Format;

/** The narrowest column that loads every value of a shape exactly; JSON text where no type does. */
record Guess(ColumnType type, Format format) {
    private static final Guess JSON = new Guess(Scalar.STRING, Format.parse("json"));
    private static final int MAX_STRUCT_LEAVES = 12;
    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern TIME_NAME = Pattern.compile(
            "(?:.*_)?(?:at|ts|time|timestamp|date|datetime|epoch|created|updated|modified)(?:_ms|_millis|_sec|_seconds)?");
    private static final long YEAR_2000 = 946_684_800L;
    private static final long YEAR_2100 = 4_102_444_800L;

    /** The column for the values at {@code key}. */
    static Guess of(String key, Shape shape) {
        if (shape.kind() == Shape.Kind.TEXT) {
            return shape.timeForms().stream()
                    .findFirst()
                    .map(form -> new Guess(form.type(), form.format()))
                    .orElse(new Guess(Scalar.STRING, null));
        }
        if (shape.kind() == Shape.Kind.WHOLE
                && TIME_NAME.matcher(Names.snakeCase(key)).matches()) {
            if (shape.within(YEAR_2000, YEAR_2100)) {
                return new Guess(Scalar.TIMESTAMPTZ, Format.parse("epoch-seconds"));
            }
            if (shape.within(YEAR_2000 * 1000, YEAR_2100 * 1000)) {
                return new Guess(Scalar.TIMESTAMPTZ, Format.parse("epoch-millis"));
            }
        }
        return nested(shape).map(type -> new Guess(type, null)).orElse(JSON);
    }

    /** The type for the values at a field of a struct, which has no format of its own; empty: no type holds them all. */
    static Optional<ColumnType> field(String name, Shape shape) {
        return FIELD_NAME.matcher(name).matches() ? nested(shape) : Optional.empty();
    }

    /** Whether a value, or one in it, is a time. */
    static boolean hasTime(ColumnType type) {
        if (type instanceof Struct struct) {
            return struct.fields().stream().anyMatch(field -> hasTime(field.type()));
        }
        if (type instanceof Listing list) {
            return hasTime(list.element());
        }
        return type instanceof Mapping map ? hasTime(map.value()) : new Guess(type, null).time();
    }

    boolean time() {
        return type == Scalar.TIMESTAMPTZ || type == Scalar.TIMESTAMP || type == Scalar.DATE;
    }

    /** A type whose values need no format of their own; empty when only JSON text holds them all. */
    private static Optional<ColumnType> nested(Shape shape) {
        if (shape.kind() == null) {
            return Optional.empty();
        }
        return switch (shape.kind()) {
            case BOOLEAN -> Optional.of(Scalar.BOOLEAN);
            case WHOLE -> Optional.of(Scalar.LONG);
            case FRACTION -> Optional.of(Scalar.DOUBLE);
            case BOUNDLESS -> Optional.empty();
            case TEXT ->
                Optional.of(shape.timeForms().stream()
                        .filter(TimeForm::iso)
                        .findFirst()
                        .map(TimeForm::type)
                        .orElse(Scalar.STRING));
            case LIST -> nested(shape.element()).map(Listing::new);
            case OBJECT -> shape.keyedByData() ? mapping(shape) : struct(shape);
        };
    }

    private static Optional<ColumnType> mapping(Shape shape) {
        Shape values = shape.values();
        boolean scalar = values.kind() != Shape.Kind.OBJECT && values.kind() != Shape.Kind.LIST;
        return scalar ? nested(values).map(Mapping::new) : Optional.empty();
    }

    private static Optional<ColumnType> struct(Shape shape) {
        if (shape.leaves() > MAX_STRUCT_LEAVES) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Map.Entry<String, Shape> child : shape.children().entrySet()) {
            if (child.getValue().hollow()) {
                continue;
            }
            Optional<ColumnType> type = nested(child.getValue());
            String name = child.getKey();
            if (type.isEmpty() || !FIELD_NAME.matcher(name).matches() || !names.add(name.toLowerCase(Locale.ROOT))) {
                return Optional.empty();
            }
            fields.add(new Field(name, type.get(), false));
        }
        return fields.isEmpty() ? Optional.empty() : Optional.of(new Struct(fields));
    }
}
