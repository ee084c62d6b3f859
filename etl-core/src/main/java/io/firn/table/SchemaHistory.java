package io.firn.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;

import io.firn.table.SchemaChange.By;

/**
 * What became of a table's schema, the latest first: Firn's changes, and those that others made between them.
 *
 * @param whole false: earlier changes are no longer kept
 */
public record SchemaHistory(List<SchemaChange> changes, boolean whole) {
    private static final String CREATED = "create the table";

    public SchemaHistory {
        changes = List.copyOf(changes);
    }

    /** The property with which a table begins. */
    static Map<String, String> creation(Schema schema, ChangeOrigin origin) {
        HistoryEntry entry = HistoryEntry.of(origin, null, 0, columns(schema));
        return Map.of(entry.key(Map.of()), entry.json());
    }

    /** Adds to a transaction what its changes so far are; it then fails where a rival commits first. */
    static void record(Transaction transaction, Table before, ChangeOrigin origin, List<String> changes) {
        // Properties alone would be set again on top of a rival's commit, which may have made the same change.
        transaction.updateSchema().commit();
        int from = before.schema().schemaId();
        int to = transaction.table().schema().schemaId();
        boolean moved = from != to;
        HistoryEntry entry = HistoryEntry.of(origin, moved ? from : null, moved ? to : null, changes);
        Map<String, String> held = transaction.table().properties();
        UpdateProperties properties = transaction.updateProperties();
        properties.set(entry.key(held), entry.json());
        HistoryEntry.overflow(held).forEach(properties::remove);
        properties.commit();
    }

    static SchemaHistory of(Table table) {
        return new Reading(table).history();
    }

    private static List<String> columns(Schema schema) {
        List<String> texts = new ArrayList<>(List.of(CREATED));
        schema.columns().forEach(column -> texts.add(new TableChange.AddColumn(null, column).text()));
        return texts;
    }

    /**
     * Follows the table from schema to schema. Each entry says between which ones it led; where the next does not begin
     * where the last ended, others were at work. Ids of schemas grow, and one that comes back has its old id.
     */
    private static final class Reading {
        private final Table table;
        private final SortedMap<String, HistoryEntry> entries;
        private final TreeSet<Integer> foreign;
        private final List<SchemaChange> changes = new ArrayList<>();
        private Integer at;

        Reading(Table table) {
            this.table = table;
            entries = HistoryEntry.all(table.properties());
            foreign = new TreeSet<>(table.schemas().keySet());
            Set<Integer> told = new HashSet<>();
            entries.values().forEach(entry -> told.add(entry.schema()));
            foreign.removeIf(told::contains);
        }

        SchemaHistory history() {
            boolean cut = entries.size() >= HistoryEntry.MOST && begins() != null;
            if (cut) {
                at = begins();
                foreign.removeIf(id -> id <= at);
            }
            entries.forEach((key, entry) -> {
                if (entry.schema() != null) {
                    if (entry.before() != null) {
                        others(entry.before(), Math.max(entry.before(), entry.schema()));
                    }
                    at = entry.schema();
                }
                changes.add(new SchemaChange(
                        HistoryEntry.when(key),
                        entry.run() == null ? By.APPLY : By.RUN,
                        entry.origin(),
                        entry.schema(),
                        entry.changes()));
            });
            others(table.schema().schemaId(), Integer.MAX_VALUE);
            Collections.reverse(changes);
            return new SchemaHistory(changes, !cut);
        }

        /** The schema before the first entry that changed it; null: that entry created the table, or there is none. */
        private Integer begins() {
            return entries.values().stream()
                    .filter(entry -> entry.schema() != null)
                    .findFirst()
                    .map(HistoryEntry::before)
                    .orElse(null);
        }

        /** What led to a schema, by way of all that were made before {@code limit} and that nobody accounts for. */
        private void others(int to, int limit) {
            while (!foreign.isEmpty() && foreign.first() <= limit) {
                other(foreign.pollFirst());
            }
            if (at == null || at != to) {
                other(to);
            }
        }

        private void other(int id) {
            Schema before = at == null ? null : table.schemas().get(at);
            Schema after = table.schemas().get(id);
            List<String> texts;
            if (at == null && after != null) {
                texts = columns(after);
            } else if (before == null || after == null) {
                texts = List.of("what changed is no longer kept");
            } else {
                texts = SchemaStep.texts(before, after);
            }
            changes.add(new SchemaChange(null, By.OTHERS, null, id, texts));
            at = id;
        }
    }
}
