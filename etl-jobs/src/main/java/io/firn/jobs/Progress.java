package io.firn.jobs;

import java.util.Locale;

import io.firn.RunListener;
import io.firn.table.FileSize;

/** How far a run is, on a terminal. */
final class Progress implements RunListener {
    private final Console console;
    private final long start = System.nanoTime();

    Progress(Console console) {
        this.console = console;
    }

    @Override
    public void reading(long bytes, long total) {
        double seconds = (System.nanoTime() - start) / 1e9;
        double share = total == 0 ? 1 : (double) bytes / total;
        console.progress(String.format(
                Locale.ROOT,
                "reading %s of %s (%.0f %%), %s/s",
                FileSize.text(bytes),
                FileSize.text(total),
                100 * share,
                FileSize.text((long) (bytes / Math.max(seconds, 0.001)))));
    }

    @Override
    public void publishing(int tables, int total) {
        console.progress("published " + tables + " of " + total + " tables");
    }

    /** Clears the line. */
    void end() {
        console.progress("");
    }
}
