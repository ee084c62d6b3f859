package io.firn.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;

/** Recursive descent over the text of a type. */
final class ColumnTypeParser {
    private static final int MAX_DEPTH = 64;
    private static final String VALID =
            Arrays.stream(Scalar.values()).map(Scalar::text).collect(Collectors.joining(", "))
                    + ", decimal(precision,scale), fixed[length], struct<name: type, ...>, list<type>, map<string, type>";

    private final String text;
    private int at;
    private int depth;

    ColumnTypeParser(String text) {
        this.text = text;
    }

    ColumnType parse() {
        ColumnType type = type();
        skipBlanks();
        if (at < text.length()) {
            throw wrong("'" + text.substring(at) + "' is left over");
        }
        return type;
    }

    private ColumnType type() {
        if (++depth > MAX_DEPTH) {
            throw wrong("nested deeper than " + MAX_DEPTH + " levels");
        }
        String word = word().toLowerCase(Locale.ROOT);
        ColumnType type =
                switch (word) {
                    case "decimal" -> decimal();
                    case "fixed" -> fixed();
                    case "struct" -> struct();
                    case "list" -> listing();
                    case "map" -> mapping();
                    default -> scalar(word);
                };
        depth--;
        return type;
    }

    private ColumnType scalar(String word) {
        for (Scalar scalar : Scalar.values()) {
            if (scalar.text().equals(word)) {
                return scalar;
            }
        }
        String instead =
                switch (word) {
                    case "bigint" -> "; write long";
                    case "integer", "smallint", "tinyint" -> "; write int";
                    case "varchar", "text", "char" -> "; write string";
                    case "bool" -> "; write boolean";
                    case "array" -> "; write list<...>";
                    case "timestamp_ntz" -> "; write timestamp";
                    case "timestamp_ltz" -> "; write timestamptz";
                    case "time", "timestamp_ns", "timestamptz_ns" ->
                        "; Spark cannot read Iceberg's " + word + ", keep it as a string or a long";
                    default -> "; valid types are " + VALID;
                };
        throw wrong("unknown type '" + word + "'" + instead);
    }

    private ColumnType decimal() {
        expect('(');
        int precision = number();
        expect(',');
        int scale = number();
        expect(')');
        if (precision < 1 || precision > 38 || scale > precision) {
            throw wrong("decimal(precision,scale) needs 1 <= precision <= 38 and scale <= precision");
        }
        return new Decimal(precision, scale);
    }

    private ColumnType fixed() {
        expect('[');
        int length = number();
        expect(']');
        if (length < 1) {
            throw wrong("fixed[length] needs a length of at least 1");
        }
        return new Fixed(length);
    }

    private ColumnType struct() {
        expect('<');
        List<Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        do {
            String name = name();
            expect(':');
            ColumnType type = type();
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                throw wrong("field '" + name + "' stands twice (names are compared without case)");
            }
            fields.add(new Field(name, type, notNull()));
        } while (accept(','));
        expect('>');
        return new Struct(fields);
    }

    private ColumnType listing() {
        expect('<');
        ColumnType element = type();
        expect('>');
        return new Listing(element);
    }

    private ColumnType mapping() {
        expect('<');
        if (type() != Scalar.STRING) {
            throw wrong("keys of a map are strings in JSON; write map<string, ...>");
        }
        expect(',');
        ColumnType value = type();
        expect('>');
        return new Mapping(value);
    }

    private boolean notNull() {
        skipBlanks();
        if (!text.regionMatches(true, at, "not null", 0, 8)) {
            return false;
        }
        at += 8;
        return true;
    }

    private String name() {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '`') {
            StringBuilder quoted = new StringBuilder();
            for (at++; at < text.length(); at++) {
                if (text.charAt(at) == '`') {
                    if (at + 1 >= text.length() || text.charAt(at + 1) != '`') {
                        at++;
                        return quoted.toString();
                    }
                    at++;
                }
                quoted.append(text.charAt(at));
            }
            throw wrong("a quoted name is not closed");
        }
        return word();
    }

    private String word() {
        skipBlanks();
        int from = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        if (from == at) {
            throw wrong("a name or type is expected at position " + (from + 1));
        }
        return text.substring(from, at);
    }

    private int number() {
        String digits = word();
        if (!digits.matches("\\d{1,9}")) {
            throw wrong("'" + digits + "' is not a number");
        }
        return Integer.parseInt(digits);
    }

    private void expect(char c) {
        if (!accept(c)) {
            throw wrong("'" + c + "' is expected at position " + (at + 1));
        }
    }

    private boolean accept(char c) {
        skipBlanks();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("type '" + text + "': " + why);
    }
}
