package io.firn.change;

import java.io.Serializable;
import java.util.Comparator;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The place of a change in the order of its source: the log's place first, the record's place in Kafka only between
 * equals. Offsets mean something within one partition of one topic only, which holds for records of one key, not for
 * truncates. MariaDB gives all events of a transaction one place, and counts rows anew in each of them. PostgreSQL sends
 * transactions as they commit: each change is at least at the commit before its own, and there in the order of its LSN.
 *
 * @param epoch counts the source's logs: raised by hand when a source starts a new one
 * @param file the number of the binlog file; 0 for PostgreSQL, and when the message has no position
 * @param log the byte in the binlog file, or PostgreSQL's LSN; 0 when the message has no position
 * @param own the LSN at which PostgreSQL's change was written, however late it counts; 0 for other sources, and for what a
 *     snapshot read, which comes before all changes that count at its place. When the message has no position, how many
 *     partitions the topic had ({@link PartitionCounts})
 */
public record Position(int epoch, long file, long log, long own, int partition, long offset)
        implements Comparable<Position>, Serializable {

    /** How many parts of {@link #text} are {@link #place}. */
    public static final int PLACES = 4;

    private static final Comparator<Position> ORDER = Comparator.comparingInt(Position::epoch)
            .thenComparingLong(Position::file)
            .thenComparing(Position::log, Long::compareUnsigned)
            .thenComparing(Position::own, Long::compareUnsigned)
            .thenComparingInt(Position::partition)
            .thenComparingLong(Position::offset);

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /** Whether the message told a place in the source's log. */
    public boolean isInLog() {
        return log != 0;
    }

    /** Whether the place is one of PostgreSQL's, whose log has no files. */
    boolean inOneLog() {
        return file == 0 && log != 0;
    }

    boolean samePlace(Position other) {
        return epoch == other.epoch && file == other.file && log == other.log;
    }

    /** The same change where the log is at a later place. */
    Position countedAt(long later) {
        return new Position(epoch, file, later, own, partition, offset);
    }

    /** Text whose order is the order of positions: hexadecimal numbers, each led by how many digits follow. */
    @JsonValue
    public String text() {
        StringBuilder text = new StringBuilder(32);
        put(text, epoch);
        put(text, file);
        put(text, log);
        put(text, own);
        put(text, partition);
        put(text, offset);
        return text.substring(0, text.length() - 1);
    }

    /** Text of the place in the source's log alone, which {@link #text} begins with; what one statement did to one row has one. */
    public String place() {
        StringBuilder text = new StringBuilder(24);
        put(text, epoch);
        put(text, file);
        put(text, log);
        put(text, own);
        return text.substring(0, text.length() - 1);
    }

    /** A partition as it stands in {@link #text}, the part after its {@link #PLACES}. */
    public static String partitionText(int partition) {
        StringBuilder text = new StringBuilder();
        put(text, partition);
        return text.substring(0, text.length() - 1);
    }

    /** Reads {@link #text} back; throws IllegalArgumentException for anything else. */
    @JsonCreator
    public static Position parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 6) {
            throw new IllegalArgumentException("no position: six numbers joined by '-' are expected");
        }
        Position position = new Position(
                (int) number(parts[0]),
                number(parts[1]),
                number(parts[2]),
                number(parts[3]),
                (int) number(parts[4]),
                number(parts[5]));
        if (!position.text().equals(text)) {
            throw new IllegalArgumentException("no position: not as Firn writes it");
        }
        return position;
    }

    private static void put(StringBuilder text, long number) {
        String digits = Long.toHexString(number);
        // 1 to 16 digits as one character whose order is the order of the lengths.
        text.append((char) ('a' + digits.length() - 1)).append(digits).append('-');
    }

    private static long number(String part) {
        try {
            return Long.parseUnsignedLong(part, part.isEmpty() ? 0 : 1, part.length(), 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("no position: a part is no number", e);
        }
    }
}
