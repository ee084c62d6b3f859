package io.firn.change;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.firn.decode.DecodedRow;
import io.firn.decode.EncodedColumn;
import io.firn.decode.Encoding;
import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;
import io.firn.schema.Rejection;

/** The key of a record: which columns the connector counts to it, and their values where nothing else has them. */
final class MessageKey {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_SCHEMAS = 32;
    private static final String SETTING = "message.key.columns";

    private final TableColumns table;
    private final Payload payload;
    private final LineDecoder names;
    private final DecodedRow namesRow;
    private final Set<String> fields = new LinkedHashSet<>();
    private final LineDecoder exact;
    private final IdentityHashMap<ConnectSchema, Rejection> compared = new IdentityHashMap<>();

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
        texts.forEach(column -> fields.add(column.location().keys().get(0)));
        exact = LineDecoder.of(
                fields.stream()
                        .map(field -> new Column(
                                field,
                                Scalar.STRING,
                                new JsonPath(List.of(field)),
                                new Format(Format.Kind.JSON, null),
                                true,
                                null))
                        .toList(),
                UnknownFields.FAIL,
                0);
    }

    /**
     * Null when the record's key is made of the key columns, or cannot be compared as it tells no names; else why not. A
     * source whose key has other columns tells of changes of its own key only: rows would stay behind or meet others.
     */
    Rejection compare(byte[] key) {
        if (key == null) {
            return new Rejection(
                    null, "the message has no key; let the connector make one of the key columns (" + SETTING + ")");
        }
        if (payload.findSchema(key) != null) {
            return null;
        }
        try {
            return difference(payload.schema());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Once for each schema; without schemas the names stand in every key. */
    private Rejection difference(ConnectSchema schema) {
        if (schema == null) {
            return payload.isEmpty() || exact.decode(payload.bytes(), payload.from(), payload.to(), exact.row()) == null
                    ? null
                    : difference(written());
        }
        if (!compared.containsKey(schema)) {
            if (compared.size() == MOST_SCHEMAS) {
                compared.clear();
            }
            compared.put(schema, difference(schema.fields().keySet()));
        }
        return compared.get(schema);
    }

    /** The names in a key that is an object; none where it is a bare value. */
    private List<String> written() {
        try {
            JsonNode node = JSON.readTree(payload.bytes(), payload.from(), payload.to() - payload.from());
            List<String> written = new ArrayList<>();
            node.fieldNames().forEachRemaining(written::add);
            return written;
        } catch (IOException e) {
            return List.of();
        }
    }

    private Rejection difference(Collection<String> told) {
        if (told.isEmpty() || table.keyCount() == 0) {
            return null;
        }
        for (int i = 0; i < table.keyCount(); i++) {
            if (!told.contains(table.key(i).location().keys().get(0))) {
                return lacking(table.key(i).name());
            }
        }
        List<String> more = told.stream()
                .filter(name -> !fields.contains(name) && !name.startsWith(MessageColumns.ADDED))
                .toList();
        return more.isEmpty()
                ? null
                : new Rejection(
                        null,
                        "the message's key has more columns than the table's (" + String.join(", ", more)
                                + "), so that rows which differ in them alone would overwrite each other; add them to"
                                + " id-columns, or leave them out of the connector's " + SETTING);
    }

    private static Rejection lacking(String column) {
        return new Rejection(
                column,
                "the message's key lacks this key column, so that other rows may go or old ones stay; name it in the"
                        + " connector's " + SETTING + ", or leave it out of id-columns");
    }

    /** Null when the record's key can be read and is made of the key columns; else why not. */
    Rejection check(byte[] key) {
        if (key == null) {
            return compare(null);
        }
        Rejection rejection = payload.find(key);
        if (rejection != null) {
            return rejection;
        }
        Rejection missing = names.decode(payload.bytes(), payload.from(), payload.to(), namesRow);
        if (missing != null) {
            return missing.column() == null ? missing : lacking(missing.column());
        }
        return compare(key);
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
