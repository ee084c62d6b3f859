package io.firn.change;

import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Tombstones;
import io.firn.change.Message.Refused;
import io.firn.change.Message.Skipped;
import io.firn.decode.DecodedRow;
import io.firn.registry.Schemas;
import io.firn.schema.Column;
import io.firn.schema.Rejection;

/**
 * Turns the records of one table's topic into changes: strictly and exactly, or refused. One per table and task; not
 * thread safe.
 */
public final class ChangeDecoder {
    /** What the connector adds to the delete of a row that goes on under another key. */
    private static final String NEW_KEY = "__debezium.newkey";

    private static final int MOST_PLANS = 32;

    private final TableColumns table;
    private final ChangeFormat format;
    private final int epoch;
    private final PartitionCounts counts;
    private final MessageKey messageKey;
    private final Payload payload;
    private final SchemaWatch watch;
    private final OtherMessages others = new OtherMessages();
    private final IdentityHashMap<ConnectSchema, RecordPlan> plans = new IdentityHashMap<>();
    private RecordPlan plan;
    private boolean followed;

    /**
     * @param columns the table's columns; rows have them in this order
     * @param keys the names of the key columns; empty for a table that only takes appends
     * @param epoch the first number of positions
     * @param extraSlots slots after the columns that rows have for the caller
     */
    public ChangeDecoder(List<Column> columns, List<String> keys, ChangeFormat format, int epoch, int extraSlots) {
        this(columns, keys, format, null, null, epoch, PartitionCounts.UNKNOWN, extraSlots);
    }

    /** The same, with a registry's schemas. */
    public ChangeDecoder(
            List<Column> columns,
            List<String> keys,
            ChangeFormat format,
            Schemas schemas,
            SchemaWatch watch,
            int epoch,
            int extraSlots) {
        this(columns, keys, format, schemas, watch, epoch, PartitionCounts.UNKNOWN, extraSlots);
    }

    /**
     * The same.
     *
     * @param schemas those of the format's registry; null where it has none
     * @param watch what {@link #strange} tells; null: nothing
     * @param counts how many partitions the topic has had
     */
    public ChangeDecoder(
            List<Column> columns,
            List<String> keys,
            ChangeFormat format,
            Schemas schemas,
            SchemaWatch watch,
            int epoch,
            PartitionCounts counts,
            int extraSlots) {
        this.watch = watch;
        this.counts = counts;
        this.table = new TableColumns(columns, keys, extraSlots);
        this.format = format;
        this.epoch = epoch;
        payload = Payload.of(format, schemas);
        messageKey = new MessageKey(table, Payload.of(format, schemas));
    }

    /** Decodes a record; what it holds may point into the record's bytes and lasts until the next record. */
    public Message decode(KafkaRecord in) {
        followed = false;
        if (OtherMessages.isHeartbeat(in.topic())) {
            return new Skipped(Skipped.Kind.HEARTBEAT);
        }
        if (in.value() == null) {
            return tombstone(in);
        }
        Rejection unread = payload.find(in.value());
        if (unread != null) {
            return new Refused(unread);
        }
        if (payload.isEmpty()) {
            return tombstone(in);
        }
        unread = follow();
        if (unread != null) {
            return new Refused(unread);
        }
        byte[] value = payload.bytes();
        int from = payload.from();
        int to = payload.to();
        Rejection rejection = plan.whole.decode(value, from, to, plan.wholeRow);
        if (rejection == null) {
            rejection = plan.misfit();
        }
        if (rejection == null && !"d".equals(plan.wholeFacts.operation(plan.wholeRow))) {
            return change(in, plan.wholeFacts, plan.wholeRow, null);
        }
        // Only the key and the facts are left to read: enough for deletes and for what is no change of a row.
        Rejection lean = plan.lean.decode(value, from, to, plan.leanRow);
        if (lean != null) {
            return new Refused(rejection == null ? lean : rejection);
        }
        return change(in, plan.leanFacts, plan.leanRow, rejection);
    }

