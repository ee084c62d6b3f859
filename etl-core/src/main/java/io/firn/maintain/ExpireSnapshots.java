package io.firn.maintain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.Maintained.Status;
import io.firn.table.LakeTable;

/**
 * Forgets states of a table that were replaced longer ago than its retention says, and deletes the files that only they
 * held: what was current at any time since stays, however old it was by then, since a query may still read it. Branches
 * and tags stay, as Iceberg keeps them. A tag {@code consumer-...} says how far a reader of changes has come: what came
 * after it stays too, since that reader reads it state by state (design: Safety of maintenance).
 */
public record ExpireSnapshots() implements Verb {
    /** How tags of readers begin. */
    public static final String CONSUMER = "consumer-";

    private static final Logger LOG = LoggerFactory.getLogger(ExpireSnapshots.class);
    private static final Duration AGE = Duration.ofDays(5);

    @Override
    public String name() {
        return "expire-snapshots";
    }

    @Override
    public SnapshotsExpired run(SparkSession spark, LakeTable lake, Execution execution) {
        lake.refresh();
        Table table = CourteousTable.of(lake);
        Map<String, String> properties = table.properties();
        int least = PropertyUtil.propertyAsInt(properties, "history.expire.min-snapshots-to-keep", 1);
        if (!PropertyUtil.propertyAsBoolean(properties, "gc.enabled", true)) {
            return SnapshotsExpired.refused("the table's property gc.enabled is false: its files may belong to another"
                    + " table too. Set it to true once they do not");
        }
        Instant before = Instant.now()
                .minusMillis(
                        PropertyUtil.propertyAsLong(properties, "history.expire.max-snapshot-age-ms", AGE.toMillis()));
        before = oldestReadSince(before, table);
        String heldBy = null;
        for (Map.Entry<String, SnapshotRef> ref : table.refs().entrySet()) {
            Snapshot at = table.snapshot(ref.getValue().snapshotId());
            if (ref.getKey().startsWith(CONSUMER) && at != null && at.timestampMillis() < before.toEpochMilli()) {
                before = Instant.ofEpochMilli(at.timestampMillis());
                heldBy = ref.getKey();
            }
        }
        List<Snapshot> expired = table.expireSnapshots()
                .expireOlderThan(before.toEpochMilli())
                .retainLast(least)
                .apply();
        int kept = count(table) - expired.size();
        if (expired.isEmpty() || execution == Execution.DRY_RUN) {
            Status status = expired.isEmpty() ? Status.NOTHING_TO_DO : Status.PLANNED;
            return new SnapshotsExpired(status, expired.size(), kept, before, heldBy, 0, 0, 0, null);
        }
        LOG.info("firn expire-snapshots {}: {} snapshots before {}", lake.name(), expired.size(), before);
        org.apache.iceberg.actions.ExpireSnapshots.Result result = SparkActions.get(spark)
                .expireSnapshots(table)
                .expireOlderThan(before.toEpochMilli())
                .retainLast(least)
                .execute();
        LOG.info("firn expire-snapshots {}: done", lake.name());
        lake.refresh();
        return new SnapshotsExpired(
                Status.DONE,
                expired.size(),
                count(lake.table()),
                before,
                heldBy,
                result.deletedDataFilesCount(),
                result.deletedPositionDeleteFilesCount() + result.deletedEqualityDeleteFilesCount(),
                result.deletedManifestsCount() + result.deletedManifestListsCount(),
                null);
    }

    /** When the oldest state was made that was current at any time since; a rollback makes an old one current again. */
    private static Instant oldestReadSince(Instant since, Table table) {
        long atFirst = Long.MAX_VALUE;
        long later = since.toEpochMilli();
        for (HistoryEntry entry : table.history()) {
            Snapshot current = table.snapshot(entry.snapshotId());
            long made = current == null ? Long.MAX_VALUE : current.timestampMillis();
            if (entry.timestampMillis() <= since.toEpochMilli()) {
                atFirst = made;
            } else {
                later = Math.min(later, made);
            }
        }
        return Instant.ofEpochMilli(Math.min(atFirst, later));
    }

    private static int count(Table table) {
        int count = 0;
        for (Snapshot unused : table.snapshots()) {
            count++;
        }
        return count;
    }
}
