package io.firn.change;

import java.util.ArrayList;
import java.util.List;

import io.firn.decode.DecodedRow;
import io.firn.decode.EncodedColumn;
import io.firn.decode.Encoding;
import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.schema.Rejection;

/** The key of a record: which columns the connector counts to it, and their values where nothing else has them. */
final class MessageKey {
    private final TableColumns table;
    private final Payload payload;
    private final LineDecoder names;
    private final DecodedRow namesRow;

    MessageKey(TableColumns table, Payload payload) {
        this.table = table;
        this.payload = payload;
        List<Column> texts = new ArrayList<>();
        for (int i = 0; i < table.keyCount(); i++) {
            Column column = table.key(i);
            texts.add(new Column(
                    column.name(), Scalar.STRING, column.location(), new Format(Format.Kind.JSON, null), true, null));
        }
        names = LineDecoder.of(texts, UnknownFields.REPORT, 0);
        namesRow = names.row();
    }

    /** Null when the record's key names all key columns; else why not. */
    Rejection check(byte[] key) {
        if (key == null) {
            return new Rejection(
                    null,
                    "the message has no key; let the connector make one of the key columns (message.key.columns)");
        }
        Rejection rejection = payload.find(key);
        if (rejection != null) {
            return rejection;
        }
        Rejection missing = names.decode(payload.bytes(), payload.from(), payload.to(), namesRow);
        return missing == null || missing.column() == null
                ? missing
                : new Rejection(
                        missing.column(),
                        "the message's key lacks this key column, so that other rows may go; name it in the"
                                + " connector's message.key.columns");
    }

    /** The columns of the key that its own schema describes, or their types. */
    Object[] values(byte[] key) throws Unreadable {
        List<EncodedColumn> typed = new ArrayList<>();
        ConnectSchema schema = null;
        Rejection rejection = payload.find(key);
        try {
            if (rejection == null) {
                schema = payload.schema();
            }
            for (int i = 0; i < table.keyCount(); i++) {
                Column column = table.key(i);
                ConnectSchema field = schema == null
                        ? null
                        : schema.fields().get(column.location().keys().get(0));
                typed.add(
                        field == null
                                ? new EncodedColumn(column, Encoding.of(Encoding.Kind.BY_TYPE))
                                : ConnectTypes.encoded(column, field));
            }
        } catch (IllegalArgumentException e) {
            throw new Unreadable(new Rejection(null, "the message's key: " + e.getMessage()));
        }
        LineDecoder decoder = LineDecoder.ofEncoded(typed, List.of(), null, 0);
        DecodedRow row = decoder.row();
        rejection = rejection == null ? decoder.decode(payload.bytes(), payload.from(), payload.to(), row) : rejection;
        if (rejection != null) {
            throw new Unreadable(rejection);
        }
        Object[] values = new Object[typed.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i, table.keyType(i));
        }
        return values;
    }

    /** The key cannot be read. */
    static final class Unreadable extends Exception {
        private final transient Rejection rejection;

        Unreadable(Rejection rejection) {
            super(rejection.reason(), null, false, false);
            this.rejection = rejection;
        }

        Rejection rejection() {
            return rejection;
        }
    }
}
