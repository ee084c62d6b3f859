package io.firn.change;

import java.nio.charset.StandardCharsets;
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
final class DescribedPayload implements Payload {
    private static final Format JSON = new Format(Format.Kind.JSON, null);

    private final LineDecoder outer = LineDecoder.of(
            List.of(
                    new Column("schema", Scalar.STRING, null, JSON, false, null),
                    new Column("payload", Scalar.STRING, null, JSON, false, null)),
            UnknownFields.FAIL,
            0);
    private final DecodedRow row = outer.row();
    private byte[] head = {};
    private byte[] message;
    private byte[] schema;
    private byte[] parsedText;
    private ConnectSchema parsed;
    private int from;
    private int to;

    @Override
    public Rejection find(byte[] given) {
        message = given;
        return find();
    }

    private Rejection find() {
        if (head.length > 0 && startsAlike()) {
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

    /** It has a payload of null, or no schema. */
    @Override
    public boolean isEmpty() {
        return from == to;
    }

    @Override
    public byte[] bytes() {
        return message;
    }

    @Override
    public int from() {
        return from;
    }

    @Override
    public int to() {
        return to;
    }

    @Override
    public ConnectSchema schema() {
        if (schema == null) {
            return null;
        }
        if (schema != parsedText) {
            if (parsedText == null || !Arrays.equals(schema, parsedText)) {
                parsed = ConnectSchema.parse(new String(schema, StandardCharsets.UTF_8));
            }
            parsedText = schema;
        }
        return parsed;
    }

    private boolean startsAlike() {
        return message.length > head.length
                && message[message.length - 1] == '}'
                && Arrays.equals(head, 0, head.length, message, 0, head.length);
    }

    /** JSON text is kept as a slice of the message. */
    private static int start(UTF8String slice) {
        return (int) (slice.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
    }
}
