package io.firn.load;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.change.Change;
import io.firn.change.ChangeDecoder;
import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.KafkaRecord;
import io.firn.change.Message;
import io.firn.change.Message.Refused;
import io.firn.change.Message.Skipped;
import io.firn.change.Operation;
import io.firn.change.Position;
import io.firn.change.Snapshot;
import io.firn.change.SnapshotMark;
import io.firn.change.StrangeSchema;
import io.firn.load.ChangePlan.Meeting;

/**
 * The changes among a task's records, as rows of {@link ChangePlan#wire}; what is none is counted or quarantined. Each row
 * holds until the next. The report is ready when the rows are at their end.
 */
final class ChangeReader implements Iterator<InternalRow> {
    private final ChangePlan plan;
    private final Iterator<InternalRow> records;
    private final ChangeDecoder decoder;
    private final RefusedRecords refused;
    private final Map<Operation, UTF8String> letters = new EnumMap<>(Operation.class);
    private final boolean keepsRecords;
    private final boolean enveloped;
    private final int keyStart;
    private final TreeMap<String, Long> skipped = new TreeMap<>();
    private final Map<Integer, LogTrail> logs = new HashMap<>();
    private final Map<Integer, StrangeSchema> strange = new HashMap<>();
    private final KeyChanges keyChanges = new KeyChanges();
    private final JoinedRow joined = new JoinedRow();
    private InternalRow ahead;
    private long count;
    private long changes;
    private long superseded;
    private Position truncated;
    private final Snapshots snapshots = new Snapshots();
    private SnapshotMark mark;
    private long earliest = Long.MAX_VALUE;
    private long astray;

    /** @param records rows as Spark's Kafka reader gives them */
    ChangeReader(ChangePlan plan, Iterator<InternalRow> records, RefusedRecords refused) {
        this.plan = plan;
        this.records = records;
        this.refused = refused;
        decoder = plan.decoder();
        keepsRecords = !plan.program().isIdentity();
        enveloped = plan.format().envelope() == Envelope.DEBEZIUM;
        keyStart = plan.columns().size();
        for (Operation operation : Operation.values()) {
            letters.put(operation, UTF8String.fromString(operation.letter()));
        }
    }

    @Override
    public boolean hasNext() {
        while (ahead == null && records.hasNext()) {
            ahead = read(record(records.next()));
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
        return next;
    }

    ReadReport report() {
        return new ReadReport(
                TaskContext.getPartitionId(),
                count,
                changes,
                superseded,
                new TreeMap<>(skipped),
                refused.count(),
                refused.finish(),
                truncated == null ? null : truncated.text(),
                snapshots,
                mark,
                earliest,
                new HashMap<>(logs),
                astray,
                keyChanges,
                List.copyOf(strange.values()));
    }

    private InternalRow read(KafkaRecord record) {
        count++;
        Message message = decoder.decode(record);
        if (!(message instanceof Skipped)) {
            decoder.strange(record).ifPresent(schema -> strange.putIfAbsent(record.partition(), schema));
        }
        if (message instanceof Refused no) {
            refused.add(record, no.rejection());
            return null;
        }
        if (message instanceof Skipped other) {
            skipped.merge(name(other.kind()), 1L, Long::sum);
            return null;
        }
        Change sent = (Change) message;
        follow(sent, record.timestamp());
        Change change = sent.after(plan.marks());
        note(change);
        if (plan.meeting() == Meeting.MERGE) {
            keyChanges.note(change, record);
        }
        if (change.operation() == Operation.TRUNCATE && plan.meeting() != Meeting.APPEND) {
            truncated = later(truncated, change.position());
            skipped.merge(name(Operation.TRUNCATE), 1L, Long::sum);
            return null;
        }
        if (plan.floor() != null && change.position().compareTo(plan.floor()) < 0) {
            superseded++;
            return null;
        }
        changes++;
        return wire(change, record);
    }

    private void follow(Change sent, long written) {
        if (!sent.position().isInLog()
                && sent.position().own() == 0
                && plan.counts().grew()) {
            astray++;
        }
        if (LogTrail.tells(sent)) {
            LogTrail trail = logs.get(sent.position().partition());
            if (trail == null) {
                logs.put(sent.position().partition(), new LogTrail(sent, written, enveloped));
            } else {
                trail.add(sent, written, enveloped);
            }
        }
    }

    private void note(Change change) {
        mark = SnapshotMark.of(mark, change);
        if (change.snapshot() == Snapshot.FALSE && change.position().file() == 0) {
            earliest = Math.min(earliest, change.position().log());
        }
        snapshots.note(change);
    }

    private InternalRow wire(Change change, KafkaRecord record) {
        List<Object> key = change.key().values();
        boolean whole = keepsRecords || !change.unavailable().isEmpty();
        InternalRow row = change.row() == null ? keyRow(key) : change.row();
        return joined.apply(row, new GenericInternalRow(new Object[] {
            UTF8String.fromString(change.position().text()),
            letters.get(change.operation()),
            change.sourceTime(),
            plan.loadedAt(),
            array(change.unavailable()),
            whole ? record.key() : null,
            whole ? record.value() : null,
            record.timestamp(),
            UTF8String.fromString(change.origin()),
            change.moved(),
            new GenericInternalRow(key.toArray())
        }));
    }

    /** A deleted row is known by its key alone. */
    private InternalRow keyRow(List<Object> key) {
        Object[] values = new Object[keyStart];
        for (int i = 0; i < key.size(); i++) {
            values[plan.keySlot(i)] = key.get(i);
        }
        return new GenericInternalRow(values);
    }

    static GenericArrayData array(BitSet unavailable) {
        return unavailable.isEmpty()
                ? null
                : new GenericArrayData(unavailable.stream().toArray());
    }

    /** Spark's Kafka rows: key, value, topic, partition, offset, timestamp, timestampType, headers. */
    static KafkaRecord record(InternalRow row) {
        return new KafkaRecord(
                row.getUTF8String(2).toString(),
                row.getInt(3),
                row.getLong(4),
                Math.floorDiv(row.getLong(5), 1000L),
                row.isNullAt(0) ? null : row.getBinary(0),
                row.isNullAt(1) ? null : row.getBinary(1),
                row.isNullAt(7) ? List.of() : headers(row.getArray(7)));
    }

    private static List<KafkaRecord.Header> headers(ArrayData array) {
        List<KafkaRecord.Header> headers = new ArrayList<>();
        for (int i = 0; i < array.numElements(); i++) {
            InternalRow header = array.getStruct(i, 2);
            headers.add(new KafkaRecord.Header(
                    header.getUTF8String(0).toString(), header.isNullAt(1) ? null : header.getBinary(1)));
        }
        return headers;
    }

    private static String name(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Position later(Position one, Position other) {
        return one == null || other.compareTo(one) > 0 ? other : one;
    }
}
