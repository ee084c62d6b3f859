package io.firn.change;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.firn.registry.Schemas;
import io.firn.schema.Column;
import io.firn.schema.DefaultValue;
import io.firn.schema.Rejection;

/**
 * The columns of a table as a message's schema tells them.
 *
 * @param columns all columns of the source's table, in its order
 * @param key the names of the key columns; empty when the message has no key
 * @param defaults what the source puts into columns where nothing is said, as far as it tells
 * @param schema what people call the schema that tells them
 */
public record MessageColumns(List<Column> columns, List<String> key, Map<String, DefaultValue> defaults, String schema)
        implements Serializable {
    /** What the names of the schemas of heartbeats, transactions and changes of schemas begin with. */
    static final String CONNECTORS = "io.debezium.connector.";

    /** What the names of fields begin with that connectors and their transforms add. */
    static final String ADDED = "__";

    public MessageColumns {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        defaults = Map.copyOf(defaults);
    }

    /**
     * Reads the schemas of a change's key, which may be null, and value.
     *
     * @throws IllegalArgumentException if they carry none, or no column type holds a column's values; it names the column
     */
    public static MessageColumns of(byte[] key, byte[] value) {
        return of(ChangeFormat.DEFAULT, null, key, value);
    }

    /** The same for messages of any format; {@code schemas} are those of its registry, null where it has none. */
    public static MessageColumns of(ChangeFormat format, Schemas schemas, byte[] key, byte[] value) {
        Payload payload = Payload.of(format, schemas);
        ConnectSchema row = schema(payload, value).row();
        return of(
                row,
                key == null
                        ? List.of()
                        : List.copyOf(schema(Payload.of(format, schemas), key)
                                .fields()
                                .keySet()),
                payload.schemaName());
    }

    /** The columns of a row's schema. */
    static MessageColumns of(ConnectSchema row, List<String> key, String schema) {
        List<Column> columns = new ArrayList<>();
        Map<String, DefaultValue> defaults = new HashMap<>();
        for (String name : row.ownFields()) {
            ConnectSchema field = row.fields().get(name);
            try {
                Column column = new Column(name, ConnectTypes.natural(field), null, null, !field.optional(), null);
                columns.add(column);
                SourceDefault.of(column, field).ifPresent(value -> defaults.put(name, value));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("column '" + name + "': " + e.getMessage(), e);
            }
        }
        return new MessageColumns(columns, key, defaults, schema);
    }

    /** The names of the columns that a record's key has; none where it has no key, or one that tells no names. */
    public static List<String> key(ChangeFormat format, Schemas schemas, KafkaRecord record) {
        if (record.key() == null) {
            return List.of();
        }
        try {
            return List.copyOf(
                    schema(Payload.of(format, schemas), record.key()).fields().keySet());
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /**
     * Whether a message's key is that of a table with these key columns. Two underscores are how connectors mark what they
     * add, such as the table that a router took a row from.
     */
    public static boolean isKey(Collection<String> told, Set<String> columns) {
        return told.containsAll(columns)
                && told.stream().allMatch(name -> name.startsWith(ADDED) || columns.contains(name));
    }

    /** Whether a record is none of a table's, but one that connectors write beside changes into topics of their own. */
    public static boolean isOther(ChangeFormat format, Schemas schemas, KafkaRecord record) {
        if (OtherMessages.isHeartbeat(record.topic())) {
            return true;
        }
        byte[] value = record.value();
        if (value == null) {
            return false;
        }
        Payload payload = Payload.of(format, schemas);
        try {
            if (payload.find(value) == null && payload.schema() != null) {
                return payload.schema().name().startsWith(CONNECTORS);
            }
        } catch (IllegalArgumentException e) {
            return false;
        }
        return new OtherMessages().classify(value, 0, value.length) != null;
    }

    private static ConnectSchema schema(Payload payload, byte[] message) {
        Rejection rejection = payload.find(message);
        ConnectSchema schema = rejection == null ? payload.schema() : null;
        if (schema != null) {
            return schema;
        }
        if (rejection != null && payload instanceof RegisteredPayload) {
            throw new IllegalArgumentException(rejection.reason());
        }
        throw new IllegalArgumentException(
                "the message carries no schema; turn schemas on (converter.schemas.enable) or name the columns");
    }
}
