package io.firn;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.source.Debezium;
import io.firn.source.Source;

/** What a list of columns must fulfil beyond its structure. */
final class ColumnRules {
    private static final String RESERVED = "firn_";
    private static final Set<Scalar> INSTANTS = EnumSet.of(Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ);
    private static final Set<Scalar> TIMES = EnumSet.of(Scalar.DATE, Scalar.TIMESTAMP, Scalar.TIMESTAMPTZ);
    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    private ColumnRules() {}

    /** @param source says in what forms values may come; null: not told */
    static void check(List<Column> columns, Source source, Scope scope) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column == null) {
                continue;
            }
            Scope at = scope.at(i);
            if (column.name() != null) {
                name(column.name(), names, at.at("name"));
            }
            if (column.type() != null && column.format() != null) {
                format(column.format(), column.type(), source, at.at("format"));
            }
        }
    }

    /** The columns of the table, whose names the transforms may have changed. */
    static void checkNames(List<Column> columns, Scope scope) {
        Set<String> names = new HashSet<>();
        columns.forEach(column -> name(column.name(), names, scope));
    }

    private static void name(String name, Set<String> names, Scope at) {
        if (name.isBlank()) {
            at.problem("a column needs a name");
        } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
            at.problem("column \"" + name + "\" stands twice (names are compared without case)");
        } else if (name.toLowerCase(Locale.ROOT).startsWith(RESERVED)) {
            at.problem("column \"" + name + "\": names that start with " + RESERVED
                    + " are Firn's own; choose another and name the key with \"path\"");
        }
    }

    private static void format(Format format, ColumnType type, Source source, Scope at) {
        // Connectors that write no schemas write decimals as the bytes of a number, unless told otherwise.
        boolean decimalBytes = source instanceof Debezium && format.kind() == Format.Kind.BASE64;
        String fits =
                switch (format.kind()) {
                    case ISO, PATTERN -> anyOf(type, TIMES) ? null : "date, timestamp and timestamptz";
                    case EPOCH_SECONDS, EPOCH_MILLIS, EPOCH_MICROS, EPOCH_NANOS ->
                        anyOf(type, INSTANTS) ? null : "timestamp and timestamptz";
                    case BASE64, HEX ->
                        leaves(type)
                                        .anyMatch(leaf -> leaf == Scalar.BINARY
                                                || leaf instanceof ColumnType.Fixed
                                                || (decimalBytes && leaf instanceof ColumnType.Decimal))
                                ? null
                                : decimalBytes ? "binary, fixed and decimal" : "binary and fixed";
                    case JSON -> type == Scalar.STRING ? null : "string";
                };
        String name = format.kind() == Format.Kind.PATTERN ? "a pattern of times" : format.text();
        if (fits != null) {
            at.problem("format " + name + " does not fit type " + type.text() + "; it is for " + fits);
        } else if (format.kind() == Format.Kind.PATTERN) {
            pattern(format.pattern(), type, at);
        }
    }

    private static void pattern(String pattern, ColumnType type, Scope at) {
        String letters = QUOTED.matcher(pattern).replaceAll("");
        if (letters.contains("y") && !letters.contains("G")) {
            at.problem("pattern \"" + pattern
                    + "\": y is the year of an era, which is not given; write uuuu for the year");
        }
        boolean offset = letters.matches(".*[XxZzVO].*");
        if (leaves(type).anyMatch(Scalar.TIMESTAMPTZ::equals) && !offset) {
            at.problem("pattern \"" + pattern + "\" has no offset, which timestamptz needs; add one, such as XXX,"
                    + " or make the type timestamp");
        }
    }

    private static boolean anyOf(ColumnType type, Set<Scalar> scalars) {
        return leaves(type).anyMatch(leaf -> leaf instanceof Scalar scalar && scalars.contains(scalar));
    }

    private static Stream<ColumnType> leaves(ColumnType type) {
        if (type instanceof ColumnType.Struct struct) {
            return struct.fields().stream().flatMap(field -> leaves(field.type()));
        }
        if (type instanceof ColumnType.Listing list) {
            return leaves(list.element());
        }
        return type instanceof ColumnType.Mapping map ? leaves(map.value()) : Stream.of(type);
    }
}
