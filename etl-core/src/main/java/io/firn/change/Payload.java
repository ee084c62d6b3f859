package io.firn.change;

import java.util.Arrays;
import java.util.List;

import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.schema.Rejection;

/**
 * Finds schema and payload in a message of Kafka Connect's JSON converter. Messages of one table begin alike, so that a
 * schema once read is recognised by comparing bytes.
 */
final class Payload {
    private static final Format JSON = new Format(Format.Kind.JSON, null);

    private final LineDecoder outer = LineDecoder.of(
            List.of(
                    new Column("schema", Scalar.STRING, null, JSON, false, null),
                    new Column("payload", Scalar.STRING, null, JSON, false, null)),
            UnknownFields.FAIL,
            0);
    private final DecodedRow row = outer.row();
    private byte[] head = {};
    private byte[] schema;
    private int from;
    private int to;

    /** Looks at a message; null when it has both parts, else why not. */
    Rejection find(byte[] message) {
        if (head.length > 0 && startsAlike(message)) {
            from = head.length;
            to = message.length - 1;
            if (to - from == 4 && message[from] == 'n') {
                to = from;
            }
            return null;
        }
        head = new byte[0];
        schema = null;
        Rejection rejection = outer.decode(message, 0, message.length, row);
        if (rejection != null && rejection.reason().startsWith("malformed")) {
            return rejection;
        }
        if (rejection != null || (row.isNullAt(0) && !row.isNullAt(1))) {
            return new Rejection(
                    null,
                    "no schema and payload; if the converter writes no schemas (schemas.enable), say schemas: none");
        }
        if (row.isNullAt(0) || row.isNullAt(1)) {
            from = 0;
            to = 0;
            return null;
        }
        UTF8String schemaText = row.getUTF8String(0);
        UTF8String payload = row.getUTF8String(1);
        schema = schemaText.getBytes().clone();
        from = start(payload);
        to = from + payload.numBytes();
        if (start(schemaText) < from && to == message.length - 1) {
            head = Arrays.copyOf(message, from);
        }
        return null;
    }

    /** The message stands for no value: it has a payload of null. */
    boolean isEmpty() {
        return from == to;
    }

    /** The schema of the last message found, the same array as long as it is the same; null when it has none. */
    byte[] schema() {
        return schema;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    private boolean startsAlike(byte[] message) {
        return message.length > head.length
                && message[message.length - 1] == '}'
                && Arrays.equals(head, 0, head.length, message, 0, head.length);
    }

    /** JSON text is kept as a slice of the message. */
    private static int start(UTF8String slice) {
        return (int) (slice.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
    }
}
