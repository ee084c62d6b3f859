package io.firn.maintain;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What time it is where files get their times: a clock here that is fast would make young files old. */
final class StoreClock {
    private static final Duration WORTH_TELLING = Duration.ofMinutes(5);

    private StoreClock() {}

    /**
     * The earlier of this machine's time and the store's, which a small file there tells.
     *
     * @param folder where that file may lie; one file stays
     */
    static Instant now(Path folder, Configuration hadoop) {
        Instant here = Instant.now();
        try {
            Path probe = new Path(folder, "clock");
            FileSystem files = probe.getFileSystem(hadoop);
            files.create(probe, true).close();
            Instant there = Instant.ofEpochMilli(files.getFileStatus(probe).getModificationTime());
            Duration apart = Duration.between(here, there);
            if (apart.abs().compareTo(WORTH_TELLING) > 0) {
                RemoveOrphans.LOG.warn(
                        "firn remove-orphans: the clock of {} is {} from this machine's; the earlier counts",
                        folder,
                        apart);
            }
            return there.isBefore(here) ? there : here;
        } catch (IOException e) {
            RemoveOrphans.LOG.warn(
                    "firn remove-orphans: the time at {} cannot be told; this machine's counts", folder, e);
            return here;
        }
    }
}
