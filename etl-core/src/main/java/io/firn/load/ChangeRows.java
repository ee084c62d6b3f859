package io.firn.load;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.change.Change;
import io.firn.change.ChangeFold;
import io.firn.change.KafkaRecord;
import io.firn.change.Key;
import io.firn.change.Operation;
import io.firn.change.Position;
import io.firn.change.Snapshot;
import io.firn.load.ChangePlan.Meeting;
import io.firn.schema.Rejection;
import io.firn.table.StagedFile;
import io.firn.transform.RowRunner;

/**
 * Makes a task's rows of {@link ChangePlan#wire} rows of {@link ChangePlan#staged}: folds them to the last change of each
 * key unless every change is to be kept, and runs the transforms over what is left. Each row holds until the next. The
 * report is ready when they are at their end.
 */
final class ChangeRows implements Iterator<InternalRow> {
    private final ChangePlan plan;
    private final RefusedRecords refused;
    private final Iterator<Change> changes;
    private final ChangeFold fold;
    private final DataType[] types;
    private final DataType[] keyTypes;
    private final int width;
    private final int tableWidth;
    private final int origin;
    private final RowRunner program;
    private final List<BitSet> reads;
    private final BitSet filterReads;
    private final JoinedRow joined = new JoinedRow();
    private final BitSet unavailable = new BitSet();
    private final List<MovedRow> moved = new ArrayList<>();
    private final UnsafeProjection staging;
    private InternalRow ahead;
    private UTF8String first;
    private RowRunner.Outcome ran;
    private long in;
    private long rows;
    private long filtered;
    private long forgotten;
    private long lacking;

    /** @param rows sorted by key and position where changes are folded */
    ChangeRows(ChangePlan plan, Iterator<InternalRow> rows, RefusedRecords refused) {
        this.plan = plan;
        this.refused = refused;
        width = plan.columns().size();
        StructType wire = plan.wire();
        types = new DataType[wire.length()];
        for (int i = 0; i < types.length; i++) {
            types[i] = wire.fields()[i].dataType();
        }
        StructType key = (StructType) types[types.length - 1];
        keyTypes = new DataType[key.length()];
        for (int i = 0; i < keyTypes.length; i++) {
            keyTypes[i] = key.fields()[i].dataType();
        }
        tableWidth = plan.program().output().length() - ChangePlan.KEPT;
        origin = tableWidth + ChangePlan.METADATA.length() + ChangePlan.RECORD.length() - 1;
        program = plan.program().isIdentity() ? null : plan.program().start();
        reads = plan.program().reads();
        filterReads = plan.program().filterReads();
        staging = UnsafeProjection.create(plan.staged());
        Changes all = new Changes(rows);
        fold = plan.meeting() == Meeting.APPEND
                ? null
                : new ChangeFold(
                        all,
                        ChangeFold.copying(plan.columns()),
                        null,
                        this::moved,
                        program == null ? null : change -> refusal(change) == null);
        changes = fold == null ? all : fold;
    }

    @Override
    public boolean hasNext() {
        while (ahead == null && changes.hasNext()) {
            ahead = stagedOrBefore(changes.next());
        }
        return ahead != null;
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        InternalRow next = ahead;
        ahead = null;
        rows++;
        UTF8String position = next.getUTF8String(tableWidth);
        if (first == null || position.compareTo(first) < 0) {
            first = position.clone();
        }
        if (!next.isNullAt(origin)) {
            lacking++;
        }
        return next;
    }

    /** @param files what the rows were written to, where they do not wait to be merged */
    FoldReport report(List<StagedFile> files) {
        return new FoldReport(
                TaskContext.getPartitionId(),
                in,
                rows,
                filtered,
                refused.count(),
                refused.finish(),
                first == null ? null : first.toString(),
                (BitSet) unavailable.clone(),
                List.copyOf(moved),
                forgotten,
                lacking,
                files);
    }

    /** Where a key's last change is refused, the row is what the changes before it made of it. */
    private InternalRow stagedOrBefore(Change last) {
        Change change = last;
        Rejection refusal = refusal(change);
        while (refusal != null) {
            refused.add(record(change), refusal);
            change = fold == null ? null : fold.before();
            refusal = change == null ? null : refusal(change);
        }
        return change == null ? null : staged(change);
    }

    /** Why a change cannot be taken, after the program ran over its row; null: it can. */
    private Rejection refusal(Change change) {
        if (program == null || !change.operation().hasRow()) {
            return null;
        }
        if (filterReads.intersects(change.unavailable())) {
            return new Rejection(
                    null,
                    "a filter reads a value that the source did not send"
                            + " because it is large and unchanged; set REPLICA IDENTITY FULL, or filter by other columns");
        }
        ran = program.run(change.row());
        return ran == RowRunner.Outcome.REJECTED ? program.rejection() : null;
    }

    private InternalRow staged(Change change) {
        if (!change.operation().hasRow()) {
            return keyOnly(change);
        }
        if (program == null || ran == RowRunner.Outcome.KEPT) {
            return whole(change);
        }
        if (plan.meeting() == Meeting.MERGE) {
            return keyOnly(change);
        }
        filtered++;
        return null;
    }

