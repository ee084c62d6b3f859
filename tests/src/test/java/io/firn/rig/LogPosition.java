package io.firn.rig;

/** A place in a server's log: the file's number, 0 where there are no files, and the place in it. */
public record LogPosition(long file, long place) implements Comparable<LogPosition> {
    @Override
    public int compareTo(LogPosition other) {
        return file != other.file ? Long.compare(file, other.file) : Long.compare(place, other.place);
    }
}
