package io.firn;

/**
 * How many records a batch may have: half as many while what was planned holds too much, twice as many while it ends in the
 * midst of something, and between the two where both were met.
 */
final class BatchSize {
    private final long usual;
    private long most;
    private long tooShort;
    private long tooLong = Long.MAX_VALUE;

    BatchSize(long usual) {
        this.usual = usual;
        most = usual;
    }

    long most() {
        return most;
    }

    /** Whether there is a size left that was neither too short nor too long. */
    boolean isPossible() {
        return most > tooShort;
    }

    void tooShort() {
        tooShort = most;
        most = tooLong == Long.MAX_VALUE ? most * 2 : between();
    }

    /** @param records that the batch had */
    void tooLong(long records) {
        tooLong = Math.min(most, records);
        most = between();
    }

    /** A batch went in: what was met before says nothing of the next, but that a size was too short once. */
    void taken() {
        tooShort = 0;
        tooLong = Long.MAX_VALUE;
        if (most < usual) {
            most = Math.min(usual, most * 2);
        }
    }

    private long between() {
        return tooShort + (tooLong - tooShort) / 2;
    }
}
