package io.firn.rig;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Which answers of a service fail, and how; from a seed, since threads race in what order they ask. */
public final class Faults {
    /** What becomes of a request. */
    public enum Fate {
        ANSWERED,
        /** Refused with 503 before anything was done. */
        REFUSED,
        /** Done, and the connection cut in place of the answer. */
        CUT
    }

    private final Random random;
    private final double share;
    private final Map<Fate, Long> counts = new EnumMap<>(Fate.class);
    private boolean on;

    /** @param share of all answers that fail, half of them in either way */
    public Faults(long seed, double share) {
        this.random = new Random(seed);
        this.share = share;
    }

    public synchronized void begin() {
        on = true;
    }

    public synchronized void end() {
        on = false;
    }

    synchronized Fate next() {
        double drawn = random.nextDouble();
        Fate fate = !on || drawn >= share ? Fate.ANSWERED : drawn < share / 2 ? Fate.REFUSED : Fate.CUT;
        if (on) {
            counts.merge(fate, 1L, Long::sum);
        }
        return fate;
    }

    /** How many requests met each fate while faults were on. */
    public synchronized Map<Fate, Long> counts() {
        return new TreeMap<>(counts);
    }
}
