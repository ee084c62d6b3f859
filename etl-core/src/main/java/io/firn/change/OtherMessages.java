package io.firn.change;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.firn.change.Message.Skipped;
import io.firn.change.Message.Skipped.Kind;
import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;

/** Messages that connectors write beside changes, told by the keys that only they have. */
final class OtherMessages {
    private static final String HEARTBEATS = "__debezium-heartbeat";

    private final LineDecoder keys = LineDecoder.of(
            List.of(key("ddl"), key("tableChanges"), key("status"), key("id"), key("ts_ms")), UnknownFields.REPORT, 0);
    private final LineDecoder heartbeat = LineDecoder.of(List.of(key("ts_ms")), UnknownFields.FAIL, 0);
    private final DecodedRow row = keys.row();

    static boolean isHeartbeat(String topic) {
        return topic.startsWith(HEARTBEATS);
    }

    /** What kind of other message it is; null when it is none. */
    Skipped classify(byte[] value, int from, int to) {
        if (keys.decode(value, from, to, row) != null) {
            return null;
        }
        if (!row.isNullAt(0) && !row.isNullAt(1)) {
            return new Skipped(Kind.SCHEMA_CHANGE);
        }
        boolean transaction = !row.isNullAt(3)
                && !row.isNullAt(2)
                && isBoundary(row.getUTF8String(2).toString());
        if (transaction && contains(value, from, to, "\"data_collections\":")) {
            return new Skipped(Kind.TRANSACTION);
        }
        boolean onlyTime = !row.isNullAt(4) && heartbeat.decode(value, from, to, heartbeat.row()) == null;
        return onlyTime ? new Skipped(Kind.HEARTBEAT) : null;
    }

    /** The transform was told to add the position, but the message has none. */
    boolean lacksPosition(byte[] value, int from, int to) {
        return contains(value, from, to, "\"__lsn\":")
                || contains(value, from, to, "\"__source_lsn\":")
                || contains(value, from, to, "\"__source_file\":");
    }

    private static boolean isBoundary(String status) {
        return status.equals("\"BEGIN\"") || status.equals("\"END\"");
    }

    /** A key with its colon stands nowhere but at a key: in text its quotes are escaped. */
    private static boolean contains(byte[] value, int from, int to, String key) {
        return new String(value, from, to - from, StandardCharsets.ISO_8859_1).contains(key);
    }

    private static Column key(String name) {
        return new Column(name, Scalar.STRING, null, new Format(Format.Kind.JSON, null), false, null);
    }
}
