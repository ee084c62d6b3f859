package io.firn.load;

import java.io.Serializable;

/**
 * A file of a source's log.
 *
 * @param base its name without the number, {@code binlog} of binlog.000007
 * @param last the number of the file that the last change came from
 * @param highest the highest number of any change
 * @param renamed whether changes came from files of another base too
 */
public record LogFile(String base, long last, long highest, boolean renamed) implements Serializable {

    /** The file after another change. */
    LogFile then(LogFile now) {
        return new LogFile(
                now.base, now.last, Math.max(highest, now.highest), renamed || now.renamed || !base.equals(now.base));
    }
}
