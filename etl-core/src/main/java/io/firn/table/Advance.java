package io.firn.table;

import java.time.LocalDate;
import java.util.Set;

/** What a publication makes of the state in its table's properties. Made anew for each try, from one table state. */
interface Advance {
    /** The table property that holds the state. */
    String property();

    /** The state as it is; null: none yet. */
    StatePointer before();

    Load.Standing standing();

    /** The day whose {@link DayTag} the publication sets; null: none. */
    default LocalDate day() {
        return null;
    }

    /** Source files whose rows have to go first. */
    Set<String> replaced();

    /** Whether the rows that go first may belong to other pipelines too. */
    boolean mayTakeRowsOfOthers();

    /** The state to be, as the summary of its snapshot holds it. */
    StatePointer after(String commit, String attempt);
}
