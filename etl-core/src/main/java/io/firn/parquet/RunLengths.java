package io.firn.parquet;

/** Parquet's hybrid of runs and bit-packed groups, for levels and dictionary indexes. */
final class RunLengths {
    private static final int GROUP = 8;
    /** As many as fit a header of one byte, which is what every writer does and every reader has met. */
    private static final int MAX_GROUPS = 63;

    private RunLengths() {}

    static int bitWidth(int max) {
        return 32 - Integer.numberOfLeadingZeros(max);
    }

    /** Encodes the first {@code count} values, none of which needs more bits than {@code width}. */
    static void encode(int[] values, int count, int width, PageBuffer out) {
        int i = 0;
        while (i < count) {
            int run = run(values, i, count);
            if (run >= GROUP) {
                repeat(values[i], run, width, out);
                i += run;
                continue;
            }
            int start = i;
            do {
                i += GROUP;
            } while (i < count && i - start < MAX_GROUPS * GROUP && !groupRepeats(values, i, count));
            pack(values, start, Math.min(i, count), width, out);
        }
    }

    /** One value, {@code count} times. */
    static void repeat(int value, int count, int width, PageBuffer out) {
        out.putVarInt(count << 1);
        for (int bits = 0; bits < width; bits += 8) {
            out.put(value >>> bits);
        }
    }

    private static int run(int[] values, int from, int count) {
        int value = values[from];
        int i = from + 1;
        while (i < count && values[i] == value) {
            i++;
        }
        return i - from;
    }

    private static boolean groupRepeats(int[] values, int from, int count) {
        if (count - from < GROUP) {
            return false;
        }
        int value = values[from];
        for (int i = 1; i < GROUP; i++) {
            if (values[from + i] != value) {
                return false;
            }
        }
        return true;
    }

    private static void pack(int[] values, int from, int to, int width, PageBuffer out) {
        int groups = (to - from + GROUP - 1) / GROUP;
        out.put((groups << 1) | 1);
        long bits = 0;
        int filled = 0;
        for (int i = from; i < to; i++) {
            bits |= (long) values[i] << filled;
            filled += width;
            if (filled >= 32) {
                out.putInt((int) bits);
                bits >>>= 32;
                filled -= 32;
            }
        }
        // The last group is filled up with zeros.
        int left = groups * width - (int) (((long) (to - from) * width - filled) / 8);
        for (int i = 0; i < left; i++) {
            out.put((int) bits);
            bits >>>= 8;
        }
    }
}
