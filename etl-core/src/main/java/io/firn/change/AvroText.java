package io.firn.change;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

import io.firn.change.AvroInput.Malformed;

/** Writes Avro values as the JSON that Kafka Connect's own converter writes of them. For one thread. */
final class AvroText {
    private static final Base64.Encoder BASE64 = Base64.getEncoder();
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final AvroInput in = new AvroInput();
    private byte[] out = new byte[1024];
    private int size;

    /** The JSON of the value that fills {@code message[from, to)}, in an array of its own. */
    byte[] of(AvroShape shape, byte[] message, int from, int to) throws Malformed {
        in.reset(message, from, to);
        size = 0;
        value(shape);
        if (in.left() > 0) {
            throw in.malformed("bytes are left after the value");
        }
        return Arrays.copyOf(out, size);
    }

    private void value(AvroShape shape) throws Malformed {
        switch (shape.kind()) {
            case NULL -> ascii("null");
            case BOOLEAN -> ascii(in.bool() ? "true" : "false");
            case INT -> number(in.integer());
            case LONG -> number(in.number());
            case FLOAT -> real(in.real());
            case DOUBLE -> wide(in.wide());
            case BYTES -> base64(in.number());
            case FIXED -> base64(shape.size());
            case STRING -> text();
            case ENUM -> put(shape.labels().get(index(shape.labels().size())));
            case RECORD -> record(shape);
            case ARRAY -> array(shape.parts().get(0));
            case MAP, ENTRIES -> map(shape.parts().get(0));
            case UNION -> union(shape);
        }
    }

    private void record(AvroShape shape) throws Malformed {
        put('{');
        for (int i = 0; i < shape.parts().size(); i++) {
            put(shape.labels().get(i));
            value(shape.parts().get(i));
        }
        put('}');
    }

    private void array(AvroShape element) throws Malformed {
        put('[');
        boolean first = true;
        for (int count = in.block(); count > 0; count = in.block()) {
            for (int i = 0; i < count; i++) {
                if (!first) {
                    put(',');
                }
                first = false;
                value(element);
            }
        }
        put(']');
    }

    private void map(AvroShape element) throws Malformed {
        put('{');
        boolean first = true;
        for (int count = in.block(); count > 0; count = in.block()) {
            for (int i = 0; i < count; i++) {
                if (!first) {
                    put(',');
                }
                first = false;
                text();
                put(':');
                value(element);
            }
        }
        put('}');
    }

    private void union(AvroShape shape) throws Malformed {
        int branch = index(shape.parts().size());
        byte[] label = shape.labels().get(branch);
        if (label == null) {
            value(shape.parts().get(branch));
            return;
        }
        put(label);
        value(shape.parts().get(branch));
        put('}');
    }

    private int index(int count) throws Malformed {
        long index = in.number();
        if (index < 0 || index >= count) {
            throw in.malformed("a choice that its schema does not give");
        }
        return (int) index;
    }

    private void real(float value) {
        boolean quoted = !Float.isFinite(value);
        ascii(quoted ? '"' + Float.toString(value) + '"' : Float.toString(value));
    }

    private void wide(double value) {
        boolean quoted = !Double.isFinite(value);
        ascii(quoted ? '"' + Double.toString(value) + '"' : Double.toString(value));
    }

    private void base64(long length) throws Malformed {
        int from = in.skip(length);
        byte[] value = Arrays.copyOfRange(in.bytes(), from, from + (int) length);
        put('"');
        put(BASE64.encode(value));
        put('"');
    }

    /** Whether its bytes are UTF-8 is for whoever reads the JSON. */
    private void text() throws Malformed {
        long length = in.number();
        int from = in.skip(length);
        int to = from + (int) length;
        room(length + 2);
        byte[] bytes = in.bytes();
        out[size++] = '"';
        for (int i = from; i < to; i++) {
            byte c = bytes[i];
            if (c == '"' || c == '\\') {
                room(to - i + 3L);
                out[size++] = '\\';
                out[size++] = c;
            } else if (c >= 0 && c < ' ') {
                room(to - i + 7L);
                out[size++] = '\\';
                out[size++] = 'u';
                out[size++] = '0';
                out[size++] = '0';
                out[size++] = HEX[c >> 4];
                out[size++] = HEX[c & 15];
            } else {
                out[size++] = c;
            }
        }
        out[size++] = '"';
    }

    private void number(long value) {
        if (value == Long.MIN_VALUE) {
            ascii("-9223372036854775808");
            return;
        }
        room(20);
        long rest = Math.abs(value);
        int digits = 1;
        for (long power = 10; digits < 19 && rest >= power; power *= 10) {
            digits++;
        }
        if (value < 0) {
            out[size++] = '-';
        }
        size += digits;
        for (int i = 1; i <= digits; i++) {
            out[size - i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[size++] = (byte) text.charAt(i);
        }
    }

    private void put(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
    }

    private void put(char c) {
        room(1);
        out[size++] = (byte) c;
    }

    private void room(long more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.toIntExact(Math.max(out.length * 2L, size + more)));
        }
    }
}
