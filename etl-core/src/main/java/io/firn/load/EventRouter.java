package io.firn.load;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.firn.decode.ByteSpanMap;
import io.firn.decode.FieldProbe;
import io.firn.schema.JsonPath;

/** Tells which event a line is, before it is decoded. */
final class EventRouter {
    /** The line names an event that the pipeline does not list: {@link #name}. */
    static final int NOT_LISTED = -1;

    /** The line names no event: {@link #whyNoName}. */
    static final int NO_NAME = -2;

    private final JsonPath path;
    private final FieldProbe probe;
    private final ByteSpanMap<Integer> events;
    private FieldProbe.Outcome outcome;

    EventRouter(JsonPath path, List<String> events) {
        this.path = path;
        probe = new FieldProbe(path);
        Map<String, Integer> indexes = new HashMap<>();
        events.forEach(event -> indexes.put(event, indexes.size()));
        this.events = new ByteSpanMap<>(indexes);
    }

    /** The index of the line's event, {@link #NOT_LISTED} or {@link #NO_NAME}. */
    int route(byte[] bytes, int from, int to) {
        outcome = probe.probe(bytes, from, to);
        if (outcome != FieldProbe.Outcome.FOUND) {
            return NO_NAME;
        }
        Integer event = events.get(probe.bytes(), probe.from(), probe.to());
        return event == null ? NOT_LISTED : event;
    }

    String name() {
        return new String(probe.bytes(), probe.from(), probe.to() - probe.from(), StandardCharsets.UTF_8);
    }

    String whyNoName() {
        return outcome == FieldProbe.Outcome.NOT_A_STRING
                ? "the event's name at " + path.text() + " is not a string"
                : "no event's name at " + path.text();
    }
}
