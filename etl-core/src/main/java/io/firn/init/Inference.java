package io.firn.init;

import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import io.firn.init.InferredPipeline.InferredEvent;
import io.firn.schema.JsonPath;

/** Tells a pipeline from the lines of a sample dump, in one pass and in memory that the sample's size does not drive. */
public final class Inference {
    private static final int FIRST_LINES = 2000;
    private static final int MAX_EVENTS = 1000;
    private static final int ISO_DAY = "2026-11-20".length();
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(JsonNode.class);

    private static final JsonNode BROKEN = MissingNode.getInstance();

    private final Map<String, Shape> shapes = new LinkedHashMap<>();
    private final List<JsonNode> first = new ArrayList<>();
    private JsonPath eventName;
    private JsonPath eventTime;
    private LocalDate firstDay;
    private long lines;
    private long malformed;
    private long nameless;

    private Inference(Hints hints) {
        eventName = hints.eventName();
        eventTime = hints.eventTime();
    }

    /** What the user already knows; null where the sample is to tell. */
    public record Hints(JsonPath eventName, JsonPath eventTime) {
        public static final Hints NONE = new Hints(null, null);
    }

    /** Reads all lines, broken ones counted and passed over; throws InferenceException if they tell no events. */
    public static InferredPipeline of(Iterator<byte[]> lines, Hints hints) {
        Inference inference = new Inference(hints);
        lines.forEachRemaining(inference::read);
        return inference.result();
    }

    private void read(byte[] line) {
        JsonNode document = document(line);
        if (document == null) {
            return;
        }
        lines++;
        if (!document.isObject()) {
            malformed++;
        } else if (shapes.isEmpty() && first.size() < FIRST_LINES) {
            first.add(document);
        } else {
            settleKeys();
            observe(document);
        }
    }

    /** The line's document; null for a blank line, no object for a broken one. */
    private static JsonNode document(byte[] line) {
        try {
            JsonNode document = JSON.readTree(line);
            boolean blank = document.isMissingNode();
            return blank ? null : document;
        } catch (IOException e) {
            return BROKEN;
        }
    }

    private void settleKeys() {
        if (first.isEmpty()) {
            return;
        }
        EventKeys keys = new EventKeys(first);
        if (eventName == null) {
            eventName = keys.name()
                    .orElseThrow(() -> new InferenceException("No key tells the events apart: none of the usual names"
                            + " (type, event, event_name, ...) holds a short text on all of the first " + first.size()
                            + " lines. Say which one it is with --event-name, for example --event-name payload.kind."));
        }
        if (eventTime == null) {
            eventTime = keys.time().orElse(null);
        }
        first.forEach(this::observe);
        first.clear();
    }

    private void observe(JsonNode document) {
        JsonNode name = at(document, eventName);
        boolean known = name.isTextual() && (shapes.size() < MAX_EVENTS || shapes.containsKey(name.textValue()));
        if (!known) {
            nameless++;
            return;
        }
        if (firstDay == null && eventTime != null) {
            firstDay = day(at(document, eventTime).asText());
        }
        shapes.computeIfAbsent(name.textValue(), n -> new Shape()).observe(document);
    }

    private static JsonNode at(JsonNode document, JsonPath path) {
        JsonNode node = document;
        for (String key : path.keys()) {
            node = node.path(key);
        }
        return node;
    }

    /** Of ISO 8601 texts; other times are left to the user. */
    private static LocalDate day(String time) {
        try {
            return LocalDate.parse(time.substring(0, Math.min(time.length(), ISO_DAY)));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private InferredPipeline result() {
        settleKeys();
        if (shapes.isEmpty()) {
            throw new InferenceException("The sample names no event: of its " + lines + " lines " + malformed
                    + " are no JSON object and " + nameless + " have no text at "
                    + (eventName == null ? "an event name" : "\"" + eventName.text() + "\"")
                    + ". Give a sample of JSON lines, and --event-name if the name lies elsewhere.");
        }
        Set<String> wrappers = Wrappers.among(shapes.values());
        List<InferredEvent> events = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            EventColumns columns = new EventColumns(shape, wrappers, eventName, eventTime);
            events.add(new InferredEvent(name, shape.seen(), columns.columns(shape.seen()), columns.leftOut()));
        });
        events.sort(Comparator.comparingLong(InferredEvent::lines).reversed().thenComparing(InferredEvent::name));
        return new InferredPipeline(eventName, eventTime, firstDay, events, lines, malformed, nameless);
    }
}
