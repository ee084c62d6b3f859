package io.firn.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;

/** The types of plain scalars as YAML 1.2's core schema has them: {@code no}, {@code 12:30} and dates are strings. */
final class Scalars {
    static final JsonNode NOTHING = Tree.JSON.nullNode();
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,40}");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\.[0-9]{1,40}|[0-9]{1,40}(\\.[0-9]{0,40})?)([eE][-+]?[0-9]{1,3})?");

    private Scalars() {}

    static Tree.Scalar of(String text, boolean quoted, Position position) {
        return new Tree.Scalar(value(text, quoted), quoted && text.isEmpty() ? "\"\"" : text, quoted, position);
    }

    static JsonNode value(String text, boolean quoted) {
        if (quoted) {
            return Tree.JSON.textNode(text);
        }
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> NOTHING;
            case "true", "True", "TRUE" -> Tree.JSON.booleanNode(true);
            case "false", "False", "FALSE" -> Tree.JSON.booleanNode(false);
            default -> numberOrText(text);
        };
    }

    private static JsonNode numberOrText(String text) {
        if (INTEGER.matcher(text).matches()) {
            BigInteger number = new BigInteger(text);
            return number.bitLength() < Long.SIZE
                    ? Tree.JSON.numberNode(number.longValue())
                    : Tree.JSON.numberNode(number);
        }
        if (DECIMAL.matcher(text).matches()) {
            return DecimalNode.valueOf(new BigDecimal(text));
        }
        return Tree.JSON.textNode(text);
    }
}
