package io.firn.load;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.StructType;

/** Gives rows that took another key the values that were not sent with them, from what they were under their former key. */
final class MovedRows {
    /** Finds rows of the table. */
    interface Table {
        /** For each of the keys, staged rows that hold one each, that the table has: the table's own columns. */
        Map<UnsafeRow, InternalRow> rows(List<UnsafeRow> keys);

        /** The own columns of rows that a remembered delete left, by the place of the delete in the source's log. */
        Map<String, InternalRow> deleted(Set<String> places);
    }

    private final StructType type;
    private final int width;
    private final Map<String, MovedRow> byPlace = new HashMap<>();

    MovedRows(ChangePlan plan, List<MovedRow> moved) {
        type = plan.staged();
        width = type.length() - ChangePlan.METADATA.length() - ChangePlan.RECORD.length();
        moved.forEach(row -> byPlace.put(row.place(), row));
    }

    /** Staged rows as far as they became whole, and the positions of those that did not. */
    record Resolved(List<InternalRow> whole, List<String> lost) {}

    Resolved resolve(List<UnsafeRow> rows, Table table) {
        List<InternalRow> whole = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        Map<Lacking, UnsafeRow> asked = new LinkedHashMap<>();
        Map<Lacking, String> before = new LinkedHashMap<>();
        for (UnsafeRow row : rows) {
            Lacking lacking = new Lacking(row);
            UnsafeRow key = lacking.follow();
            if (lacking.unknown.isEmpty()) {
                whole.add(lacking.row());
            } else if (key == null) {
                before.put(lacking, lacking.origin);
            } else {
                asked.put(lacking, key);
            }
        }
        // The delete was in an earlier batch, which left what it deleted where deletes are remembered.
        Map<String, InternalRow> deleted = before.isEmpty() ? Map.of() : table.deleted(Set.copyOf(before.values()));
        before.forEach((lacking, origin) -> lacking.complete(deleted.get(origin), whole, lost));
        Map<UnsafeRow, InternalRow> found = asked.isEmpty() ? Map.of() : table.rows(List.copyOf(asked.values()));
        asked.forEach((lacking, key) -> lacking.complete(found.get(key), whole, lost));
        return new Resolved(whole, lost);
    }

    private BitSet unknown(InternalRow row) {
        BitSet unknown = new BitSet();
        if (!row.isNullAt(width + ChangePlan.KEPT)) {
            ArrayData columns = row.getArray(width + ChangePlan.KEPT);
            for (int i = 0; i < columns.numElements(); i++) {
                unknown.set(columns.getInt(i));
            }
        }
        return unknown;
    }

    /** A row that lacks values. */
    private final class Lacking {
        private final Object[] values = new Object[type.length()];
        private final BitSet unknown;
        private String origin;

        Lacking(UnsafeRow row) {
            for (int i = 0; i < values.length; i++) {
                values[i] = row.isNullAt(i) ? null : row.get(i, type.fields()[i].dataType());
            }
            unknown = unknown(row);
        }

        /** Takes what this batch told of the row under its former keys; returns the key under which the table has the rest. */
        UnsafeRow follow() {
            origin = String.valueOf(values[type.length() - 1]);
            while (true) {
                MovedRow before = byPlace.get(origin);
                if (before == null) {
                    return null;
                }
                if (before.row() != null) {
                    take(before.row(), unknown(before.row()));
                }
                if (before.row() == null || before.origin() == null || unknown.isEmpty()) {
                    return before.key();
                }
                origin = before.origin();
            }
        }

        /** @param row what the table has of it; null: nothing */
        void complete(InternalRow row, List<InternalRow> whole, List<String> lost) {
            if (row == null) {
                lost.add(position());
            } else {
                take(row, new BitSet());
                whole.add(row());
            }
        }

        void take(InternalRow from, BitSet but) {
            for (int i = unknown.nextSetBit(0); i >= 0; i = unknown.nextSetBit(i + 1)) {
                if (!but.get(i)) {
                    values[i] = from.isNullAt(i) ? null : from.get(i, type.fields()[i].dataType());
                    unknown.clear(i);
                }
            }
        }

        /** The row without what only rows that lack values have. */
        InternalRow row() {
            Object[] whole = values.clone();
            for (int i = width + ChangePlan.KEPT; i < whole.length; i++) {
                whole[i] = null;
            }
            return new GenericInternalRow(whole);
        }

        String position() {
            return String.valueOf(values[width]);
        }
    }
}
