package io.firn.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.firn.change.ChangeFormat.Binary;
import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ConnectTypes.Fit;
import io.firn.decode.DecodedRow;
import io.firn.decode.EncodedColumn;
import io.firn.decode.Encoding;
import io.firn.decode.LineDecoder;
import io.firn.decode.Placeholder;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;
import io.firn.schema.Rejection;
import io.firn.schema.TypeChange;
import io.firn.schema.TypeGrowth;

/**
 * How values under one schema are read. {@code whole} reads the row, the key before the change and the facts;
 * {@code lean} the same without the row: deletes may hold made-up values in columns that are not in the key.
 * Slots of whole: columns, key before, facts. Slots of lean: key (before), whether a row follows, facts.
 */
final class RecordPlan {
    private static final Format JSON = new Format(Format.Kind.JSON, null);
    /** No field of a message is called so. */
    private static final String NOWHERE = "\0";

    private static final Encoding BY_TYPE = Encoding.of(Encoding.Kind.BY_TYPE);
    private static final List<JsonPath> KNOWN = List.of(
            new JsonPath(List.of("source")), new JsonPath(List.of("transaction")), new JsonPath(List.of("before")));

    final LineDecoder whole;
    final DecodedRow wholeRow;
    final SourceFields wholeFacts;
    final LineDecoder lean;
    final DecodedRow leanRow;
    final SourceFields leanFacts;
    /** Columns that arrive as null when they were not sent. */
    final int[] nullable;

    /** Columns that take no value under this schema, and why. */
    private final int[] misfits;

    private final List<Rejection> reasons = new ArrayList<>();

    /** What the table's columns do not take of this schema. */
    final Optional<Strange> strange;

    /** A source's table as it is told, or why it cannot be. */
    record Strange(MessageColumns columns, Set<String> whole, Set<String> some, String problem) {}

    /** @param watch what else is told than types; null: nothing is told */
    RecordPlan(TableColumns table, ChangeFormat format, ConnectSchema schema, SchemaWatch watch) {
        boolean wrapped = format.envelope() == Envelope.DEBEZIUM;
        List<EncodedColumn> row = new ArrayList<>();
        IntStream.Builder misfit = IntStream.builder();
        List<Column> unread =
                schema == null || watch == null ? List.of() : unread(table.columns(), schema.row(), watch);
        for (Column column : table.columns()) {
            if (unread.contains(column)) {
                row.add(new EncodedColumn(elsewhere(column), null));
                continue;
            }
            EncodedColumn encoded = bySchemaOrType(column, format, null);
            try {
                encoded = bySchemaOrType(column, format, schema);
            } catch (IllegalArgumentException e) {
                misfit.add(row.size());
                reasons.add(new Rejection(column.name(), e.getMessage()));
                encoded = new EncodedColumn(
                        new Column(column.name(), Scalar.STRING, column.location(), JSON, false, null), null);
            }
            row.add(encoded);
        }
        misfits = misfit.build().toArray();
        strange = watch == null || schema == null || !tells(schema, wrapped, table)
                ? Optional.empty()
                : strange(table.columns(), unread, schema.row(), watch);
        List<EncodedColumn> all = new ArrayList<>();
        row.forEach(column -> all.add(under(wrapped ? "after" : null, column)));
        List<EncodedColumn> keys = new ArrayList<>();
        for (int i = 0; i < table.keyCount(); i++) {
            keys.add(under(wrapped ? "before" : null, row.get(table.keySlot(i))));
        }
        if (wrapped) {
            all.addAll(keys);
        }
        wholeFacts = new SourceFields(format.envelope(), all.size());
        all.addAll(wholeFacts.columns());
        Placeholder placeholder = new Placeholder(format.placeholder());
        whole = LineDecoder.ofEncoded(
                all, KNOWN, placeholder, Math.max(0, table.size() + table.extraSlots() - all.size()));
        wholeRow = whole.row();
        keys.add(new EncodedColumn(
                new Column("after", Scalar.STRING, new JsonPath(List.of("after")), JSON, false, null), null));
        leanFacts = wholeFacts.at(keys.size());
        keys.addAll(leanFacts.columns());
        lean = LineDecoder.ofEncoded(keys, KNOWN, placeholder, 0);
        leanRow = lean.row();
        nullable = format.binary() == Binary.BYTES ? new int[0] : binary(table.columns());
    }

    /** Why the row that was read does not go into the table's columns; null when it does. */
    Rejection misfit() {
        for (int i = 0; i < misfits.length; i++) {
            if (!wholeRow.isNullAt(misfits[i])) {
                return reasons.get(i);
            }
        }
        return null;
    }

