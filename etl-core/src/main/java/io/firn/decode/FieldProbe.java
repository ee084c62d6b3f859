package io.firn.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import io.firn.schema.JsonPath;

/**
 * Finds the string at one path of a line, and reads no further: enough to tell which event a line is. It does not check
 * what it passes over; decoding does. Reused for all lines, not thread safe.
 */
public final class FieldProbe {
    /** What a line holds at the path. */
    public enum Outcome {
        FOUND,
        /** No such key, or null. */
        ABSENT,
        NOT_A_STRING,
        /** The line ended or broke off before the path was found, or it is no JSON object. */
        MALFORMED
    }

    private final JsonScanner in = new JsonScanner();
    private final List<byte[]> keys;

    public FieldProbe(JsonPath path) {
        keys = path.keys().stream()
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** Looks for the path in {@code line[start, end)}; when found, its text is {@code bytes()[from(), to())}. */
    public Outcome probe(byte[] line, int start, int end) {
        in.reset(line, start, end);
        try {
            if (in.next() != '{') {
                return Outcome.MALFORMED;
            }
            for (int level = 0; level < keys.size(); level++) {
                if (!find(keys.get(level))) {
                    return Outcome.ABSENT;
                }
                byte c = in.bytes[in.at];
                if (c == 'n') {
                    in.nothing();
                    return Outcome.ABSENT;
                }
                boolean last = level == keys.size() - 1;
                if (c != (last ? '"' : '{')) {
                    String unused = in.kind(c);
                    return last ? Outcome.NOT_A_STRING : Outcome.ABSENT;
                }
            }
            in.string();
            return Outcome.FOUND;
        } catch (Refusal e) {
            return Outcome.MALFORMED;
        }
    }

    /** Holds the text found, until the next probe. */
    public byte[] bytes() {
        return in.text;
    }

    public int from() {
        return in.textFrom;
    }

    public int to() {
        return in.textTo;
    }

    /** Goes to the value of a key of the object at the cursor; false when the object ends without it. */
    private boolean find(byte[] key) {
        in.at++;
        byte c = in.next();
        if (c == '}') {
            return false;
        }
        while (c == '"') {
            in.string();
            boolean hit = Arrays.equals(key, 0, key.length, in.text, in.textFrom, in.textTo);
            in.colon();
            if (hit) {
                return true;
            }
            skip();
            c = in.next();
            if (c == '}') {
                return false;
            }
            if (c != ',') {
                break;
            }
            in.at++;
            c = in.next();
        }
        throw in.malformed(in.at, "expected a key");
    }

    private void skip() {
        int open = 0;
        do {
            byte c = in.next();
            if (c == '"') {
                in.skipString();
                continue;
            }
            if (c == '{' || c == '[') {
                open++;
            } else if (c == '}' || c == ']') {
                open--;
            } else if (open == 0) {
                in.skipScalar(c);
                continue;
            }
            in.at++;
        } while (open > 0);
        if (open < 0) {
            throw in.malformed(in.at, "expected a value");
        }
    }
}
