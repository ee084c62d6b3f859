package io.firn.change;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

import io.firn.schema.Column;

/**
 * Folds the changes of a batch to the last one of each key. Columns that the last change does not know take the value
 * that an earlier change of the batch told, else they stay unavailable. Holds two changes at a time, and a few more where
 * rows may be refused, whatever comes.
 */
public final class ChangeFold implements Iterator<Change> {
    /** Copies one column's value between rows; copies of the rows of changes must let themselves be updated. */
    @FunctionalInterface
    public interface ColumnCopy {
        void copy(InternalRow from, InternalRow to, int column);
    }

    /** Is told of rows that go on under another key. */
    @FunctionalInterface
    public interface Moves {
        /** Hears of one; {@code before} is the row's last change in this batch, folded, or null: there was none. */
        void moved(Change before, Change delete);
    }

    /** Copies columns of these types between rows that hold catalyst's values. */
    public static ColumnCopy copying(List<Column> columns) {
        DataType[] types = columns.stream().map(c -> c.type().toSpark()).toArray(DataType[]::new);
        return (from, to, column) -> to.update(column, from.get(column, types[column]));
    }

    private static final int MOST_EARLIER = 32;

    private final Iterator<Change> changes;
    private final ColumnCopy columns;
    private final Position truncated;
    private final Moves moves;
    private final Predicate<Change> good;
    private final Deque<Change> earlier = new ArrayDeque<>();
    private Change ahead;
    private long in;
    private long out;

    /**
     * @param sorted changes by (key, position), without truncates
     * @param columns copies a column of the table
     * @param truncated the last truncate of the batch; changes before it are superseded. Null when there was none
     */
    public ChangeFold(Iterator<Change> sorted, ColumnCopy columns, Position truncated) {
        this(sorted, columns, truncated, (before, delete) -> {}, null);
    }

    /**
     * A fold that tells of moved rows, and of what came before a change that is refused.
     *
     * @param moves is told of rows that take another key
     * @param good whether a change would not be refused; null: none is
     */
    public ChangeFold(
            Iterator<Change> sorted, ColumnCopy columns, Position truncated, Moves moves, Predicate<Change> good) {
        this.changes = sorted;
        this.moves = moves;
        this.good = good;
        this.columns = columns;
        this.truncated = truncated;
        ahead = following();
    }

    @Override
    public boolean hasNext() {
        return ahead != null;
    }

    @Override
    public Change next() {
        if (ahead == null) {
            throw new NoSuchElementException();
        }
        Change last = ahead;
        earlier.clear();
        tell(null, last);
        ahead = following();
        while (ahead != null && ahead.key().equals(last.key())) {
            if (ahead.position().compareTo(last.position()) < 0) {
                throw new IllegalStateException("changes of one key are not sorted by position");
            }
            tell(last, ahead);
            remember(last);
            last = carried(last, ahead);
            ahead = following();
        }
        out++;
        return last;
    }

    /** What the row of the last given change was before it, folded, each time one step back; null: it is not known. */
    public Change before() {
        return earlier.pollLast();
    }

    /** Changes read so far. */
    public long in() {
        return in;
    }

    /** Keys given so far. */
    public long out() {
        return out;
    }

    /** Changes read so far that a later one made void; right once all are read. */
    public long superseded() {
        return in - out;
    }

    private Change following() {
        while (changes.hasNext()) {
            Change next = changes.next();
            in++;
            if (next.operation() == Operation.TRUNCATE) {
                throw new IllegalStateException("a truncate has no key to fold by; give its position instead");
            }
            if (truncated == null || next.position().compareTo(truncated) > 0) {
                return next.copy();
            }
        }
        return null;
    }

    /** Of many changes of a key, the last good one is enough. */
    private void remember(Change change) {
        if (good == null) {
            return;
        }
        earlier.addLast(change);
        if (earlier.size() > MOST_EARLIER) {
            Change last = before();
            while (last != null && !good.test(last)) {
                last = before();
            }
            earlier.clear();
            if (last != null) {
                earlier.addLast(last);
            }
        }
    }

    private void tell(Change before, Change change) {
        // Sent again, it would tell of a row that is gone by then.
        boolean again = before != null
                && before.moved()
                && before.position().place().equals(change.position().place());
        if (change.moved() && !again) {
            moves.moved(before != null && before.row() != null ? before : null, change);
        }
    }

    private Change carried(Change before, Change last) {
        // A row that took this key has nothing of the one that had it before.
        if (last.unavailable().isEmpty() || before.row() == null || last.origin() != null) {
            return last;
        }
        BitSet still = new BitSet();
        last.unavailable().stream().forEach(column -> {
            if (before.unavailable().get(column)) {
                still.set(column);
            } else {
                columns.copy(before.row(), last.row(), column);
            }
        });
        return new Change(
                last.operation(),
                last.key(),
                last.row(),
                still,
                last.position(),
                last.sourceTime(),
                last.snapshot(),
                last.log(),
                last.moved(),
                still.isEmpty() ? null : before.origin());
    }
}
