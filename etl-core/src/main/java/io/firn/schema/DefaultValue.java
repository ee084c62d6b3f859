package io.firn.schema;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.UUID;

import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Scalar;

/** The text of a value that rows are to have which were written before their column existed. */
public record DefaultValue(String text) implements Serializable {

    /**
     * The value as a Boolean, Integer, Long, Float, Double or BigDecimal, else the text itself; throws
     * IllegalArgumentException with a message for the user when it is no value of that type.
     */
    public Object of(ColumnType type) {
        try {
            if (type instanceof Decimal decimal) {
                return decimal(decimal);
            }
            if (type instanceof Scalar scalar && scalar != Scalar.BINARY) {
                return scalar(scalar);
            }
        } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
            throw wrong(type, e);
        }
        throw new IllegalArgumentException("a column of type " + type.text() + " has no default");
    }

    private Object scalar(Scalar type) {
        return switch (type) {
            case BOOLEAN -> {
                if (!text.matches("true|false")) {
                    throw wrong(type, null);
                }
                yield Boolean.valueOf(text);
            }
            case INT -> Integer.valueOf(text);
            case LONG -> Long.valueOf(text);
            case FLOAT -> Float.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case DATE -> LocalDate.parse(text).toString();
            case TIMESTAMP -> checked(LocalDateTime.parse(text));
            case TIMESTAMPTZ -> checked(OffsetDateTime.parse(text));
            case UUID -> UUID.fromString(text).toString();
            default -> text;
        };
    }

    private BigDecimal decimal(Decimal type) {
        BigDecimal value = new BigDecimal(text).setScale(type.scale(), RoundingMode.UNNECESSARY);
        if (value.precision() > type.precision()) {
            throw wrong(type, null);
        }
        return value;
    }

    private String checked(Object unusedTime) {
        return text;
    }

    private IllegalArgumentException wrong(ColumnType type, Exception cause) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no value of type " + type.text() + "; times are written as in"
                        + " 2026-11-20T12:00:00Z, timestamps without the Z",
                cause);
    }
}
