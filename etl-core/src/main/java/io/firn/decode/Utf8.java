package io.firn.decode;

/** Well-formed UTF-8 as Unicode's table 3-7 has it: no overlong forms, no surrogates, nothing past U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** The length of the multi-byte character at {@code i}, 0 when it is not well-formed. */
    static int length(byte[] b, int i, int end) {
        int lead = b[i] & 0xff;
        if (lead < 0xC2) {
            return 0;
        }
        if (lead < 0xE0) {
            return i + 1 < end && isTail(b[i + 1]) ? 2 : 0;
        }
        if (lead < 0xF0) {
            return i + 2 < end && isSecond(lead, b[i + 1]) && isTail(b[i + 2]) ? 3 : 0;
        }
        return lead < 0xF5 && i + 3 < end && isSecond(lead, b[i + 1]) && isTail(b[i + 2]) && isTail(b[i + 3]) ? 4 : 0;
    }

    /** Writes a code point; where the next one goes. */
    static int put(byte[] out, int at, int codePoint) {
        int i = at;
        if (codePoint < 0x80) {
            out[i++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            out[i++] = (byte) (0xC0 | (codePoint >> 6));
            out[i++] = (byte) (0x80 | (codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            out[i++] = (byte) (0xE0 | (codePoint >> 12));
            out[i++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            out[i++] = (byte) (0x80 | (codePoint & 0x3F));
        } else {
            out[i++] = (byte) (0xF0 | (codePoint >> 18));
            out[i++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            out[i++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
            out[i++] = (byte) (0x80 | (codePoint & 0x3F));
        }
        return i;
    }

    private static boolean isTail(byte c) {
        return (c & 0xC0) == 0x80;
    }

    private static boolean isSecond(int lead, byte second) {
        int c = second & 0xff;
        return switch (lead) {
            case 0xE0 -> c >= 0xA0 && c <= 0xBF;
            case 0xED -> c >= 0x80 && c <= 0x9F;
            case 0xF0 -> c >= 0x90 && c <= 0xBF;
            case 0xF4 -> c >= 0x80 && c <= 0x8F;
            default -> isTail(second);
        };
    }
}
