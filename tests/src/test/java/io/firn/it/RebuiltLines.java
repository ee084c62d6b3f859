package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.spark.sql.Row;

import io.firn.schema.Column;
import io.firn.schema.JsonPath;

/**
 * A table's rows turned back into the documents that they were loaded from, by the YAML's paths and the properties of
 * evolved columns: whatever a document holds must be there again. Nulls, and objects and lists without content, are equal
 * to nothing.
 */
final class RebuiltLines {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String EVOLVED = "firn.evolved.";

    private RebuiltLines() {}

    /** Holds every row of an event against the line it came from; tells how many there were. */
    static int check(Workspace shop, String event) {
        String table = shop.event(event).target().table().quoted();
        Map<String, JsonNode> columns = columns(shop, event, table);
        String values = String.join(
                ", ", columns.keySet().stream().map(name -> "`" + name + "`").toList());
        List<Row> rows = shop.spark()
                .sql("SELECT firn_file, firn_offset, to_json(struct(" + values + "), map('ignoreNullFields', 'false',"
                        + " 'timestampFormat', \"yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX\")) FROM " + table)
                .collectAsList();
        Map<String, byte[]> files = new TreeMap<>();
        for (Row row : rows) {
            byte[] file = files.computeIfAbsent(row.getString(0), RebuiltLines::content);
            int from = (int) row.getLong(1);
            int to = from;
            while (to < file.length && file[to] != '\n') {
                to++;
            }
            String line = new String(file, from, to - from, StandardCharsets.UTF_8);
            JsonNode expected = tree(line);
            assertThat(plain(rebuilt(tree(row.getString(2)), columns)))
                    .as("row of %s", line)
                    .isEqualTo(plain(expected));
        }
        return rows.size();
    }

    /** Each column with where its value lies and how it is written. */
    private static Map<String, JsonNode> columns(Workspace shop, String event, String table) {
        Map<String, JsonNode> columns = new LinkedHashMap<>();
        for (Column column : shop.event(event).columns()) {
            columns.put(column.name(), said(column));
        }
        // Some columns are called as if their properties were secrets, which Spark would not show.
        shop.spark().conf().set("spark.sql.redaction.options.regex", "(?!)");
        for (Row property : shop.spark().sql("SHOW TBLPROPERTIES " + table).collectAsList()) {
            if (property.getString(0).startsWith(EVOLVED)) {
                String name = property.getString(0).substring(EVOLVED.length());
                columns.putIfAbsent(name, tree(property.getString(1)));
            }
        }
        return columns;
    }

    private static JsonNode said(Column column) {
        ObjectNode said = JSON.createObjectNode().put("path", column.location().text());
        return column.format() == null
                ? said
                : said.put("format", column.format().text());
    }

    private static JsonNode rebuilt(JsonNode row, Map<String, JsonNode> columns) {
        ObjectNode document = JSON.createObjectNode();
        columns.forEach((name, said) -> {
            JsonNode value = row.path(name);
            if (value.isNull() || value.isMissingNode()) {
                return;
            }
            boolean json = said.path("format").asText().equals("json");
            List<String> keys = JsonPath.parse(said.get("path").asText()).keys();
            ObjectNode at = document;
            for (String key : keys.subList(0, keys.size() - 1)) {
                at = at.withObjectProperty(key);
            }
            JsonNode before = at.set(keys.get(keys.size() - 1), json ? tree(value.textValue()) : value);
            assertThat(before == null).as("two columns have %s", said).isFalse();
        });
        return document;
    }

    /** Numbers, times, lists and maps that are equal where the JSON means the same; the event's name aside. */
    private static Object plain(JsonNode document) {
        Map<String, Object> plain = new TreeMap<>();
        document.properties().forEach(p -> {
            if (!p.getKey().equals("type")) {
                put(plain, p.getKey(), value(p.getValue()));
            }
        });
        return plain;
    }

    private static void put(Map<String, Object> plain, String key, Object value) {
        boolean empty = value == null
                || (value instanceof Map<?, ?> map && map.isEmpty())
                || (value instanceof List<?> list && list.isEmpty());
        if (!empty) {
            plain.put(key, value);
        }
    }

    private static Object value(JsonNode value) {
        if (value.isObject()) {
            Map<String, Object> plain = new TreeMap<>();
            value.properties().forEach(p -> put(plain, p.getKey(), value(p.getValue())));
            return plain;
        }
        if (value.isArray()) {
            List<Object> plain = new ArrayList<>();
            value.forEach(element -> plain.add(value(element)));
            return plain;
        }
        if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }
        if (value.isTextual()) {
            return text(value.textValue());
        }
        return value.equals(JsonNodeFactory.instance.nullNode()) ? null : value.booleanValue();
    }

    private static Object text(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            try {
                return LocalDateTime.parse(text);
            } catch (DateTimeParseException noTime) {
                return text;
            }
        }
    }

    static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(String file) {
        try {
            return Files.readAllBytes(Path.of(file.replaceFirst("^\\w+:/*", "/")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
