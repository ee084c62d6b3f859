package io.firn.transform;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Scalar;

/** An exact cast of one value; {@link CastMatrix} tells which there are. */
interface Conversion {
    /** Writes the cast value to field 0 of {@code out}; returns null, or why the value does not fit. Never sees null. */
    String apply(InternalRow in, int ordinal, SpecificInternalRow out);

    static Conversion of(ColumnType from, ColumnType to) {
        if (from.equals(to)) {
            return (in, ordinal, out) -> {
                out.update(0, in.get(ordinal, from.toSpark()));
                return null;
            };
        }
        return switch (CastMatrix.family(to)) {
            case TEXT -> TextConversion.to(from);
            case BOOLEAN -> TextConversion::toBoolean;
            case UUID -> TextConversion::toUuid;
            case NUMBER -> new NumberConversion(from, to);
            case DATE, TIMESTAMP, TIMESTAMPTZ -> TimeConversion.of(from, (Scalar) to);
            case BYTES -> bytes(to);
            case NESTED -> throw new IllegalArgumentException(CastMatrix.refusal(from, to));
        };
    }

    private static Conversion bytes(ColumnType to) {
        return (in, ordinal, out) -> {
            byte[] bytes = in.getBinary(ordinal);
            if (to instanceof Fixed fixed && bytes.length != fixed.length()) {
                return "expected " + to.text() + ", found another length";
            }
            out.update(0, bytes);
            return null;
        };
    }
}
