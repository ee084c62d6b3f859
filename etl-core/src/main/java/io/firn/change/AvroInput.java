package io.firn.change;

/**
 * Reads Avro's binary encoding from a message, bounds first: Avro's own decoder makes room for as many bytes as a broken
 * message claims to have, and copies what can be read in place.
 */
final class AvroInput {
    private byte[] bytes;
    private int at;
    private int end;

    /** The message is not what its schema says. */
    static final class Malformed extends Exception {
        Malformed(int at, String what) {
            super("malformed at byte " + at + ": " + what, null, false, false);
        }
    }

    void reset(byte[] message, int from, int to) {
        bytes = message;
        at = from;
        end = to;
    }

    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    int left() {
        return end - at;
    }

    Malformed malformed(String what) {
        return new Malformed(at, what);
    }

    /** Moves over so many bytes and says where they begin. */
    int skip(long length) throws Malformed {
        if (length < 0 || length > end - at) {
            throw malformed("the message ends before its value does");
        }
        int start = at;
        at += (int) length;
        return start;
    }

    boolean bool() throws Malformed {
        byte value = bytes[skip(1)];
        if (value != 0 && value != 1) {
            throw malformed("a boolean that is neither true nor false");
        }
        return value == 1;
    }

    int integer() throws Malformed {
        long value = number();
        if (value != (int) value) {
            throw malformed("an int of more than 32 bits");
        }
        return (int) value;
    }

    /** A number of variable length, its sign in the lowest bit. */
    long number() throws Malformed {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = bytes[skip(1)];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw malformed("a number of more than 64 bits");
    }

    float real() throws Malformed {
        return Float.intBitsToFloat((int) fixed(4));
    }

    double wide() throws Malformed {
        return Double.longBitsToDouble(fixed(8));
    }

    private long fixed(int size) throws Malformed {
        int start = skip(size);
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | (bytes[start + i] & 0xff);
        }
        return value;
    }

    /** The number of elements in the next block of an array or a map; 0 at its end. */
    int block() throws Malformed {
        long count = number();
        if (count < 0) {
            count = -count;
            number();
        }
        // Every element that a connector writes takes a byte at least.
        if (count < 0 || count > left()) {
            throw malformed("more elements than bytes");
        }
        return (int) count;
    }
}
