package io.firn.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The bytes of one line while they are written. */
final class LineBuffer {
    private static final byte[] HEX = Value.ascii("0123456789abcdef");

    private byte[] bytes = new byte[1 << 16];
    private int length;

    LineBuffer put(int b) {
        reserve(1);
        bytes[length++] = (byte) b;
        return this;
    }

    LineBuffer put(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    LineBuffer twoDigits(int number) {
        return put('0' + number / 10).put('0' + number % 10);
    }

    LineBuffer digits(long number) {
        int count = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            count++;
        }
        reserve(count);
        long rest = number;
        for (int i = length + count - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    LineBuffer hex(SplittableRandom random, int digits) {
        reserve(digits);
        long bits = 0;
        for (int i = 0; i < digits; i++) {
            if (i % 16 == 0) {
                bits = random.nextLong();
            }
            bytes[length++] = HEX[(int) (bits & 15)];
            bits >>>= 4;
        }
        return this;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Cuts the line, or empties it for the next one. */
    void cut(int to) {
        length = to;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + more));
        }
    }
}
