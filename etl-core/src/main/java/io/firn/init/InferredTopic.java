package io.firn.init;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.firn.change.ChangeFormat;
import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.KafkaRecord;
import io.firn.change.MessageColumns;
import io.firn.registry.Schemas;
import io.firn.schema.Column;

/**
 * What the records of a topic say about the table whose changes it holds.
 *
 * @param columns of the source's table
 * @param told whether messages tell the columns; else they were guessed from values
 * @param key the columns that name a row; empty: none is known
 * @param records how many were looked at
 * @param notes what was guessed or left out, for people
 */
public record InferredTopic(
        ChangeFormat format, List<Column> columns, boolean told, List<String> key, long records, List<String> notes) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public InferredTopic {
        columns = List.copyOf(columns);
        key = List.copyOf(key);
        notes = List.copyOf(notes);
    }

    /** Reads the newest schemas, or where there are none the values; throws InferenceException when nothing is told. */
    public static InferredTopic of(ChangeFormat format, Schemas schemas, List<KafkaRecord> records) {
        return format.describes() ? told(format, schemas, records) : guessed(format, records);
    }

    /** What a registry says of a topic that no record is in yet. */
    public static InferredTopic of(ChangeFormat format, MessageColumns columns) {
        return described(format, columns, 0);
    }

    private static InferredTopic told(ChangeFormat format, Schemas schemas, List<KafkaRecord> records) {
        MessageColumns keyless = null;
        String why = "none has a value";
        for (int i = records.size() - 1; i >= 0; i--) {
            KafkaRecord record = records.get(i);
            if (record.value() == null || (record.key() == null && keyless != null)) {
                continue;
            }
            try {
                MessageColumns told = MessageColumns.of(format, schemas, record.key(), record.value());
                if (!told.key().isEmpty()) {
                    return described(format, told, records.size());
                }
                keyless = told;
            } catch (IllegalArgumentException e) {
                why = e.getMessage();
            }
        }
        if (keyless == null) {
            throw new InferenceException("No record of the topic tells its columns: " + why);
        }
        return described(format, keyless, records.size());
    }

    private static InferredTopic described(ChangeFormat format, MessageColumns told, long records) {
        List<String> notes = new ArrayList<>();
        return new InferredTopic(format, told.columns(), true, key(told.key(), told.columns(), notes), records, notes);
    }

    private static InferredTopic guessed(ChangeFormat format, List<KafkaRecord> records) {
        Shape rows = new Shape();
        List<String> key = List.of();
        for (KafkaRecord record : records) {
            JsonNode row = row(format, record.value());
            if (row != null) {
                rows.observe(row);
                key = key(record.key(), key);
            }
        }
        if (rows.seen() == 0) {
            throw new InferenceException("None of the topic's newest records holds a row, only deletes and markers,"
                    + " so nothing tells its columns. Change a row at the source and run again.");
        }
        List<String> notes = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        Map<String, String> names = new LinkedHashMap<>();
        for (Map.Entry<String, Shape> field : rows.children().entrySet()) {
            String name = field.getKey();
            String other = names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (field.getValue().hollow()) {
                notes.add("only nulls seen, so no column: " + name);
            } else if (other != null || name.startsWith("firn_") || name.isBlank()) {
                notes.add("no column, since its name is another's or Firn's own: " + name);
            } else {
                Guess guess = Guess.of(name, field.getValue());
                columns.add(new Column(name, guess.type(), null, guess.format(), key.contains(name), null));
            }
        }
        notes.add("messages carry no schema: types are the narrowest that hold every value of the records seen;"
                + " decimals, days and times may be text or numbers, as the connector writes them");
        return new InferredTopic(format, columns, false, key(key, columns, notes), records.size(), notes);
    }

    /** The row after a change, else before it; null where there is none. */
    private static JsonNode row(ChangeFormat format, byte[] value) {
        JsonNode message = payload(value);
        if (message == null) {
            return null;
        }
        if (format.envelope() == Envelope.DEBEZIUM) {
            return message.path("after").isObject() ? message.get("after") : null;
        }
        boolean deleted = message.path("__deleted").asText().equals("true")
                || message.path("__op").asText().equals("d");
        ((ObjectNode) message)
                .remove(fields(message).stream()
                        .filter(name -> name.startsWith("__"))
                        .toList());
        return deleted ? null : message;
    }

    private static List<String> key(byte[] key, List<String> otherwise) {
        JsonNode message = payload(key);
        return message == null ? otherwise : fields(message);
    }

    private static JsonNode payload(byte[] json) {
        if (json == null) {
            return null;
        }
        try {
            JsonNode message = JSON.readTree(json);
            JsonNode inner = message != null && message.has("schema") && message.has("payload")
                    ? message.get("payload")
                    : message;
            return inner != null && inner.isObject() ? inner : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> key(List<String> key, List<Column> columns, List<String> notes) {
        List<String> names = columns.stream().map(Column::name).toList();
        if (key.isEmpty()) {
            notes.add(
                    "messages have no key, so rows cannot be found again: every change is appended. With a primary key"
                            + " or message.key.columns in the connector, write id-columns and mode: upsert");
            return key;
        }
        if (!names.containsAll(key)) {
            notes.add("the key of messages has fields that are no columns (" + String.join(", ", key)
                    + "), so every change is appended");
            return List.of();
        }
        notes.add("id-columns are the fields of the messages' key");
        return key;
    }
}
