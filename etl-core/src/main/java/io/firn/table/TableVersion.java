package io.firn.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * A state that a table went through.
 *
 * @param rows rows in it
 * @param added rows that it added
 * @param run the run that made it; null when something else did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableVersion(long snapshot, Instant committed, String operation, long rows, long added, String run) {

    static List<TableVersion> of(Table table) {
        List<TableVersion> versions = new ArrayList<>();
        Snapshot at = table.currentSnapshot();
        while (at != null) {
            Map<String, String> summary = at.summary();
            versions.add(new TableVersion(
                    at.snapshotId(),
                    Instant.ofEpochMilli(at.timestampMillis()),
                    at.operation(),
                    Long.parseLong(summary.getOrDefault("total-records", "0")),
                    Long.parseLong(summary.getOrDefault("added-records", "0")),
                    summary.get(Publication.RUN)));
            at = at.parentId() == null ? null : table.snapshot(at.parentId());
        }
        return versions;
    }
}
