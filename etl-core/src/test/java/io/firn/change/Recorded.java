package io.firn.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.spark.sql.catalyst.InternalRow;

import io.firn.change.ChangeFormat.Binary;
import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Schemas;
import io.firn.decode.RowValues;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.Format;

/** The recorded messages, and what becomes of them. */
final class Recorded {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Recorded() {}

    static List<KafkaRecord> messages(String file) {
        List<KafkaRecord> records = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Recorded.class.getResourceAsStream(file + ".jsonl"), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = JSON.readTree(line);
                records.add(new KafkaRecord(
                        node.get("topic").asText(),
                        node.get("partition").asInt(),
                        node.get("offset").asLong(),
                        node.get("timestamp").asLong(),
                        bytes(node.get("key")),
                        bytes(node.get("value")),
                        List.of()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    private static byte[] bytes(JsonNode node) {
        return node.isNull() ? null : node.asText().getBytes(UTF_8);
    }

    /** The settings of a connector by the name that its topics begin with. */
    static ChangeFormat format(String connector) {
        Schemas schemas = connector.endsWith("s") ? Schemas.IN_MESSAGE : Schemas.NONE;
        Envelope envelope = connector.endsWith("f") ? Envelope.UNWRAPPED : Envelope.DEBEZIUM;
        ChangeFormat format = ChangeFormat.of(schemas, envelope);
        return connector.equals("pgd")
                ? format.with(Binary.BASE64)
                : connector.equals("mad") ? format.with(Binary.HEX) : format;
    }

    static Column column(String name, String type) {
        return new Column(name, ColumnType.parse(type), null, null, false, null);
    }

    static Column column(String name, String type, String format) {
        return new Column(name, ColumnType.parse(type), null, Format.parse(format), false, null);
    }

    /** What a connector wrote, decoded and lasting. */
    static List<Message> decoded(String file, List<Column> columns, List<String> keys) {
        ChangeDecoder decoder = new ChangeDecoder(columns, keys, format(file.substring(0, 3)), 0, 0);
        return messages(file).stream()
                .map(decoder::decode)
                .map(m -> m instanceof Change change ? change.copy() : m)
                .toList();
    }

    static List<Change> changes(List<Message> messages) {
        return messages.stream()
                .filter(Change.class::isInstance)
                .map(Change.class::cast)
                .toList();
    }

    /** The table that changes lead to, by key, told without the code that folds. */
    static Map<String, List<Object>> table(List<Change> changes, List<Column> columns) {
        List<Change> sorted = new ArrayList<>(changes);
        sorted.sort((a, b) -> a.position().compareTo(b.position()));
        Map<String, List<Object>> rows = new TreeMap<>();
        for (Change change : sorted) {
            String key = change.key().values().toString();
            if (change.operation() == Operation.TRUNCATE) {
                rows.clear();
            } else if (change.operation() == Operation.DELETE) {
                rows.remove(key);
            } else {
                List<Object> old = rows.get(key);
                List<Object> row = values(change.row(), columns);
                change.unavailable().stream().forEach(i -> row.set(i, old.get(i)));
                rows.put(key, row);
            }
        }
        return rows;
    }

    static List<Object> values(InternalRow row, List<Column> columns) {
        return RowValues.of(row, columns);
    }
}
