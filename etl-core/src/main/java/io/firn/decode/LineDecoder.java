package io.firn.decode;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.spark.unsafe.types.UTF8String;

import io.firn.schema.Column;
import io.firn.schema.JsonPath;
import io.firn.schema.Rejection;

/**
 * Turns the bytes of one line, which must be one JSON object, into a row of an event's columns: strictly (RFC 8259, no
 * duplicate keys, valid UTF-8) and exactly (no value rounded, cut or nulled). One per event and task, reused for all
 * lines, not thread safe.
 */
public final class LineDecoder {
    private final JsonScanner in = new JsonScanner();
    private final Keys keys = new Keys(in);
    private final Skipper skipper = new Skipper(in, keys);
    private final Decoding decoding = new Decoding(in);
    private final Unknowns unknowns;
    private final KeyNode root;
    private final ValueReader[] required;
    private final int[] requiredSlots;
    private final int ownSlots;
    private final int keptSlot;
    private final int slots;
    private final BitSet unavailable = new BitSet();
    private final BitSet misfits = new BitSet();
    private Rejection misfit;

    private LineDecoder(Plan plan, UnknownFields unknown, int extraSlots) {
        root = plan.root();
        unknowns = new Unknowns(unknown, unknown == UnknownFields.EVOLVE || plan.isWatched());
        requiredSlots = IntStream.range(0, plan.columns().size())
                .filter(i -> plan.columns().get(i).required)
                .toArray();
        required = Arrays.stream(requiredSlots).mapToObj(plan.columns()::get).toArray(ValueReader[]::new);
        keptSlot = unknown == UnknownFields.KEEP ? plan.columns().size() : -1;
        ownSlots = plan.columns().size() + (keptSlot >= 0 ? 1 : 0);
        slots = ownSlots + extraSlots;
    }

    /** A decoder of these columns; rows have {@code extraSlots} more slots after them, for the caller. */
    public static LineDecoder of(List<Column> columns, UnknownFields unknown, int extraSlots) {
        return of(columns, unknown, extraSlots, List.of());
    }

    /** The same, where keys at the paths {@code known} are not unknown though no column may name them. */
    public static LineDecoder of(List<Column> columns, UnknownFields unknown, int extraSlots, List<JsonPath> known) {
        List<EncodedColumn> plain =
                columns.stream().map(c -> new EncodedColumn(c, null)).toList();
        return new LineDecoder(Plan.of(plain, known), unknown, extraSlots);
    }

    /**
     * The same, where a column with a policy for changes of its type refuses no line: a value that it does not hold goes to
     * the first of its alternatives that holds it, else {@link #hasUnplaced} tells of the line.
     *
     * @param alternatives for columns that take what another one does not hold, that other's name
     */
    public static LineDecoder watching(
            List<Column> columns,
            Map<String, String> alternatives,
            UnknownFields unknown,
            int extraSlots,
            List<JsonPath> known) {
        return new LineDecoder(Plan.watching(columns, alternatives, known), unknown, extraSlots);
    }

    /**
     * A decoder of columns that the source writes in ways of its own; where {@code placeholder} stands for a column's
     * value, the slot is null and {@link #unavailable} names it.
     */
    public static LineDecoder ofEncoded(
            List<EncodedColumn> columns, List<JsonPath> known, Placeholder placeholder, int extraSlots) {
        Plan plan = Plan.of(columns, known);
        plan.columns().forEach(reader -> reader.placeholder = placeholder);
        return new LineDecoder(plan, UnknownFields.REPORT, extraSlots);
    }

    /** A row with a slot for everything this decoder fills, and the caller's slots. */
    public DecodedRow row() {
        return new DecodedRow(slots);
    }

    /** The first of the caller's slots. */
    public int firstExtraSlot() {
        return ownSlots;
    }

    /**
     * Decodes {@code bytes[from, to)}; null when the row is filled, else why not, and then the row's content means
     * nothing. Values may point into {@code bytes}, which must not change while the row is used.
     */
    public Rejection decode(byte[] bytes, int from, int to, DecodedRow row) {
        Cells cells = row.cells();
        cells.clear(ownSlots);
        in.reset(bytes, from, to);
        keys.reset();
        unknowns.reset();
        unavailable.clear();
        misfits.clear();
        misfit = null;
        try {
            document(cells);
            if (hasUnplaced()) {
                unknowns.forget();
            }
            return null;
        } catch (Refusal e) {
            return e.rejection();
        }
    }

