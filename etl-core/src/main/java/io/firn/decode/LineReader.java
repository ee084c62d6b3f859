package io.firn.decode;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Splits a stream of JSON lines, in place: {@code bytes()[from(), to())} is the line, until the next call. Lines end
 * with a newline, with or without a carriage return before it, or with the file; blank lines are passed over; a byte
 * order mark is dropped at the start of a file only.
 */
public final class LineReader {
    /** How much of a line that is too long is kept. */
    public static final int KEPT_OF_OVERLONG = 4096;

    private static final int CHUNK = 1 << 18;

    private final InputStream in;
    private final int maxLineBytes;
    private final long lastStart;
    private final boolean numbered;

    private byte[] buffer;
    /** The bytes of the buffer not yet given out are [position, limit). */
    private int position;

    private int limit;
    /** The offset in the file of {@code buffer[0]}. */
    private long base;

    private boolean ended;
    private long number;
    private int from;
    private int to;
    private long offset;
    private long length;

    private LineReader(InputStream in, long start, long end, int maxLineBytes, int chunk) {
        this.in = in;
        this.base = start;
        this.lastStart = end;
        this.numbered = start == 0;
        this.maxLineBytes = maxLineBytes;
        this.buffer = new byte[chunk];
    }

    /** Reads a whole file from its first byte; longer lines than {@code maxLineBytes} are {@link #isOverlong}. */
    public static LineReader of(InputStream in, int maxLineBytes) throws IOException {
        return split(in, 0, Long.MAX_VALUE, maxLineBytes);
    }

    /**
     * Reads the part [start, end) of a file from a stream that stands at {@code start}. Splits that touch give each line
     * once: a part has the lines that begin after its start (or at the file's) up to and including its end, and reads on
     * past the end to finish the last.
     */
    public static LineReader split(InputStream in, long start, long end, int maxLineBytes) throws IOException {
        return of(in, start, end, maxLineBytes, CHUNK);
    }

    static LineReader of(InputStream in, long start, long end, int maxLineBytes, int chunk) throws IOException {
        LineReader reader = new LineReader(in, start, end, maxLineBytes, chunk);
        if (start == 0) {
            reader.dropByteOrderMark();
        } else {
            reader.skipToNewline();
        }
        return reader;
    }

    /** Goes to the next line that is not blank; false when there is none. */
    public boolean next() throws IOException {
        while (base + position <= lastStart) {
            offset = base + position;
            int newline = newline();
            if (newline < 0 && position == limit) {
                return false;
            }
            number++;
            from = position;
            to = newline < 0 ? limit : newline;
            position = newline < 0 ? limit : newline + 1;
            to -= to > from && buffer[to - 1] == '\r' ? 1 : 0;
            length = (long) to - from;
            if (length > maxLineBytes) {
                overlong(newline >= 0);
                return true;
            }
            if (!isBlank()) {
                return true;
            }
        }
        return false;
    }

    public byte[] bytes() {
        return buffer;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    /** The line's first byte in the (inflated) file. */
    public long offset() {
        return offset;
    }

    /** The line's number in the file, from 1; 0 in a part that does not begin with the file. */
    public long lineNumber() {
        return numbered ? number : 0;
    }

    /** The line is longer than allowed; only its first bytes are here. */
    public boolean isOverlong() {
        return length > maxLineBytes;
    }

    /** The bytes of the whole line, without its end. */
    public long length() {
        return length;
    }

    /** The next newline, reading on as needed; -1 when the file or the allowed length ends first. */
    private int newline() throws IOException {
        int searched = position;
        while (true) {
            int found = search(searched);
            if (found >= 0) {
                return found;
            }
            // One byte more than allowed may still be a carriage return.
            if (ended || limit - position > (long) maxLineBytes + 1) {
                return -1;
            }
            searched = limit - position;
            fill();
            searched += position;
        }
    }

    private int search(int start) {
        int i = start;
        for (; i + 8 <= limit; i += 8) {
            long hits = Bytes.newlines(Bytes.word(buffer, i));
            if (hits != 0) {
                return i + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        for (; i < limit; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Reads more behind what is not given out yet, which moves to the front. */
    private void fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            base += position;
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(buffer.length * 2L, Integer.MAX_VALUE - 8));
        }
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            ended = true;
        } else {
            limit += read;
        }
    }

    /** Keeps the head of a line that is too long, passes over the rest and counts it. */
    private void overlong(boolean complete) throws IOException {
        byte[] head = Arrays.copyOfRange(buffer, from, Math.min(to, from + KEPT_OF_OVERLONG));
        if (!complete) {
            boolean carriage = buffer[limit - 1] == '\r';
            long rest = skipToNewline();
            length = (carriage && rest == 0 ? 0 : carriage ? 1 : 0) + length + rest;
        }
        position = position < head.length ? shift(head.length) : position;
        from = position - head.length;
        to = position;
        System.arraycopy(head, 0, buffer, from, head.length);
    }

    /** Makes room before the bytes not given out yet. */
    private int shift(int room) {
        int left = limit - position;
        byte[] shifted = new byte[Math.max(buffer.length, room + left)];
        System.arraycopy(buffer, position, shifted, room, left);
        base -= room - position;
        buffer = shifted;
        limit = room + left;
        return room;
    }

    /** Passes to after the next newline; how many bytes stood before it, a carriage return at their end not counted. */
    private long skipToNewline() throws IOException {
        long passed = 0;
        boolean carriage = false;
        while (true) {
            int found = search(position);
            int stop = found < 0 ? limit : found;
            if (stop > position) {
                passed += stop - position;
                carriage = buffer[stop - 1] == '\r';
            }
            position = found < 0 ? limit : found + 1;
            if (found >= 0 || ended) {
                return passed - (carriage ? 1 : 0);
            }
            fill();
        }
    }

    private void dropByteOrderMark() throws IOException {
        while (limit < 3 && !ended) {
            fill();
        }
        if (limit >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) {
            position = 3;
        }
    }

    private boolean isBlank() {
        for (int i = from; i < to; i++) {
            if (!JsonScanner.isSpace(buffer[i])) {
                return false;
            }
        }
        return true;
    }
}
