package io.firn.table;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata.MetadataLogEntry;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.exceptions.NotFoundException;

/** Expired snapshots of a table, as the files of its metadata from before their expiry still tell of them. */
final class PastSnapshots {
    private final Table table;
    private final Deque<MetadataLogEntry> files;
    private final Map<Long, Snapshot> known = new HashMap<>();

    PastSnapshots(Table table) {
        this.table = table;
        this.files = new ArrayDeque<>(
                ((HasTableOperations) table).operations().current().previousFiles());
    }

    /** Null: none of the files that are left tells of it. */
    Snapshot find(long id) {
        while (!known.containsKey(id) && !files.isEmpty()) {
            try {
                TableMetadataParser.read(table.io(), files.removeLast().file())
                        .snapshots()
                        .forEach(snapshot -> known.putIfAbsent(snapshot.snapshotId(), snapshot));
            } catch (NotFoundException e) {
                // The older ones are gone too: the oldest are deleted first.
                files.clear();
            }
        }
        return known.get(id);
    }
}
