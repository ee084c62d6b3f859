package io.firn.decode;

import java.nio.charset.StandardCharsets;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * A cursor over one line that accepts RFC 8259 and nothing else: white space, strings, literals, numbers. Objects and
 * arrays are put together by its callers.
 */
final class JsonScanner {
    /** Deeper documents are refused, so that no stack and no table grows with the input. */
    static final int MAX_DEPTH = 1000;

    private static final int KEPT_ARENA = 1 << 20;
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    byte[] bytes;
    int at;
    int end;
    int depth;

    /** Where the text of the last string lies: in the line itself unless it had escapes. */
    byte[] text;

    int textFrom;
    int textTo;

    private final NumberSpan number = new NumberSpan();
    private int start;
    private boolean escaped;
    private byte[] arena = new byte[256];
    private int arenaAt;

    void reset(byte[] line, int from, int to) {
        bytes = line;
        start = from;
        at = from;
        end = to;
        depth = 0;
        arenaAt = 0;
        if (arena.length > KEPT_ARENA) {
            arena = new byte[KEPT_ARENA];
        }
    }

    /** Passes over white space; the byte that follows, which is at {@link #at}. */
    byte next() {
        if (at < end) {
            byte c = bytes[at];
            if (c > ' ') {
                return c;
            }
        }
        return nextAfterSpace();
    }

    private byte nextAfterSpace() {
        int i = at;
        while (i < end && isSpace(bytes[i])) {
            i++;
        }
        at = i;
        if (i == end) {
            throw malformed(i, "the line ends in the middle of the document");
        }
        return bytes[i];
    }

    /** Only white space may follow. */
    void finish() {
        while (at < end) {
            if (!isSpace(bytes[at])) {
                throw malformed(at, "something follows after the document; one line holds one document");
            }
            at++;
        }
    }

    static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** A colon, and on to the first byte of the value. */
    void colon() {
        if (next() != ':') {
            throw malformed(at, "expected ':' after a key");
        }
        at++;
        byte unused = next();
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw malformed(at, "nested deeper than " + MAX_DEPTH + " levels");
        }
        at++;
    }

    void leave() {
        depth--;
        at++;
    }

    /** Reads the string at the cursor; its text is in {@link #text}. */
    void string() {
        int from = at + 1;
        int quote = closingQuote(from);
        at = quote + 1;
        if (escaped) {
            unescape(from, quote);
            return;
        }
        text = bytes;
        textFrom = from;
        textTo = quote;
    }

    void skipString() {
        at = closingQuote(at + 1) + 1;
    }

    /** The last string read; points into the line or into memory that lives until the next line. */
    UTF8String utf8() {
        return UTF8String.fromBytes(text, textFrom, textTo - textFrom);
    }

    boolean bool() {
        if (bytes[at] == 't') {
            literal(TRUE);
            return true;
        }
        literal(FALSE);
        return false;
    }

    void nothing() {
        literal(NULL);
    }

    /** Reads the number at the cursor. */
    NumberSpan number() {
        int stop = number.scan(bytes, at, end);
        if (stop < 0) {
            throw malformed(at, "a number is not complete");
        }
        at = stop;
        return number;
    }

    /** Passes over a string, number or literal that starts with {@code c}. */
    void skipScalar(byte c) {
        switch (c) {
            case '"' -> skipString();
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
                NumberSpan unused = number();
            }
            default -> throw malformed(at, "expected a value");
        }
    }

    /** The kind of value that starts with {@code c}, in JSON's words; refuses what starts no value. */
    String kind(byte c) {
        return switch (c) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "boolean";
            case 'n' -> "null";
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> "number";
            default -> throw malformed(at, "expected a value");
        };
    }

    /** Memory for text that lives until the next line; the caller takes {@code length} bytes from {@link #textFrom}. */
    byte[] room(int length) {
        if (arena.length - arenaAt < length) {
            arena = new byte[Math.max(length, Math.min(arena.length * 2, KEPT_ARENA))];
            arenaAt = 0;
        }
        text = arena;
        textFrom = arenaAt;
        return arena;
    }

    void took(int length) {
        textTo = textFrom + length;
        arenaAt = textTo;
    }

    Refusal malformed(int where, String what) {
        return new Refusal(null, "malformed JSON at byte " + (where - start) + ": " + what);
    }

    private void literal(byte[] word) {
        int stop = at + word.length;
        if (stop > end) {
            throw malformed(at, "expected true, false or null");
        }
        for (int i = 0; i < word.length; i++) {
            if (bytes[at + i] != word[i]) {
                throw malformed(at, "expected true, false or null");
            }
        }
        at = stop;
    }

    private int closingQuote(int from) {
        byte[] b = bytes;
        int last = end - 8;
        int i = from;
        escaped = false;
        while (true) {
            while (i <= last) {
                long special = Bytes.special(Bytes.word(b, i));
                if (special != 0) {
                    i += Long.numberOfTrailingZeros(special) >>> 3;
                    break;
                }
                i += 8;
            }
            while (i < end && b[i] >= ' ' && b[i] != '"' && b[i] != '\\') {
                i++;
            }
            if (i >= end) {
                throw malformed(end, "a string is not closed");
            }
            if (b[i] == '"') {
                return i;
            }
            if (b[i] == '\\') {
                escaped = true;
                i = Escapes.after(this, i);
            } else {
                i = afterUtf8(i);
            }
        }
    }

    private int afterUtf8(int from) {
        byte[] b = bytes;
        int i = from;
        while (i < end && b[i] < 0) {
            int length = Utf8.length(b, i, end);
            if (length == 0) {
                throw malformed(i, "invalid UTF-8");
            }
            i += length;
        }
        if (i == from) {
            throw malformed(i, b[i] == 0 ? "a NUL byte" : "a raw control character in a string");
        }
        return i;
    }

    private void unescape(int from, int to) {
        byte[] out = room(to - from);
        took(Escapes.decode(bytes, from, to, out, textFrom));
    }
}
