package io.firn.table;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * A table at a glance.
 *
 * @param snapshot its current snapshot, or null
 * @param committed when that was committed, or null
 * @param rows rows in data files; deletes by merge-on-read are not taken off
 * @param files its data files
 * @param bytes their size
 * @param ledgers by pipeline, what it has loaded
 * @param positions by pipeline, what it has taken of its topics
 * @param published when Firn last published to it, as far as its history says, or null
 * @param leftoverBranches branches that runs are using or crashed runs left
 */
public record TableStatus(
        TableName table,
        String location,
        Long snapshot,
        Instant committed,
        long rows,
        long files,
        long bytes,
        SortedMap<String, Ledger.Totals> ledgers,
        SortedMap<String, TopicPosition> positions,
        Instant published,
        List<String> leftoverBranches) {}