    /** The schema of the record that was decoded last, where the columns do not take it as it is. */
    public Optional<StrangeSchema> strange(KafkaRecord in) {
        return followed && plan.strange.isPresent()
                ? StrangeSchema.of(plan, payload.schemaName(), in)
                : Optional.empty();
    }

    /** @param noRow why the row after the change cannot be read; null when it was */
    private Message change(KafkaRecord in, SourceFields facts, DecodedRow row, Rejection noRow) {
        String letter = facts.operation(row);
        if (letter == null) {
            Skipped other = others.classify(payload.bytes(), payload.from(), payload.to());
            if (other != null) {
                return other;
            }
            if (noRow != null) {
                return new Refused(noRow);
            }
            if (format.envelope() == Envelope.DEBEZIUM) {
                return Refused.because("no envelope of a change: it says no operation (op)");
            }
            letter = "u";
        }
        if (letter.equals("m")) {
            return new Skipped(Skipped.Kind.LOGICAL_MESSAGE);
        }
        Operation operation = Operation.of(letter);
        if (operation == null) {
            return Refused.because("an operation (op) that is none of c, r, u, d, t, m");
        }
        if (noRow != null && operation.hasRow()) {
            return new Refused(noRow);
        }
        Snapshot snapshot = facts.snapshot(row);
        if (snapshot == null) {
            return Refused.because("source.snapshot holds a word that is none of Debezium's");
        }
        // Tombstones know no log: where they delete, all that they are held against has its place in Kafka alone.
        Position position = format.tombstones() == Tombstones.ARE_DELETES
                ? inTopic(in, operation)
                : facts.position(row, snapshot, epoch, in.partition(), in.offset());
        if (position == null) {
            if (format.envelope() == Envelope.DEBEZIUM) {
                return Refused.because("no place in the source's log (lsn, sequence, or file and pos) in source");
            }
            if (others.lacksPosition(payload.bytes(), payload.from(), payload.to())) {
                return Refused.because("a row that a snapshot read between changes, without its place in the log; let"
                        + " the transform add source.sequence (add.fields)");
            }
            position = inTopic(in, operation);
        }
        return switch (operation) {
            case TRUNCATE ->
                new Change(
                        operation, Key.NONE, null, new BitSet(), position, facts.time(row), snapshot, facts.logName());
            case DELETE -> delete(in, facts, row, position, snapshot);
            default -> upsert(in, operation, position, snapshot);
        };
    }

    private Message upsert(KafkaRecord in, Operation operation, Position position, Snapshot snapshot) {
        DecodedRow row = plan.wholeRow;
        SourceFields facts = plan.wholeFacts;
        Long time = facts.time(row);
        if (table.keyCount() > 0) {
            Rejection other = messageKey.compare(in.key());
            if (other != null) {
                return new Refused(other);
            }
        }
        Object[] key = new Object[table.keyCount()];
        for (int i = 0; i < key.length; i++) {
            int slot = table.keySlot(i);
            if (row.isNullAt(slot)) {
                return new Refused(new Rejection(table.key(i).name(), "a key column that is null or missing"));
            }
            key[i] = row.get(slot, table.keyType(i));
        }
        BitSet unavailable = unavailable(operation, facts);
        boolean empty = key.length == 0;
        for (int i = 0; i < table.size(); i++) {
            boolean absent = row.isNullAt(i) && !unavailable.get(i);
            empty &= row.isNullAt(i);
            if (absent && table.columns().get(i).required()) {
                return new Refused(new Rejection(table.columns().get(i).name(), "required, but null or missing"));
            }
        }
        if (empty && format.envelope() == Envelope.DEBEZIUM && lacksRow()) {
            return Refused.because("an envelope without the row after the change");
        }
        int size = table.size();
        DecodedRow own = row.first(size + table.extraSlots());
        for (int i = size; i < size + table.extraSlots(); i++) {
            own.setNullAt(i);
        }
        String origin = operation == Operation.CREATE && !unavailable.isEmpty() ? origin(position) : null;
        return new Change(
                operation, Key.of(key), own, unavailable, position, time, snapshot, facts.logName(), false, origin);
    }

