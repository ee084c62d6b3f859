package io.firn.decode;

/**
 * How a source writes single values where that is not JSON's own way. Elements of lists and entries of maps are written
 * in their column's encoding.
 *
 * @param scale digits after the point of {@link Kind#UNSCALED} numbers, else 0
 */
public record Encoding(Kind kind, int scale) {

    /** The ways of Kafka Connect and Debezium. */
    public enum Kind {
        /** Whatever a message without schema may hold for the column's type, as long as it can mean one thing only. */
        BY_TYPE,
        /** Days since 1970. */
        DAYS,
        /** Milliseconds: since 1970 for times, of any origin for a long, which keeps microseconds. */
        MILLIS,
        MICROS,
        NANOS,
        /** ISO 8601 text, where a Z also stands on dates and local times. */
        ISO,
        /** Base64 of a big-endian integer, to be shifted by the scale. */
        UNSCALED,
        /** An object of a scale and an unscaled value. */
        VARIABLE_SCALE,
        /** A number, or text that holds one. */
        NUMBER,
        /** A number, or the text NaN, Infinity, -Infinity. */
        FLOATING,
        /** Base64 of a little-endian integer without sign. */
        BITS,
        /** An integer of 64 bits whose upper half comes as negative numbers. */
        WRAPPED,
        /** Text in which a backslash may stand for itself or for an escape. */
        ENUM
    }

    public static Encoding of(Kind kind) {
        return new Encoding(kind, 0);
    }
}
