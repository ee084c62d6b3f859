package io.firn.init;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.firn.schema.Column;
import io.firn.schema.JsonPath;

/** Lays one event's documents out as columns: small objects opened one level, wrappers opened without a prefix. */
final class EventColumns {
    private static final int MAX_OPENED_KEYS = 30;
    private static final Set<String> IDS = Set.of("id", "event_id", "message_id", "uuid");

    private final List<Place> places = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> wrappers;
    private final JsonPath eventName;
    private final JsonPath eventTime;

    EventColumns(Shape event, Set<String> wrappers, JsonPath eventName, JsonPath eventTime) {
        this.wrappers = wrappers;
        this.eventName = eventName;
        this.eventTime = eventTime;
        event.children().forEach((key, child) -> place(List.of(key), 0, child));
        if (places.isEmpty()) {
            // An event that says nothing else still has rows to count, and a table needs a column.
            Shape name = event;
            for (String key : eventName.keys()) {
                name = name.children().get(key);
            }
            places.add(new Place(eventName.keys(), 0, name));
        }
    }

    /** The columns: the id, the event's time, then all others as the documents order them. */
    List<Column> columns(long lines) {
        List<Place> ordered = new ArrayList<>(places);
        ordered.sort(Comparator.comparingInt(this::rank));
        Names names = new Names();
        List<Column> columns = new ArrayList<>();
        // What stands at the top keeps its plain name, so that payload.id cannot take it from id.
        ordered.stream().filter(p -> p.keys.size() == 1).forEach(p -> p.name = names.claim(p.candidates()));
        for (Place place : ordered) {
            if (place.name == null) {
                place.name = names.claim(place.candidates());
            }
            columns.add(column(place, lines));
        }
        return columns;
    }

    /** Paths that no column loads, since nothing but nulls and empty objects was seen there. */
    List<String> leftOut() {
        return leftOut;
    }

    private Column column(Place place, long lines) {
        Guess guess = Guess.of(place.keys.get(place.keys.size() - 1), place.shape);
        JsonPath path = new JsonPath(place.keys);
        boolean sameName = place.keys.equals(List.of(place.name));
        boolean required = path.equals(eventTime) && place.shape.fills(lines);
        return new Column(place.name, guess.type(), sameName ? null : path, guess.format(), required, null);
    }

    private int rank(Place place) {
        if (IDS.contains(Names.column(place.keys))) {
            return 0;
        }
        return new JsonPath(place.keys).equals(eventTime) ? 1 : 2;
    }

    /** @param unnamed how many of the keys, from the front, only wrap the others */
    private void place(List<String> keys, int unnamed, Shape shape) {
        JsonPath path = new JsonPath(keys);
        if (path.equals(eventName)) {
            return; // the table says it
        }
        if (shape.hollow() || keys.stream().anyMatch(k -> k.indexOf('"') >= 0)) {
            leftOut.add(path.text());
            return;
        }
        boolean wrapper = keys.size() == 1 && wrappers.contains(keys.get(0)) && !shape.keyedByData();
        boolean opens = keys.size() == unnamed + 1 && opens(shape);
        if (shape.kind() != Shape.Kind.OBJECT || !(wrapper || opens)) {
            places.add(new Place(keys, unnamed, shape));
            return;
        }
        for (Map.Entry<String, Shape> child : shape.children().entrySet()) {
            List<String> below = new ArrayList<>(keys);
            below.add(child.getKey());
            place(below, wrapper ? 1 : unnamed, child.getValue());
        }
    }

    private static boolean opens(Shape shape) {
        return shape.kind() == Shape.Kind.OBJECT
                && !shape.keyedByData()
                && shape.children().size() <= MAX_OPENED_KEYS;
    }

    private static final class Place {
        private final List<String> keys;
        private final int unnamed;
        private final Shape shape;
        private String name;

        Place(List<String> keys, int unnamed, Shape shape) {
            this.keys = keys;
            this.unnamed = unnamed;
            this.shape = shape;
        }

        List<String> candidates() {
            return List.of(Names.column(keys.subList(unnamed, keys.size())), Names.column(keys));
        }
    }
}
