package io.firn.table;

import java.util.List;
import java.util.stream.Stream;

import io.firn.table.TableChange.Effect;

/** Whether changes that lose values, or that cannot be taken back, are made. */
public enum Destructive {
    REFUSED,
    ALLOWED;

    /** Throws {@link SchemaConflict} with all that stands against making a table's changes. */
    void check(TableDiff diff) {
        List<String> destructive = this == ALLOWED
                ? List.of()
                : diff.with(Effect.DESTRUCTIVE).stream().map(TableChange::text).toList();
        List<String> refused =
                diff.with(Effect.REFUSED).stream().map(TableChange::text).toList();
        if (destructive.isEmpty() && refused.isEmpty()) {
            return;
        }
        String how = destructive.isEmpty()
                ? ""
                : "\n  What is destructive is made with --allow-destructive; to keep it, write it into the YAML again.";
        throw new SchemaConflict("Table " + diff.table() + " was not changed:\n  "
                + String.join(
                        "\n  ",
                        Stream.concat(
                                        destructive.stream().map(text -> "destructive: " + text),
                                        refused.stream().map(text -> "refused: " + text))
                                .toList())
                + how);
    }
}
