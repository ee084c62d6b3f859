package io.firn.load;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

import io.firn.change.SnapshotMark;
import io.firn.change.StrangeSchema;
import io.firn.table.StagedFile;

/**
 * What the records of one task came to before they were folded.
 *
 * @param task the task's number: a task that ran twice reports twice, and one report counts
 * @param records that were read
 * @param changes that went on
 * @param superseded changes from before the table's floor
 * @param skipped records that change no single row, by what they are
 * @param refused records in {@code quarantine}
 * @param truncated the last truncate, as text of its position; null: there was none
 * @param snapshots those of the whole table that rows were read of
 * @param mark of the last snapshot that rows were read of; null: of none
 * @param earliest the least place in PostgreSQL's log of a change that no snapshot read; {@code Long.MAX_VALUE}: none
 * @param logs the way of each partition's changes through the source's log, where they tell it
 * @param astray changes without a place in the log that are not where Kafka puts their key, though partitions were added
 * @param keyChanges those that this task saw a half of
 * @param strange the first schema of each partition that the columns do not take as it is
 */
record ReadReport(
        int task,
        long records,
        long changes,
        long superseded,
        SortedMap<String, Long> skipped,
        long refused,
        List<StagedFile> quarantine,
        String truncated,
        Snapshots snapshots,
        SnapshotMark mark,
        long earliest,
        Map<Integer, LogTrail> logs,
        long astray,
        KeyChanges keyChanges,
        List<StrangeSchema> strange)
        implements Serializable {}