    /** Whether a schema is one of rows, and not of what connectors write beside them. */
    private static boolean tells(ConnectSchema schema, boolean wrapped, TableColumns table) {
        return wrapped
                ? schema.isEnvelope() && schema.fields().containsKey("after")
                : table.columns().stream().anyMatch(column -> field(column, schema) != null);
    }

    /** Where the values of a field have gone to several columns in turn, those that do not take them under this schema. */
    private static List<Column> unread(List<Column> columns, ConnectSchema row, SchemaWatch watch) {
        List<Column> unread = new ArrayList<>();
        Map<JsonPath, List<Column>> shared =
                columns.stream().collect(Collectors.groupingBy(Column::location, Collectors.toList()));
        for (List<Column> takers : shared.values()) {
            if (takers.stream().anyMatch(taker -> watch.alternates().contains(taker.name()))) {
                ConnectSchema field = field(takers.get(0), row);
                Column best = takers.stream()
                        .min(Comparator.comparing(taker -> field == null ? Fit.NONE : ConnectTypes.fit(taker, field)))
                        .orElseThrow();
                takers.stream().filter(taker -> !taker.equals(best)).forEach(unread::add);
            }
        }
        return unread;
    }

    private static Column elsewhere(Column column) {
        return new Column(
                column.name(), column.type(), new JsonPath(List.of(NOWHERE + column.name())), null, false, null);
    }

    private static Optional<Strange> strange(
            List<Column> columns, List<Column> unread, ConnectSchema row, SchemaWatch watch) {
        Set<String> taken = new HashSet<>(watch.ignored());
        columns.forEach(column -> taken.add(column.location().keys().get(0)));
        boolean told = watch.fields() && !taken.containsAll(row.ownFields());
        Set<String> whole = new HashSet<>();
        Set<String> some = new HashSet<>();
        for (Column column : columns) {
            ConnectSchema field = field(column, row);
            Fit fit = field == null ? Fit.NONE : ConnectTypes.fit(column, field);
            if (fit != Fit.NONE) {
                boolean unused = (fit == Fit.ALL ? whole : some).add(column.name());
            }
            told |= !unread.contains(column) && isStrange(column, field, fit, watch);
        }
        if (!told) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Strange(MessageColumns.of(row, List.of(), null), whole, some, null));
        } catch (IllegalArgumentException e) {
            return Optional.of(new Strange(null, whole, some, e.getMessage()));
        }
    }

    private static boolean isStrange(Column column, ConnectSchema field, Fit fit, SchemaWatch watch) {
        if (field == null) {
            return watch.fields() && !watch.gone().contains(column.name());
        }
        if (watch.follows() && column.required() && field.optional()) {
            return true;
        }
        boolean asked = column.onTypeChange() != TypeChange.QUARANTINE;
        return switch (fit) {
            case ALL -> false;
            case SOME -> watch.follows() && (asked || grows(column, field));
            case NONE -> asked || (watch.follows() && grows(column, field));
        };
    }

    private static boolean grows(Column column, ConnectSchema field) {
        try {
            return TypeGrowth.joined(column.type(), ConnectTypes.natural(field)) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ConnectSchema field(Column column, ConnectSchema row) {
        ConnectSchema field = row;
        for (String key : column.location().keys()) {
            field = field == null ? null : field.fields().get(key);
        }
        return field;
    }

    private static int[] binary(List<Column> columns) {
        int[] found = new int[columns.size()];
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            if (columns.get(i).type() == Scalar.BINARY || columns.get(i).type() instanceof Fixed) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    private static EncodedColumn bySchemaOrType(Column column, ChangeFormat format, ConnectSchema schema) {
        Column lenient = new Column(
                column.name(), column.type(), column.location(), formatOf(column, format), false, column.comment());
        if (schema == null) {
            return new EncodedColumn(lenient, BY_TYPE);
        }
        ConnectSchema field = field(column, schema.row());
        return field == null ? new EncodedColumn(lenient, null) : ConnectTypes.encoded(lenient, field);
    }

    private static Format formatOf(Column column, ChangeFormat format) {
        boolean hex = format.binary() == Binary.HEX && column.format() == null;
        boolean bytes = column.type() == Scalar.BINARY || column.type() instanceof Fixed;
        return hex && bytes ? new Format(Format.Kind.HEX, null) : column.format();
    }

    private static EncodedColumn under(String parent, EncodedColumn encoded) {
        Column column = encoded.column();
        List<String> keys = new ArrayList<>();
        if (parent != null) {
            keys.add(parent);
        }
        keys.addAll(column.location().keys());
        Column moved = new Column(
                column.name(), column.type(), new JsonPath(keys), column.format(), column.required(), column.comment());
        return new EncodedColumn(moved, encoded.encoding());
    }
}
