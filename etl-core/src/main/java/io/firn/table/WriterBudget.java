package io.firn.table;

import java.util.ArrayList;
import java.util.List;

/**
 * What the open writers of one task may hold together. Past it the largest file is closed and its partition begins
 * another. For one thread.
 */
public final class WriterBudget {
    private final int maxWriters;
    private final long maxBytes;
    private final List<FileSink> sinks = new ArrayList<>();
    private long held;

    /**
     * @param maxWriters most files open at a time
     * @param maxBytes most bytes buffered in memory at a time, over all of them
     */
    public WriterBudget(int maxWriters, long maxBytes) {
        this.maxWriters = maxWriters;
        this.maxBytes = maxBytes;
    }

    void join(FileSink sink) {
        sinks.add(sink);
    }

    void leave(FileSink sink) {
        sinks.remove(sink);
    }

    void beforeOpening() {
        int open = 0;
        for (FileSink sink : sinks) {
            open += sink.openWriters();
        }
        if (open >= maxWriters) {
            closeLargest();
        }
    }

    void grew(long bytes) {
        held += bytes;
        if (held > maxBytes) {
            closeLargest();
        }
    }

    void shrank(long bytes) {
        held -= bytes;
    }

    private void closeLargest() {
        FileSink fullest = null;
        long most = -1;
        for (FileSink sink : sinks) {
            long largest = sink.largestBytes();
            if (sink.openWriters() > 0 && largest > most) {
                fullest = sink;
                most = largest;
            }
        }
        if (fullest != null) {
            fullest.closeLargest();
        }
    }
}