    /** The slots of the last line whose value the source did not send; changes with the next line. */
    public BitSet unavailable() {
        return unavailable;
    }

    /**
     * Whether the line that was just decoded holds something that no column takes, and that wider columns might: a key
     * under {@link UnknownFields#EVOLVE}, or a value of a watched column. Such a line is not counted in {@link #unknown}.
     */
    public boolean hasUnplaced() {
        return unknowns.unplaced() || misfit != null;
    }

    /** The slots of watched columns whose values the last line has in another type; changes with the next line. */
    public BitSet misfits() {
        return misfits;
    }

    /** Why the first of {@link #misfits} does not fit; null: there are none. */
    public Rejection misfit() {
        return misfit;
    }

    /** The keys seen so far that no column names; rejected lines count as far as they were read. */
    public UnknownReport unknown() {
        return unknowns.report();
    }

    private void document(Cells cells) {
        byte c = in.next();
        if (c != '{') {
            throw in.malformed(in.at, "a line must be one JSON object, found " + in.kind(c));
        }
        object(root, cells);
        in.finish();
        for (int i = 0; i < required.length; i++) {
            if (cells.isNull(requiredSlots[i]) && !misfits.get(requiredSlots[i])) {
                throw required[i].missing("missing");
            }
        }
        if (keptSlot >= 0) {
            cells.setObject(keptSlot, unknowns.kept());
        }
    }

    private void object(KeyNode node, Cells out) {
        in.enter();
        long object = keys.begin();
        KeyNode before = null;
        byte c = in.next();
        if (c == '}') {
            in.leave();
            return;
        }
        while (true) {
            if (c != '"') {
                throw in.malformed(in.at, "expected a key");
            }
            KeyNode key = keys.next(node, before, object);
            if (key == null) {
                unlearned(node);
            } else {
                before = key;
                if (key.reader != null) {
                    value(key.reader, out, key.slot);
                } else if (key.isNamed()) {
                    readings(key, out);
                } else {
                    unnamed(node, key);
                }
            }
            c = in.next();
            if (c == '}') {
                in.leave();
                return;
            }
            comma(c, "expected ',' or '}'");
            c = in.next();
        }
    }

    private void readings(KeyNode key, Cells out) {
        int start = in.at;
        for (KeyNode.Reading reading : key.readings) {
            in.at = start;
            value(reading.reader(), out, reading.slot());
        }
        if (key.columnBelow == null) {
            return;
        }
        in.at = start;
        byte c = in.bytes[start];
        if (c == '{') {
            object(key, out);
        } else if (c == 'n') {
            in.nothing();
        } else {
            Refusal why =
                    new Refusal(key.columnBelow, "expected object at " + key.place.text() + ", found " + in.kind(c));
            if (key.watchedBelow == null) {
                throw why;
            }
            unknowns.mark();
            elsewhere(key.strangers, out, key.watchedBelow.slot(), why);
        }
    }

    private void unnamed(KeyNode parent, KeyNode key) {
        int start = in.at;
        skipper.skip(key);
        if (parent.counting && !key.covered) {
            unknowns.saw(parent, key, in.bytes, start, in.at);
        }
    }

    private void unlearned(KeyNode parent) {
        UTF8String key = in.utf8();
        int start = in.at;
        skipper.skip(null);
        if (parent.counting) {
            unknowns.sawUnlearned(parent, key, in.bytes, start, in.at);
        }
    }

    private void value(ValueReader r, Cells out, int slot) {
        byte c = in.bytes[in.at];
        if (c == 'n') {
            in.nothing();
            if (r.required) {
                throw r.missing("null");
            }
            out.setNull(slot);
            return;
        }
        if (r.placeholder != null && r.placeholder.standsAt(in)) {
            skipper.skip(null);
            out.setNull(slot);
            unavailable.set(slot);
            return;
        }
        switch (r.kind) {
            case JSON -> json(r, out, slot);
            case STRUCT -> struct(r, c, out, slot);
            case LIST -> list(r, c, out, slot);
            case MAP -> map(r, c, out, slot);
            case WATCHED -> watched(r, out, slot);
            default -> decoding.scalar(r, out, slot);
        }
    }

