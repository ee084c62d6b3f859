package io.firn.table;

import java.util.HashMap;
import java.util.Map;

import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.catalog.Identifier;
import org.apache.spark.sql.connector.catalog.TableCatalog;

import io.firn.table.MergePlan.Filter;
import io.firn.table.MergePlan.Merged;
import io.firn.table.MergePlanner.Planned;
import io.firn.table.PublishAttempt.Unplanned;
import io.firn.table.StagedChanges.Deletes;

/** One merge into a branch, in a session of its own. */
final class MergeRun {
    private static final String SUMMARY = "spark.sql.iceberg.snapshot-property.";
    private static final String VECTORIZED = "spark.sql.iceberg.vectorization.enabled";
    /** The target stays where it is, and the changes go to its buckets. */
    private static final Map<String, String> BY_BUCKET = Map.of(
            "spark.sql.iceberg.planning.preserve-data-grouping", "true",
            "spark.sql.sources.v2.bucketing.enabled", "true",
            "spark.sql.sources.v2.bucketing.pushPartValues.enabled", "true",
            "spark.sql.sources.v2.bucketing.shuffle.enabled", "true",
            "spark.sql.requireAllClusterKeysForCoPartition", "false");

    private final LakeTable lake;
    private final StagedChanges changes;
    private final String branch;
    private final SparkSession session;
    private final MergeSql sql;
    private final Planned planned;
    private final StagedKeys staged;
    private final boolean newest;
    private final long started = System.nanoTime();
    private double writeSeconds;

    /** Plans and counts; what is staged and the filter are known to the session then. */
    MergeRun(LakeTable lake, Merge merge, String branch, SparkSession session) {
        refuseLooseIsolation(lake);
        this.lake = lake;
        this.changes = merge.changes();
        refuseRequiredColumns();
        this.branch = branch;
        this.session = session;
        changes.read(session).createOrReplaceTempView(MergeSql.STAGED);
        this.staged =
                StagedKeys.read(lake.name(), changes, session, merge.sessions().limits());
        this.planned = merge.plan(lake, branch, staged);
        planned.filter().install(session);
        this.sql = new MergeSql(changes, lake.name().branch(branch), planned.filter());
        this.newest = staged.first() != null
                && planned.newest() != null
                && staged.first().compareTo(planned.newest()) > 0;
        LakeTable.LOG.info("firn merge {}: {}", lake.name(), planned.plan());
    }

    /** Leaves the branch with one snapshot that has this summary; below it may lie one that deleted old rows. */
    void write(Map<String, String> summary) {
        if (changes.floor() != null && hasRows()) {
            session.sql(sql.deleteBelowFloor());
        }
        if (changes.rows() == 0) {
            mark(summary);
        } else {
            merge(summary);
        }
        writeSeconds = seconds(started);
    }

