package io.firn.load;

import java.io.Serializable;

import io.firn.change.Position;

/**
 * A place in a source's log.
 *
 * @param file the number of the file; 0 where the log has no files
 * @param at the byte in the file, or PostgreSQL's LSN
 */
public record LogPlace(long file, long at) implements Comparable<LogPlace>, Serializable {

    static LogPlace of(Position position) {
        return new LogPlace(position.file(), position.log());
    }

    @Override
    public int compareTo(LogPlace other) {
        return file != other.file ? Long.compare(file, other.file) : Long.compareUnsigned(at, other.at);
    }

    /** The later of two, either of which may be null. */
    public static LogPlace later(LogPlace one, LogPlace other) {
        return one == null || (other != null && other.compareTo(one) > 0) ? other : one;
    }
}
