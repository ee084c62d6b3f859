package io.firn.jobs;

import java.util.List;

import io.firn.TopicPositions.Change;

/** Shows what becomes of positions that are changed by hand. */
final class PositionChanges {
    private PositionChanges() {}

    static void show(Console console, List<Change> changes, boolean done) {
        StringBuilder out = new StringBuilder();
        for (Change change : changes) {
            out.append("%s%n  read so far: %s%n  %s: %s%n"
                    .formatted(
                            change.table(),
                            change.before(),
                            done ? "goes on from" : "would go on from",
                            change.after()));
            if (change.warning() != null) {
                out.append("  ! ").append(change.warning()).append('\n');
            }
        }
        if (!done) {
            out.append("\nNothing was changed; --yes does it.\n");
        }
        console.result(changes, out.toString());
    }
}
