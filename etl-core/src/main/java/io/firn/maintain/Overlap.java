package io.firn.maintain;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

import io.firn.maintain.FileFacts.Bounds;

/** How well files are ordered by a column. */
final class Overlap {
    private Overlap() {}

    /**
     * How many files one has to open, on average, to find a value that is there: 1 in perfect order, as many as there
     * are when each may hold any. Neighbours may share the value at which they meet. 0 where no bounds are known.
     */
    static double depth(List<Bounds> bounds, Comparator<Object> order) {
        List<Bounds> known = bounds.stream().filter(Objects::nonNull).toList();
        if (known.isEmpty()) {
            return 0;
        }
        Object[] lowers = known.stream().map(Bounds::lower).sorted(order).toArray();
        Object[] uppers = known.stream().map(Bounds::upper).sorted(order).toArray();
        long opened = 0;
        int begun = 0;
        int ended = 0;
        for (Object at : lowers) {
            while (begun < lowers.length && order.compare(lowers[begun], at) <= 0) {
                begun++;
            }
            while (ended < uppers.length && order.compare(uppers[ended], at) <= 0) {
                ended++;
            }
            opened += Math.max(1, begun - ended);
        }
        return (double) opened / lowers.length;
    }
}
