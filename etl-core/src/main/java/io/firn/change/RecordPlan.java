package io.firn.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.firn.change.ChangeFormat.Binary;
import io.firn.change.ChangeFormat.Envelope;
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

/**
 * How values under one schema are read. {@code whole} reads the row, the key before the change and the facts;
 * {@code lean} the same without the row: deletes may hold made-up values in columns that are not in the key.
 * Slots of whole: columns, key before, facts. Slots of lean: key (before), whether a row follows, facts.
 */
final class RecordPlan {
    private static final Format JSON = new Format(Format.Kind.JSON, null);
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

    /** Why no row can be read under this schema; null when it can. */
    final Rejection misfit;

    RecordPlan(TableColumns table, ChangeFormat format, ConnectSchema schema) {
        boolean wrapped = format.envelope() == Envelope.DEBEZIUM;
        List<EncodedColumn> row = new ArrayList<>();
        Rejection refused = null;
        for (Column column : table.columns()) {
            EncodedColumn encoded = bySchemaOrType(column, format, null);
            try {
                encoded = bySchemaOrType(column, format, schema);
            } catch (IllegalArgumentException e) {
                refused = refused == null ? new Rejection(column.name(), e.getMessage()) : refused;
            }
            row.add(encoded);
        }
        misfit = refused;
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
        ConnectSchema field = schema.row();
        for (String key : column.location().keys()) {
            field = field == null ? null : field.fields().get(key);
        }
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
