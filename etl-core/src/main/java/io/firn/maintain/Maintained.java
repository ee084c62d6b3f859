package io.firn.maintain;

import java.util.List;

/** What a verb did to a table, or would do; each verb has a record with its figures. */
public interface Maintained {
    /** How it ended. */
    Status status();

    /** One line for people: what was done, with the figures that matter; or why nothing was. */
    String summary();

    /** What was done or is planned in particular, a line each, the most important first; may be empty. */
    default List<String> details() {
        return List.of();
    }

    /** How a verb ended. */
    enum Status {
        /** All of it. */
        DONE,
        /** A dry run found something to do. */
        PLANNED,
        /** The table needs nothing of the kind. */
        NOTHING_TO_DO,
        /** A part: the budget ran out, or writers were in the way; the next run goes on. */
        PARTLY,
        /** It would not have been safe; the summary says why, and what to do. */
        REFUSED
    }
}