    private void watched(ValueReader r, Cells out, int slot) {
        ValueReader inner = r.read();
        int start = in.at;
        int depth = in.depth;
        Refusal why;
        try {
            if (inner.kind.isScalar()) {
                decoding.scalar(inner, out, slot);
            } else {
                unknowns.mark();
                value(inner, out, slot);
            }
            return;
        } catch (Refusal e) {
            why = e;
        }
        if (!why.isMisfit()) {
            throw why;
        }
        if (inner.kind.isScalar()) {
            unknowns.mark();
        }
        out.setNull(slot);
        in.at = start;
        in.depth = depth;
        elsewhere(r.alternatives, out, slot, why);
    }

    /** The first of the columns that holds the value at the cursor takes it, else it is noted as one of {@code slot}. */
    private void elsewhere(List<KeyNode.Reading> columns, Cells out, int slot, Refusal why) {
        int start = in.at;
        int depth = in.depth;
        for (KeyNode.Reading column : columns) {
            unknowns.back();
            if (misfit(column.reader(), out, column.slot()) == null) {
                return;
            }
            in.at = start;
            in.depth = depth;
        }
        unknowns.back();
        skipper.skip(null);
        misfits.set(slot);
        misfit = misfit == null ? why.rejection() : misfit;
    }

    private Refusal misfit(ValueReader r, Cells out, int slot) {
        try {
            value(r, out, slot);
            return null;
        } catch (Refusal e) {
            if (!e.isMisfit()) {
                throw e;
            }
            out.setNull(slot);
            return e;
        }
    }

    private void json(ValueReader r, Cells out, int slot) {
        int start = in.at;
        skipper.skip(r.node);
        out.setObject(slot, UTF8String.fromBytes(in.bytes, start, in.at - start));
    }

    private void struct(ValueReader r, byte c, Cells out, int slot) {
        if (c != '{') {
            throw r.found(in.kind(c));
        }
        int size = r.fields.size();
        Cells cells = Cells.mixed(size);
        object(r.node, cells);
        for (int i = 0; i < size; i++) {
            ValueReader field = r.fields.get(i);
            if (field.required && cells.isNull(i)) {
                throw field.missing("missing");
            }
        }
        out.setObject(slot, new DecodedRow(cells, size));
    }

    private void list(ValueReader r, byte c, Cells out, int slot) {
        if (c != '[') {
            throw r.found(in.kind(c));
        }
        in.enter();
        unknowns.enter();
        Cells cells = r.element.cells(Math.min(r.lastSize, 64));
        int size = 0;
        byte d = in.next();
        while (d != ']' || size > 0) {
            if (size == cells.capacity()) {
                cells.grow();
            }
            unknowns.at(size);
            value(r.element, cells, size++);
            d = in.next();
            if (d == ']') {
                break;
            }
            comma(d, "expected ',' or ']'");
            d = in.next();
        }
        in.leave();
        unknowns.leave();
        r.lastSize = size;
        out.setObject(slot, new DecodedList(cells, size));
    }

    private void map(ValueReader r, byte c, Cells out, int slot) {
        if (c != '{') {
            throw r.found(in.kind(c));
        }
        in.enter();
        unknowns.enter();
        long object = keys.begin();
        Cells names = Cells.ofObjects(Math.min(r.lastSize, 64));
        Cells values = r.element.cells(names.capacity());
        int size = 0;
        byte d = in.next();
        while (d != '}' || size > 0) {
            if (d != '"') {
                throw in.malformed(in.at, "expected a key");
            }
            if (size == names.capacity()) {
                names.grow();
                values.grow();
            }
            keys.nextUnlearned(object);
            UTF8String name = in.utf8();
            names.setObject(size, name);
            unknowns.at(name);
            value(r.element, values, size++);
            d = in.next();
            if (d == '}') {
                break;
            }
            comma(d, "expected ',' or '}'");
            d = in.next();
        }
        in.leave();
        unknowns.leave();
        r.lastSize = size;
        out.setObject(slot, new DecodedMap(new DecodedList(names, size), new DecodedList(values, size)));
    }

    private void comma(byte c, String otherwise) {
        if (c != ',') {
            throw in.malformed(in.at, otherwise);
        }
        in.at++;
    }
}
