package io.firn.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.apache.spark.unsafe.types.UTF8String;

import io.firn.change.ChangeFormat.Envelope;
import io.firn.decode.DecodedRow;
import io.firn.decode.EncodedColumn;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;

/** What a message says about its change, apart from the row: where each fact lies, and what it means. */
final class SourceFields {
    private enum Fact {
        OP(0, Scalar.STRING),
        DELETED(1, Scalar.STRING),
        LSN(2, Scalar.LONG),
        SEQUENCE(3, Scalar.STRING),
        SNAPSHOT(4, Scalar.STRING),
        TS_MS(5, Scalar.TIMESTAMPTZ),
        TS_US(6, Scalar.TIMESTAMPTZ),
        FILE(7, Scalar.STRING),
        POS(8, Scalar.LONG);

        private final int place;
        private final Scalar type;

        Fact(int place, Scalar type) {
            this.place = place;
            this.type = type;
        }

        /** How the fact is written; null for JSON's own way. */
        Format format() {
            return switch (this) {
                case TS_MS -> new Format(Format.Kind.EPOCH_MILLIS, null);
                case TS_US -> new Format(Format.Kind.EPOCH_MICROS, null);
                default -> null;
            };
        }

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Fact[] FACTS = Fact.values();

    private final boolean unwrapped;
    private final int first;
    private UTF8String lastFile;
    private String logName;
    private String baseName;
    private long fileNumber;

    /** @param first the slot of the first fact in the rows given later */
    SourceFields(Envelope envelope, int first) {
        this.unwrapped = envelope == Envelope.UNWRAPPED;
        this.first = first;
    }

    /** The same facts in other rows. */
    SourceFields at(int slot) {
        return new SourceFields(unwrapped ? Envelope.UNWRAPPED : Envelope.DEBEZIUM, slot);
    }

    /** The facts as columns: each at its place in the envelope, or at the two names that the transform may give it. */
    List<EncodedColumn> columns() {
        List<EncodedColumn> columns = new ArrayList<>();
        for (Fact fact : FACTS) {
            for (JsonPath path : paths(fact)) {
                columns.add(
                        new EncodedColumn(new Column(path.text(), fact.type, path, fact.format(), false, null), null));
            }
        }
        return columns;
    }

    private List<JsonPath> paths(Fact fact) {
        if (unwrapped) {
            return List.of(path("__" + fact.key()), path("__source_" + fact.key()));
        }
        boolean outside = fact == Fact.OP || fact == Fact.DELETED;
        return List.of(outside ? path(fact.key()) : path("source", fact.key()));
    }

    private static JsonPath path(String... keys) {
        return new JsonPath(Arrays.asList(keys));
    }

    private int slot(DecodedRow row, Fact fact) {
        int slot = first + fact.place * (unwrapped ? 2 : 1);
        return unwrapped && row.isNullAt(slot) ? slot + 1 : slot;
    }

    /** Debezium's letter of the operation; null when the message says none. */
    String operation(DecodedRow row) {
        int slot = slot(row, Fact.OP);
        int deleted = slot(row, Fact.DELETED);
        if (unwrapped && !row.isNullAt(deleted)) {
            boolean isDelete = row.getUTF8String(deleted).toString().equals("true");
            if (isDelete || row.isNullAt(slot)) {
                return isDelete ? "d" : "u";
            }
        }
        return row.isNullAt(slot) ? null : row.getUTF8String(slot).toString();
    }

    Snapshot snapshot(DecodedRow row) {
        int slot = slot(row, Fact.SNAPSHOT);
        if (row.isNullAt(slot)) {
            return "r".equals(operation(row)) ? Snapshot.TRUE : Snapshot.FALSE;
        }
        return Snapshot.of(row.getUTF8String(slot).toString());
    }

    /** Microseconds since 1970 of the change in the source; null when the message does not say. */
    Long time(DecodedRow row) {
        int micros = slot(row, Fact.TS_US);
        if (!row.isNullAt(micros)) {
            return row.getLong(micros);
        }
        // The envelope's own ts_ms, of which a flattened __ts_ms is a copy, is the connector's clock.
        int millis = unwrapped ? first + Fact.TS_MS.place * 2 + 1 : slot(row, Fact.TS_MS);
        return row.isNullAt(millis) ? null : (Long) row.getLong(millis);
    }

    /** The base name of the log that the last {@link #position} was in; null for PostgreSQL. */
    String logName() {
        return logName;
    }

    /**
     * Where in the log the change is; null when the message does not say.
     *
     * @param snapshot what {@link #snapshot} says
     */
    Position position(DecodedRow row, Snapshot snapshot, int epoch, int partition, long offset) {
        int lsn = slot(row, Fact.LSN);
        logName = null;
        if (!row.isNullAt(lsn)) {
            return inOneLog(row.getLong(lsn), row, snapshot, epoch, partition, offset);
        }
        int file = slot(row, Fact.FILE);
        int pos = slot(row, Fact.POS);
        if (!row.isNullAt(file) && !row.isNullAt(pos)) {
            if (!readFile(row.getUTF8String(file))) {
                return null;
            }
            return new Position(epoch, fileNumber, row.getLong(pos), 0, partition, offset);
        }
        int sequence = slot(row, Fact.SEQUENCE);
        long log = row.isNullAt(sequence) ? -1 : numberAt(row.getUTF8String(sequence), 1);
        return log < 0 ? null : inOneLog(log, row, snapshot, epoch, partition, offset);
    }

    /** PostgreSQL's transactions are sent as they commit: a change counts from the commit before its own. */
    private Position inOneLog(long written, DecodedRow row, Snapshot snapshot, int epoch, int partition, long offset) {
        int sequence = slot(row, Fact.SEQUENCE);
        long committed = row.isNullAt(sequence) ? -1 : numberAt(row.getUTF8String(sequence), 0);
        long own = snapshot == Snapshot.FALSE ? written : 0;
        return new Position(epoch, 0, Math.max(written, committed), own, partition, offset);
    }

    private boolean readFile(UTF8String file) {
        if (!file.equals(lastFile)) {
            String name = file.toString();
            int dot = name.lastIndexOf('.');
            String number = name.substring(dot + 1);
            if (dot < 0 || !number.matches("[0-9]{1,18}")) {
                return false;
            }
            fileNumber = Long.parseLong(number);
            lastFile = file.clone();
            baseName = name.substring(0, dot);
        }
        logName = baseName;
        return true;
    }

    /** A number of {@code ["24896184","24896616"]}: the commit before, and the change's own; -1 when there is none. */
    private static long numberAt(UTF8String sequence, int place) {
        long number = -1;
        int at = 0;
        for (int i = 0; i < sequence.numBytes(); i++) {
            byte letter = sequence.getByte(i);
            if (letter == ',') {
                at++;
            } else if (at == place && letter >= '0' && letter <= '9' && number < Long.MAX_VALUE / 10) {
                number = Math.max(number, 0) * 10 + letter - '0';
            } else if (at == place && "[]\" ".indexOf(letter) < 0) {
                return -1;
            }
        }
        return number;
    }
}
