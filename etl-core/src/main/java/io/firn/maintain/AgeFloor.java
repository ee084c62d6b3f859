package io.firn.maintain;

import java.time.Duration;

import io.firn.table.LakeTable;
import io.firn.table.Orphans;

/** What becomes of an age of orphans that is lower than three days. */
public enum AgeFloor {
    /** It is refused. */
    KEPT,
    /** It counts, and a warning is logged: what running jobs wrote may go. */
    OVERRIDDEN;

    /**
     * How old an orphan has to be; throws {@link Refused} when that is too young.
     *
     * @param asked null: as the table says, else the floor
     */
    Duration age(LakeTable table, Duration asked) {
        Duration age = asked != null ? asked : Orphans.age(table.table());
        if (age.compareTo(Orphans.FLOOR) >= 0) {
            return age;
        }
        if (this == KEPT) {
            throw new Refused("files older than " + age + " were to go"
                    + (asked == null ? ", as the table says (orphans.older-than)" : "")
                    + ", and those younger than three days may be of a job that is still running; take 3d or more, or, if"
                    + " nothing writes to the table, add --below-floor");
        }
        RemoveOrphans.LOG.warn(
                "firn remove-orphans {}: files older than {} go, though jobs that run may be about to commit them: the"
                        + " floor of three days was overridden",
                table.name(),
                age);
        return age;
    }
}
