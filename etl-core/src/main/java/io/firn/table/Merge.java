package io.firn.table;

import static org.apache.spark.sql.functions.broadcast;

import org.apache.iceberg.SnapshotRef;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Merges staged changes into a table by MERGE INTO. */
public record Merge(StagedChanges changes, MergeSessions sessions) implements Write {

    /** How the table as it is now would be read for these changes, and what of it they touch. */
    public MergePlan plan(LakeTable table) {
        try (MergeSessions.Lease lease = sessions.take()) {
            changes.read(lease.session()).createOrReplaceTempView(MergeSql.STAGED);
            StagedKeys staged = StagedKeys.read(table.name(), changes, lease.session(), sessions.limits());
            return plan(table, SnapshotRef.MAIN_BRANCH, staged).plan();
        }
    }

    MergePlanner.Planned plan(LakeTable table, String branch, StagedKeys staged) {
        return new MergePlanner(table, branch, changes, sessions.limits()).plan(staged);
    }

    /**
     * The staged rows that cannot be inserted: they do not know all columns, and the table as it is now lacks their
     * key. To be quarantined, and left out of what is merged.
     */
    public Dataset<Row> unmatchedUnavailable(LakeTable table) {
        SparkSession spark = sessions.parent();
        Dataset<Row> unsure = changes.read(spark)
                .where(SqlNames.column(StagedChanges.UNAVAILABLE).isNotNull())
                .where(SqlNames.column(LoadColumns.OP).notEqual("d"));
        Column[] keys = changes.keys().stream().map(SqlNames::column).toArray(Column[]::new);
        // The target goes by the few staged keys, unshuffled; what it holds of them is few again.
        Dataset<Row> known = spark.table(table.name().quoted())
                .select(keys)
                .join(broadcast(unsure.select(keys)), names(), "leftsemi");
        return unsure.join(known, names(), "leftanti").select(SqlNames.columns(unsure.columns()));
    }

    private String[] names() {
        return changes.keys().toArray(String[]::new);
    }
}
