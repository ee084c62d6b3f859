package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

import io.firn.parquet.Scratch;

/**
 * What the open files of one task may hold together. Past it the one that holds most is closed and its partition begins
 * another. For one thread.
 */
public final class WriterBudget {
    private final int maxStreams;
    private final long maxBytes;
    private final List<FileSink> sinks = new ArrayList<>();
    private Scratch scratch;
    private long held;

    /**
     * @param maxStreams most files with an open stream at a time; files that are only memory so far are not counted
     * @param maxBytes most bytes buffered in memory at a time, over all of them
     */
    public WriterBudget(int maxStreams, long maxBytes) {
        this.maxStreams = maxStreams;
        this.maxBytes = maxBytes;
    }

    void join(FileSink sink) {
        sinks.add(sink);
    }

    /** The last to leave frees what all shared. */
    void leave(FileSink sink) {
        sinks.remove(sink);
        if (sinks.isEmpty() && scratch != null) {
            scratch.close();
            scratch = null;
        }
    }

    /** For all files of the task in turn. */
    Scratch scratch() {
        if (scratch == null) {
            scratch = new Scratch();
        }
        return scratch;
    }

    void beforeStream() {
        int open = 0;
        for (FileSink sink : sinks) {
            open += sink.openStreams();
        }
        if (open >= maxStreams) {
            closeLargest(FileSink::longestStream, FileSink::closeLongestStream);
        }
    }

    void grew(long bytes) {
        held += bytes;
        if (bytes > 0 && held > maxBytes) {
            closeLargest(FileSink::mostHeld, FileSink::closeMostHeld);
        }
    }

    private void closeLargest(ToLongFunction<FileSink> size, Consumer<FileSink> close) {
        FileSink fullest = null;
        long most = 0;
        for (FileSink sink : sinks) {
            long largest = size.applyAsLong(sink);
            if (largest > most) {
                fullest = sink;
                most = largest;
            }
        }
        if (fullest != null) {
            close.accept(fullest);
        }
    }
}