    /** Changes that tell no place in the log have one place, so that no delete can be said to be that of the row. */
    private static String origin(Position position) {
        return position.isInLog() ? position.place() : position.text();
    }

    private boolean lacksRow() {
        return plan.lean.decode(payload.bytes(), payload.from(), payload.to(), plan.leanRow) != null
                || plan.leanRow.isNullAt(table.keyCount());
    }

    private BitSet unavailable(Operation operation, SourceFields facts) {
        BitSet found = plan.whole.unavailable();
        boolean nullsAreUnsent =
                plan.nullable.length > 0 && operation == Operation.UPDATE && facts.logName() == null && !hasBefore();
        if (found.isEmpty() && !nullsAreUnsent) {
            return new BitSet();
        }
        BitSet unavailable = found.get(0, table.size());
        if (nullsAreUnsent) {
            for (int column : plan.nullable) {
                if (plan.wholeRow.isNullAt(column)) {
                    unavailable.set(column);
                }
            }
        }
        return unavailable;
    }

    /** With REPLICA IDENTITY FULL the message has the whole row before, and nothing is unsent. */
    private boolean hasBefore() {
        return format.envelope() == Envelope.DEBEZIUM && table.keyCount() > 0 && !plan.wholeRow.isNullAt(table.size());
    }

    private Message delete(KafkaRecord in, SourceFields facts, DecodedRow row, Position position, Snapshot snapshot) {
        Long time = facts.time(row);
        Object[] key = new Object[table.keyCount()];
        if (key.length > 0) {
            Rejection rejection = messageKey.check(in.key());
            if (rejection != null) {
                return new Refused(rejection);
            }
        }
        boolean complete = true;
        for (int i = 0; i < key.length; i++) {
            complete &= !row.isNullAt(i);
            key[i] = row.get(i, table.keyType(i));
        }
        try {
            Key found = Key.of(complete ? key : messageKey.values(in.key()));
            boolean moved =
                    in.headers().stream().anyMatch(header -> header.name().equals(NEW_KEY));
            return new Change(
                    Operation.DELETE,
                    found,
                    null,
                    new BitSet(),
                    position,
                    time,
                    snapshot,
                    facts.logName(),
                    moved,
                    null);
        } catch (MessageKey.Unreadable e) {
            return new Refused(e.rejection());
        }
    }

    /** The place of a change whose message tells none in the log: before all that tell one. */
    private Position inTopic(KafkaRecord in, Operation operation) {
        int count = counts.of(operation == Operation.TRUNCATE ? null : in.key(), in.partition());
        return new Position(epoch, 0, 0, count, in.partition(), in.offset());
    }

    private Message tombstone(KafkaRecord in) {
        if (format.tombstones() == Tombstones.FOLLOW_DELETES) {
            return new Skipped(Skipped.Kind.TOMBSTONE);
        }
        Rejection rejection = messageKey.check(in.key());
        if (rejection != null) {
            return new Refused(rejection);
        }
        try {
            Position position = inTopic(in, Operation.DELETE);
            Key key = Key.of(messageKey.values(in.key()));
            return new Change(Operation.DELETE, key, null, new BitSet(), position, null, Snapshot.FALSE, null);
        } catch (MessageKey.Unreadable e) {
            return new Refused(e.rejection());
        }
    }

    /** Finds the plan for a schema, which changes with the source's table only. */
    private Rejection follow() {
        try {
            ConnectSchema schema = payload.schema();
            plan = plans.get(schema);
            if (plan == null) {
                plan = new RecordPlan(table, format, schema, watch);
                if (plans.size() == MOST_PLANS) {
                    plans.clear();
                }
                plans.put(schema, plan);
            }
            followed = true;
            return null;
        } catch (IllegalArgumentException e) {
            return new Rejection(null, e.getMessage());
        }
    }
}