    private boolean hasRows() {
        Snapshot before = lake.table().snapshot(branch);
        return before == null || !"0".equals(before.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP));
    }

    /** What Spark's catalog really says when it is asked for the target. */
    String whyUnreadable() {
        TableName name = lake.name();
        try {
            TableCatalog catalog = (TableCatalog) ((org.apache.spark.sql.classic.SparkSession) session)
                    .sessionState()
                    .catalogManager()
                    .catalog(name.catalog());
            var unused = catalog.loadTable(Identifier.of(name.namespace().toArray(String[]::new), name.name()));
            return "it can read the table";
        } catch (Exception e) {
            return e.getCause() == null
                    ? e.getMessage()
                    : e.getMessage() + ": " + e.getCause().getMessage();
        }
    }

    private void merge(Map<String, String> summary) {
        Map<String, String> settings = new HashMap<>();
        // Where Iceberg's own readers are used: by vectors, v3's row lineage leaks direct memory.
        settings.put(VECTORIZED, String.valueOf(TableUtil.formatVersion(lake.table()) < 3));
        if (planned.plan().filter() == Filter.BUCKETS) {
            settings.putAll(BY_BUCKET);
        }
        summary.forEach((key, value) -> settings.put(SUMMARY + key, value));
        settings.forEach(session.conf()::set);
        try {
            session.sql(sql.merge(newest));
        } finally {
            settings.keySet().forEach(session.conf()::unset);
        }
    }

    /** Holds the branch against what is staged. */
    Merged audit() throws Unplanned {
        long start = System.nanoTime();
        if (changes.floor() != null) {
            long left = session.sql(sql.countBelowFloor()).first().getLong(0);
            check(left == 0, left + " rows older than " + changes.floor() + " are left");
        }
        long stale = changes.rows() == 0 ? 0 : newest ? auditNewest() : auditAny();
        return new Merged(planned.plan(), changes.rows() - stale, stale, writeSeconds, seconds(start));
    }

    /** Every staged row had to go in: one row of each key stays, and it is the staged one. Few positions are read. */
    private long auditNewest() throws Unplanned {
        Row merged = session.sql(sql.countFrom(staged.first())).first();
        checkKeys(merged.getLong(0), merged.getLong(1));
        long rows = session.sql(sql.countKeys()).first().getLong(0);
        check(rows == staged.staying(), (rows - staged.staying()) + " rows are left that were to go or to be replaced");
        return 0;
    }

    private long auditAny() throws Unplanned {
        Row merged = session.sql(sql.countMerged()).first();
        long rows = merged.getLong(0);
        long older = merged.getLong(2);
        long applied = merged.getLong(3);
        long newerThanDeletes = merged.getLong(4);
        check(older == 0, older + " rows are older than the changes that were merged into them");
        checkKeys(rows, merged.getLong(1));
        return rows - applied + newerThanDeletes;
    }

    private void checkKeys(long rows, long keys) throws Unplanned {
        long missing = staged.staying() - keys;
        if (missing > 0 && missing <= staged.partial()) {
            throw new Unplanned(missing + " changes do not know all columns, and table " + lake.name()
                    + " lacks the rows that they belong to");
        }
        check(missing == 0, missing + " of " + staged.staying() + " staged rows are missing");
        check(rows == keys, (rows - keys) + " rows have a key that another row has too");
    }

    /** The summary goes on a snapshot even where nothing is merged. */
    private void mark(Map<String, String> summary) {
        Table table = lake.table();
        table.refresh();
        AppendFiles nothing = table.newFastAppend();
        summary.forEach(nothing::set);
        nothing.toBranch(branch).commit();
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new TableException("Table " + lake.name() + " would not hold what was staged: " + otherwise
                    + ". Nothing was published. If its rows were changed by other means than this pipeline, load the"
                    + " table anew; else this is a defect of Firn.");
        }
    }

    /** A row that is deleted before it was ever seen is kept as its key alone. */
    private void refuseRequiredColumns() {
        if (changes.deletes() == Deletes.HARD) {
            return;
        }
        for (NestedField field : lake.table().schema().columns()) {
            if (field.isRequired() && !changes.keys().contains(field.name())) {
                throw new TableException(
                        "Table " + lake.name() + " keeps deleted rows, of some of which only the key is"
                                + " known, and requires column " + field.name()
                                + ". Nothing was merged; make the column optional.");
            }
        }
    }

    private static void refuseLooseIsolation(LakeTable lake) {
        for (String what : new String[] {"merge", "delete", "update"}) {
            String property = TableLayout.isolationOf(what);
            String isolation = lake.table().properties().getOrDefault(property, TableLayout.SERIALIZABLE);
            if (!isolation.equals(TableLayout.SERIALIZABLE)) {
                throw new TableException("Table " + lake.name() + " says " + property + " = " + isolation
                        + ", under which two merges at once can both add a row of the same key. Nothing was merged;"
                        + " unset the property.");
            }
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
