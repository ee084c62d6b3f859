package io.firn.table;

import java.time.LocalDate;
import java.util.Set;

import io.firn.table.Ledger.Change;

/** One load of a table: what it adds to the ledger, and how its rows meet those that are there. */
public sealed interface Load permits Append, TruncateLoad, Replay, Requarantine {

    /** How much of a load a table already holds. */
    enum Standing {
        NOTHING,
        ALL,
        /** Another run was faster with a part, or with another version of it: this one has to plan again. */
        OVERTAKEN
    }

    /** How much of this load is in the table that the ledger belongs to. */
    Standing standing(Ledger now);

    /** Names this load among all loads of a table: equal loads have equal text. */
    String identity();

    /** What the ledger becomes. */
    Change change(Ledger now);

    /** The day whose files it makes complete; null: none. */
    default LocalDate day() {
        return null;
    }

    /** Source files whose rows have to go first. */
    default Set<String> replaced(Ledger now) {
        return Set.of();
    }

    /** Whether the rows that go first are this pipeline's alone, even where others loaded the same files. */
    default boolean sparesOtherPipelines() {
        return false;
    }

    /** Whether every row that is there goes first. */
    default boolean emptiesTable() {
        return false;
    }
}
