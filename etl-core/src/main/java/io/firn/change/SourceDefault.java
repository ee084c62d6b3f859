package io.firn.change;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.DefaultValue;

/**
 * The default of a source's column. Connectors write a zero of the type where a column that is not null has a default that
 * is computed: zeros of times and UUIDs, which nobody means, are no defaults.
 */
final class SourceDefault {
    private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

    private SourceDefault() {}

    static Optional<DefaultValue> of(Column column, ConnectSchema field) {
        if (field.fallback() == null || field.fallback().isNull()) {
            return Optional.empty();
        }
        byte[] line = JsonNodeFactory.instance
                .objectNode()
                .set(column.name(), field.fallback())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        LineDecoder decoder = LineDecoder.ofEncoded(List.of(ConnectTypes.encoded(column, field)), List.of(), null, 0);
        DecodedRow row = decoder.row();
        boolean read = decoder.decode(line, 0, line.length, row) == null && !row.isNullAt(0);
        return read ? Optional.ofNullable(text(row, column.type())).map(DefaultValue::new) : Optional.empty();
    }

    /** Null where there is no default of the type, or it stands for one that is computed. */
    private static String text(DecodedRow row, ColumnType type) {
        if (type instanceof Decimal decimal) {
            return row.getDecimal(0, decimal.precision(), decimal.scale()).toString();
        }
        if (!(type instanceof Scalar scalar)) {
            return null;
        }
        return switch (scalar) {
            case BOOLEAN -> Boolean.toString(row.getBoolean(0));
            case INT -> Integer.toString(row.getInt(0));
            case LONG -> Long.toString(row.getLong(0));
            case FLOAT -> Float.toString(row.getFloat(0));
            case DOUBLE -> Double.toString(row.getDouble(0));
            case STRING -> row.getUTF8String(0).toString();
            case DATE ->
                row.getInt(0) == 0 ? null : LocalDate.ofEpochDay(row.getInt(0)).toString();
            case TIMESTAMP -> row.getLong(0) == 0 ? null : time(row.getLong(0)).toString();
            case TIMESTAMPTZ ->
                row.getLong(0) == 0
                        ? null
                        : time(row.getLong(0)).atOffset(ZoneOffset.UTC).toString();
            case UUID ->
                row.getUTF8String(0).toString().matches("[0-]+")
                        ? null
                        : row.getUTF8String(0).toString();
            case BINARY -> null;
        };
    }

    private static LocalDateTime time(long micros) {
        return EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
