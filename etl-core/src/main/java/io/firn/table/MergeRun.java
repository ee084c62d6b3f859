package io.firn.table;

import java.util.Map;

import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.table.MergePlan.Merged;
import io.firn.table.MergePlanner.Planned;
import io.firn.table.PublishAttempt.Unplanned;

/** One merge into a branch, in a session of its own. */
final class MergeRun {
    private static final String SUMMARY = "spark.sql.iceberg.snapshot-property.";
    private static final String VECTORIZED = "spark.sql.iceberg.vectorization.enabled";
    /** So many staged rows are sent to every task, so that the target is read without a shuffle. */
    private static final long SENT_TO_EVERY_TASK = 1_000_000;

    private final LakeTable lake;
    private final StagedChanges changes;
    private final String branch;
    private final SparkSession session;
    private final MergeSql sql;
    private final Planned planned;
    private final Counts staged;
    private final long started = System.nanoTime();
    private double writeSeconds;

    /** What is staged: rows, those that are to be in the target afterwards, and those of them that do not know all. */
    private record Counts(long rows, long kept, long partial) {}

    MergeRun(LakeTable lake, Merge merge, String branch, SparkSession session) {
        this.lake = lake;
        this.changes = merge.changes();
        this.branch = branch;
        refuseLooseIsolation(lake);
        this.session = session;
        changes.read(session).createOrReplaceTempView(MergeSql.STAGED);
        this.planned = merge.plan(lake, session);
        planned.filter().install(session);
        this.sql = new MergeSql(changes, lake.name().branch(branch), planned.filter());
        this.staged = count();
    }

    /** Leaves the branch with one snapshot that has this summary; below it may lie one that deleted old rows. */
    void write(Map<String, String> summary) {
        change(summary);
        writeSeconds = (System.nanoTime() - started) / 1e9;
    }

    private void change(Map<String, String> summary) {
        LakeTable.LOG.info("firn merge {}: {}", lake.name(), planned.plan());
        if (changes.floor() != null) {
            session.sql(sql.deleteBelowFloor());
        }
        if (staged.rows == 0) {
            mark(summary);
            return;
        }
        // Vectorized reads of v3's row lineage leak direct memory; only this session is slowed down.
        session.conf().set(VECTORIZED, TableUtil.formatVersion(lake.table()) < 3);
        summary.forEach((key, value) -> session.conf().set(SUMMARY + key, value));
        try {
            session.sql(sql.merge());
        } finally {
            summary.keySet().forEach(key -> session.conf().unset(SUMMARY + key));
            session.conf().unset(VECTORIZED);
        }
    }

    /** Holds the branch against what is staged. */
    Merged audit() throws Unplanned {
        long start = System.nanoTime();
        if (changes.floor() != null) {
            long left = session.sql(sql.countBelowFloor()).first().getLong(0);
            check(left == 0, left + " rows older than " + changes.floor() + " are left");
        }
        if (staged.rows == 0) {
            return new Merged(planned.plan(), 0, 0, writeSeconds, 0);
        }
        Row found =
                session.sql(sql.countMerged(staged.rows <= SENT_TO_EVERY_TASK)).first();
        long rows = found.getLong(0);
        long keys = found.getLong(1);
        long older = found.getLong(2);
        long applied = found.getLong(3);
        long deleted = staged.rows - staged.kept;
        long keptOfDeleted = found.getLong(4);
        long missing = staged.kept - keys;
        check(older == 0, older + " rows are older than the changes that were merged into them");
        check(rows == keys, (rows - keys) + " rows have a key that another row has too");
        if (missing > 0 && missing <= staged.partial) {
            throw new Unplanned(missing + " changes do not know all columns, and table " + lake.name()
                    + " lost the rows that they belong to while they were staged");
        }
        check(missing == 0, missing + " of " + staged.kept + " staged rows are missing");
        return new Merged(
                planned.plan(),
                applied + deleted - keptOfDeleted,
                rows - applied + keptOfDeleted,
                writeSeconds,
                (System.nanoTime() - start) / 1e9);
    }

    private Counts count() {
        if (changes.rows() == 0) {
            return new Counts(0, 0, 0);
        }
        Row counted = session.sql(sql.countStaged()).first();
        long rows = counted.getLong(0);
        long keys = counted.getLong(1);
        if (rows != changes.rows() || keys != rows) {
            throw new TableException("The changes staged for table " + lake.name() + " are not one row per key: "
                    + changes.rows() + " rows were to be staged, " + rows + " rows of " + keys
                    + " keys without null are there. Nothing was published; this is a defect of Firn.");
        }
        return new Counts(rows, counted.getLong(2), counted.getLong(3));
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
}
