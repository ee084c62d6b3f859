package io.firn.decode;

import java.nio.charset.StandardCharsets;

/** What was seen of one path that no column names. */
final class UnknownKey {
    private static final int SAMPLE = 80;
    private static final int NULL = 1;
    private static final int BOOLEAN = 2;
    private static final int LONG = 4;
    private static final int DOUBLE = 8;
    private static final int STRING = 16;
    private static final int OBJECT = 32;
    private static final int LIST = 64;

    final String path;
    private long count;
    private int kinds;
    private String sample;

    UnknownKey(String path) {
        this.path = path;
    }

    void saw(byte[] bytes, int from, int to) {
        count++;
        int kind = kind(bytes, from, to);
        boolean firstValue = (kinds & ~NULL) == 0 && kind != NULL;
        kinds |= kind;
        if (firstValue || sample == null) {
            String text = new String(bytes, from, Math.min(to - from, SAMPLE * 4), StandardCharsets.UTF_8);
            sample = text.codePointCount(0, text.length()) <= SAMPLE
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, SAMPLE));
        }
    }

    /** The last one is not to count. */
    void forget() {
        count--;
    }

    boolean isCounted() {
        return count > 0;
    }

    UnknownReport.Field report() {
        return new UnknownReport.Field(path, count, sample, type());
    }

    private String type() {
        return switch (kinds & ~NULL) {
            case 0 -> "null";
            case BOOLEAN -> "boolean";
            case LONG -> "long";
            case DOUBLE, DOUBLE | LONG -> "double";
            case STRING -> "string";
            case OBJECT -> "object";
            case LIST -> "list";
            default -> UnknownReport.MIXED;
        };
    }

    private static int kind(byte[] bytes, int from, int to) {
        return switch (bytes[from]) {
            case 'n' -> NULL;
            case 't', 'f' -> BOOLEAN;
            case '"' -> STRING;
            case '{' -> OBJECT;
            case '[' -> LIST;
            default -> numberKind(bytes, from, to);
        };
    }

    private static int numberKind(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '.' || bytes[i] == 'e' || bytes[i] == 'E') {
                return DOUBLE;
            }
        }
        return LONG;
    }
}
