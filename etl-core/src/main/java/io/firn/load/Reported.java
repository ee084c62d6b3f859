package io.firn.load;

import java.util.Iterator;

/** An iterator that says when it has come to its end, once. */
final class Reported<T> implements Iterator<T> {
    private final Iterator<T> items;
    private Runnable atEnd;

    Reported(Iterator<T> items, Runnable atEnd) {
        this.items = items;
        this.atEnd = atEnd;
    }

    @Override
    public boolean hasNext() {
        if (items.hasNext()) {
            return true;
        }
        if (atEnd != null) {
            atEnd.run();
            atEnd = null;
        }
        return false;
    }

    @Override
    public T next() {
        return items.next();
    }
}
