package io.firn.config;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what is wrong, so that all of it is reported at once. */
public final class Problems {
    private final SortedSet<Problem> all = new TreeSet<>();

    /** Notes a problem; the same one twice counts once. */
    public void add(Problem problem) {
        all.add(problem);
    }

    /** What was noted so far, by file, line and column. */
    public List<Problem> all() {
        return List.copyOf(all);
    }

    /** Throws a ConfigException if anything was noted. */
    public void throwIfAny() {
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
    }
}
