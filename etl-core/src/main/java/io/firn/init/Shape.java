package io.firn.init;

import java.io.Serializable;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/** What the values seen at one place of the documents have in common. */
final class Shape implements Serializable {
    /** The kinds of JSON values; whole numbers beyond a long and doubles beyond their range are apart. */
    enum Kind {
        BOOLEAN,
        WHOLE,
        FRACTION,
        BOUNDLESS,
        TEXT,
        OBJECT,
        LIST
    }

    private static final int MAX_KEYS = 500;
    private static final int MAX_NODES = 100_000;
    private static final int MAX_DEPTH = 24;
    private static final long EXACT_IN_DOUBLE = 1L << 53;

    /** How many more objects' keys may be told apart, by all shapes that share it: keys may be data at every level. */
    static final class Room implements Serializable {
        private int left = MAX_NODES;
    }

    private final Room room;
    private final Map<String, Shape> children = new LinkedHashMap<>();
    private final Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    private final Set<TimeForm> timeForms = EnumSet.allOf(TimeForm.class);
    private Shape element;
    private Shape otherKeys;
    private boolean tooDeep;
    private long seen;
    private long objects;
    private long nulls;
    private long min = Long.MAX_VALUE;
    private long max = Long.MIN_VALUE;

    Shape() {
        this(new Room());
    }

    Shape(Room room) {
        this.room = room;
    }

    void observe(JsonNode value) {
        observe(value, 0);
    }

    private void observe(JsonNode value, int depth) {
        seen++;
        switch (value.getNodeType()) {
            case NULL, MISSING -> nulls++;
            case BOOLEAN -> kinds.add(Kind.BOOLEAN);
            case NUMBER -> observeNumber(value);
            case STRING -> observeText(value.textValue());
            case OBJECT -> observeObject(value, depth);
            case ARRAY -> observeList(value, depth);
            default -> throw new IllegalStateException("no JSON value: " + value.getNodeType());
        }
    }

    private void observeNumber(JsonNode value) {
        if (!value.isIntegralNumber()) {
            kinds.add(Double.isFinite(value.doubleValue()) ? Kind.FRACTION : Kind.BOUNDLESS);
            return;
        }
        if (!value.canConvertToLong()) {
            kinds.add(Kind.BOUNDLESS);
            return;
        }
        kinds.add(Kind.WHOLE);
        min = Math.min(min, value.longValue());
        max = Math.max(max, value.longValue());
    }

    private void observeText(String text) {
        kinds.add(Kind.TEXT);
        if (!timeForms.isEmpty()) {
            timeForms.removeIf(form -> !form.matches(text));
        }
    }

    private void observeObject(JsonNode object, int depth) {
        kinds.add(Kind.OBJECT);
        objects++;
        if (depth >= MAX_DEPTH) {
            tooDeep = true;
            return;
        }
        object.properties().forEach(p -> child(p.getKey()).observe(p.getValue(), depth + 1));
    }

    private void observeList(JsonNode list, int depth) {
        kinds.add(Kind.LIST);
        if (depth >= MAX_DEPTH) {
            tooDeep = true;
            return;
        }
        if (element == null) {
            element = new Shape(room);
        }
        list.forEach(e -> element.observe(e, depth + 1));
    }

    private Shape child(String key) {
        Shape child = children.get(key);
        if (child != null) {
            return child;
        }
        if (children.size() >= MAX_KEYS || room.left <= 0) {
            otherKeys = otherKeys == null ? new Shape(room) : otherKeys;
            return otherKeys;
        }
        room.left--;
        children.put(key, new Shape(room));
        return children.get(key);
    }

    /** Takes over all that another shape has seen. */
    void absorb(Shape other) {
        seen += other.seen;
        nulls += other.nulls;
        objects += other.objects;
        kinds.addAll(other.kinds);
        if (other.kinds.contains(Kind.TEXT)) {
            timeForms.retainAll(other.timeForms);
        }
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        tooDeep |= other.tooDeep;
        other.children.forEach((key, child) -> child(key).absorb(child));
        if (other.otherKeys != null) {
            otherKeys = otherKeys == null ? new Shape(room) : otherKeys;
            otherKeys.absorb(other.otherKeys);
        }
        if (other.element != null) {
            element = element == null ? new Shape(room) : element;
            element.absorb(other.element);
        }
    }

    /** The values of all keys as one. */
    Shape values() {
        Shape all = new Shape();
        children.values().forEach(all::absorb);
        if (otherKeys != null) {
            all.absorb(otherKeys);
        }
        return all;
    }

    Map<String, Shape> children() {
        return children;
    }

    /** What lists here hold; null when none was seen. */
    Shape element() {
        return element;
    }

    /** The one kind all values that are not null have; null when none or several were seen. */
    Kind kind() {
        if (kinds.size() == 1 && !tooDeep) {
            return kinds.iterator().next();
        }
        boolean numbers = kinds.equals(EnumSet.of(Kind.WHOLE, Kind.FRACTION));
        return numbers && min >= -EXACT_IN_DOUBLE && max <= EXACT_IN_DOUBLE ? Kind.FRACTION : null;
    }

    /** Only nulls, or nothing at all. */
    boolean blank() {
        return kinds.isEmpty();
    }

    /** Nothing but objects without keys, or with keys that are blank themselves, and nulls. */
    boolean hollow() {
        return blank() || (kind() == Kind.OBJECT && children.values().stream().allMatch(Shape::hollow));
    }

    /** Nothing here tells a type: nulls, and objects and lists without content. */
    boolean untold() {
        return blank()
                || (kind() == Kind.OBJECT && children.values().stream().allMatch(Shape::untold))
                || (kind() == Kind.LIST && element.untold());
    }

    /** Keys are data here: they differ from object to object. */
    boolean keyedByData() {
        if (otherKeys != null) {
            return true;
        }
        long filled = children.values().stream().mapToLong(c -> c.seen).sum();
        return objects >= 5 && children.size() >= 20 && filled < objects * children.size() / 4;
    }

    /** The number of values an object of this shape holds when all its objects are opened. */
    int leaves() {
        if (kind() == Kind.OBJECT) {
            return children.values().stream().mapToInt(Shape::leaves).sum();
        }
        return kind() == Kind.LIST ? element.leaves() : blank() ? 0 : 1;
    }

    /** The forms that all texts have; empty without any text. */
    Set<TimeForm> timeForms() {
        return kinds.contains(Kind.TEXT) ? timeForms : Set.of();
    }

    boolean within(long least, long most) {
        return min >= least && max <= most;
    }

    long seen() {
        return seen;
    }

    /** On every one of {@code lines} documents, and never null. */
    boolean fills(long lines) {
        return seen == lines && nulls == 0;
    }
}
