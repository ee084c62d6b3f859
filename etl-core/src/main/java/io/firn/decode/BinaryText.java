package io.firn.decode;

import java.util.Arrays;
import java.util.Base64;

/** Binary values and UUIDs written as text. */
final class BinaryText {
    private BinaryText() {}

    /** RFC 4648 with padding; bits that no byte holds must be zero, so that writing the value gives the text again. */
    static byte[] base64(byte[] text, int from, int to, String column) {
        if ((to - from) % 4 != 0) {
            throw new Refusal(column, "expected base64, in groups of four characters");
        }
        byte[] value;
        try {
            value = Base64.getDecoder().decode(Arrays.copyOfRange(text, from, to));
        } catch (IllegalArgumentException e) {
            throw new Refusal(column, "expected base64");
        }
        int padding = to == from || text[to - 1] != '=' ? 0 : text[to - 2] == '=' ? 2 : 1;
        if (padding > 0 && (sextet(text[to - 1 - padding]) & ((1 << (padding * 2)) - 1)) != 0) {
            throw new Refusal(column, "expected base64, with zero bits before the padding");
        }
        return value;
    }

    static byte[] hex(byte[] text, int from, int to, String column) {
        if ((to - from) % 2 != 0) {
            throw new Refusal(column, "expected hex, two digits for each byte");
        }
        byte[] value = new byte[(to - from) / 2];
        for (int i = 0; i < value.length; i++) {
            int high = digit(text[from + 2 * i]);
            int low = digit(text[from + 2 * i + 1]);
            if (high < 0 || low < 0) {
                throw new Refusal(column, "expected hex");
            }
            value[i] = (byte) (high << 4 | low);
        }
        return value;
    }

    /** Checks a canonical UUID; true when it has upper case digits. */
    static boolean uuidNeedsLowering(byte[] text, int from, int to, String column) {
        boolean upper = false;
        boolean valid = to - from == 36;
        for (int i = 0; valid && i < 36; i++) {
            byte c = text[from + i];
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                valid = c == '-';
            } else {
                valid = digit(c) >= 0;
                upper |= c >= 'A' && c <= 'F';
            }
        }
        if (!valid) {
            throw new Refusal(column, "expected a uuid such as 123e4567-e89b-12d3-a456-426614174000");
        }
        return upper;
    }

    private static int digit(byte c) {
        return c < 0 ? -1 : Character.digit(c, 16);
    }

    private static int sextet(byte c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : 63;
    }
}
