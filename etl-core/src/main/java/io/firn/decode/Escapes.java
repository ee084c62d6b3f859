package io.firn.decode;

/** JSON's backslash escapes. */
final class Escapes {
    private Escapes() {}

    /** Checks the escape whose backslash is at {@code i}, a surrogate pair as a whole; where it ends. */
    static int after(JsonScanner in, int i) {
        if (i + 1 >= in.end) {
            throw in.malformed(in.end, "a string is not closed");
        }
        byte c = in.bytes[i + 1];
        if (c != 'u') {
            if (c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't') {
                return i + 2;
            }
            throw in.malformed(i, "an unknown escape in a string");
        }
        int unit = unit(in.bytes, i, in.end);
        if (unit < 0) {
            throw in.malformed(i, "expected four hex digits after \\u");
        }
        if (unit < 0xD800 || unit > 0xDFFF) {
            return i + 6;
        }
        int low = unit < 0xDC00 ? unit(in.bytes, i + 6, in.end) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            throw in.malformed(i, "half of a surrogate pair");
        }
        return i + 12;
    }

    /** Decodes a checked string; the bytes written, never more than were read. */
    static int decode(byte[] in, int from, int to, byte[] out, int outFrom) {
        int o = outFrom;
        int i = from;
        while (i < to) {
            byte c = in[i];
            if (c != '\\') {
                out[o++] = c;
                i++;
                continue;
            }
            byte e = in[i + 1];
            if (e != 'u') {
                out[o++] = plain(e);
                i += 2;
                continue;
            }
            int point = unit(in, i, to);
            i += 6;
            if (point >= 0xD800 && point < 0xDC00) {
                point = Character.toCodePoint((char) point, (char) unit(in, i, to));
                i += 6;
            }
            o = Utf8.put(out, o, point);
        }
        return o - outFrom;
    }

    private static byte plain(byte e) {
        return switch (e) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> e;
        };
    }

    /** The UTF-16 unit that {@code \\uXXXX} at {@code i} stands for, -1 when it is no such escape. */
    private static int unit(byte[] b, int i, int end) {
        if (i + 6 > end || b[i] != '\\' || b[i + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int k = i + 2; k < i + 6; k++) {
            int digit = b[k] < 0 ? -1 : Character.digit(b[k], 16);
            if (digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }
}