    /** The row as it is staged, once the program ran over it. */
    private InternalRow whole(Change change) {
        if (program == null) {
            unavailable.or(change.unavailable());
            if (change.row() instanceof GenericInternalRow row) {
                row.update(width + ChangePlan.KEPT, unsent(change.unavailable()));
                row.update(types.length - 3, UTF8String.fromString(change.origin()));
            }
            return change.row();
        }
        BitSet unknown = unknown(change.unavailable());
        unavailable.or(unknown);
        KafkaRecord record = unknown.isEmpty() ? null : record(change);
        return joined.apply(program.row(), new GenericInternalRow(new Object[] {
            unsent(unknown),
            record == null ? null : record.key(),
            record == null ? null : record.value(),
            record == null ? null : record.timestamp(),
            UTF8String.fromString(unknown.isEmpty() ? null : change.origin())
        }));
    }

    /** Keeps what a row was, for the row that goes on under another key and may have been sent without large values. */
    private void moved(Change before, Change delete) {
        if (moved.size() >= MovedRow.MOST) {
            forgotten++;
            return;
        }
        boolean known = before != null && (program == null || program.run(before.row()) == RowRunner.Outcome.KEPT);
        UnsafeRow kept = known ? staging.apply(whole(before)).copy() : null;
        moved.add(new MovedRow(
                delete.position().place(),
                staging.apply(keyOnly(delete)).copy(),
                kept,
                known ? before.origin() : null));
    }

    /** The table's columns that cannot be told without those that the source did not send. */
    private BitSet unknown(BitSet unsent) {
        BitSet unknown = new BitSet();
        for (int i = 0; !unsent.isEmpty() && i < tableWidth; i++) {
            unknown.set(i, reads.get(i).intersects(unsent));
        }
        return unknown;
    }

    /** Columns as merges know them, by number; as people read them in a history, by name. */
    private ArrayData unsent(BitSet columns) {
        if (columns.isEmpty() || plan.meeting() != Meeting.APPEND) {
            return ChangeReader.array(columns);
        }
        return new GenericArrayData(columns.stream()
                .mapToObj(i -> UTF8String.fromString(
                        plan.program().output().fields()[i].name()))
                .toArray());
    }

    /** A row that went, or left what the filter lets through: its key alone counts. */
    private InternalRow keyOnly(Change change) {
        Object[] values = new Object[tableWidth + ChangePlan.METADATA.length() + ChangePlan.RECORD.length()];
        List<Object> key = change.key().values();
        for (int i = 0; i < key.size(); i++) {
            values[plan.tableKeys().get(i)] = key.get(i);
        }
        values[tableWidth] = UTF8String.fromString(change.position().text());
        Operation operation = change.operation().hasRow() ? Operation.DELETE : change.operation();
        values[tableWidth + 1] = UTF8String.fromString(operation.letter());
        values[tableWidth + 2] = change.sourceTime();
        values[tableWidth + 3] = plan.loadedAt();
        return new GenericInternalRow(values);
    }

    private KafkaRecord record(Change change) {
        int after = width + ChangePlan.METADATA.length();
        InternalRow row = change.row();
        Position at = change.position();
        return new KafkaRecord(
                plan.topic(),
                at.partition(),
                at.offset(),
                row.getLong(after + 2),
                row.isNullAt(after) ? null : row.getBinary(after),
                row.isNullAt(after + 1) ? null : row.getBinary(after + 1),
                List.of());
    }

    /** Rows as changes again. */
    private final class Changes implements Iterator<Change> {
        private final Iterator<InternalRow> wire;

        Changes(Iterator<InternalRow> wire) {
            this.wire = wire;
        }

        @Override
        public boolean hasNext() {
            return wire.hasNext();
        }

        @Override
        public Change next() {
            InternalRow row = wire.next();
            in++;
            Operation operation = Operation.of(row.getUTF8String(width + 1).toString());
            BitSet unsent = unsent(row);
            return new Change(
                    operation,
                    operation == Operation.TRUNCATE ? Key.NONE : key(row.getStruct(types.length - 1, keyTypes.length)),
                    !operation.hasRow() ? null : unsent.isEmpty() ? row : updatable(row),
                    unsent,
                    Position.parse(row.getUTF8String(width).toString()),
                    row.isNullAt(width + 2) ? null : row.getLong(width + 2),
                    Snapshot.FALSE,
                    null,
                    row.getBoolean(types.length - 2),
                    row.isNullAt(types.length - 3)
                            ? null
                            : row.getUTF8String(types.length - 3).toString());
        }

        private BitSet unsent(InternalRow row) {
            BitSet unsent = new BitSet();
            if (!row.isNullAt(width + ChangePlan.KEPT)) {
                ArrayData columns = row.getArray(width + ChangePlan.KEPT);
                for (int i = 0; i < columns.numElements(); i++) {
                    unsent.set(columns.getInt(i));
                }
            }
            return unsent;
        }

        private Key key(InternalRow struct) {
            Object[] values = new Object[keyTypes.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = struct.get(i, keyTypes[i]);
            }
            return Key.of(values);
        }

        private InternalRow updatable(InternalRow row) {
            Object[] values = new Object[types.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = row.isNullAt(i) ? null : InternalRow.copyValue(row.get(i, types[i]));
            }
            return new GenericInternalRow(values);
        }
    }
}
