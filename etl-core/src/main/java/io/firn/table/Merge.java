package io.firn.table;

import static org.apache.spark.sql.functions.broadcast;

import java.util.List;

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
     * The positions of staged rows that cannot be inserted: they do not know all columns, and the table as it is now lacks
     * their key. To be quarantined, and left out of what is merged. The table is read as for the merge.
     */
    public List<String> unmatchedUnavailable(LakeTable table) {
        try (MergeSessions.Lease lease = sessions.take()) {
            SparkSession session = lease.session();
            changes.read(session).createOrReplaceTempView(MergeSql.STAGED);
            StagedKeys staged = StagedKeys.read(table.name(), changes, session, sessions.limits());
            TargetFilter filter = plan(table, SnapshotRef.MAIN_BRANCH, staged).filter();
            filter.install(session);
            Dataset<Row> unsure = changes.read(session)
                    .where(SqlNames.column(StagedChanges.UNAVAILABLE).isNotNull())
                    .where(SqlNames.column(LoadColumns.OP).notEqual("d"));
            Column[] keys = changes.keys().stream().map(SqlNames::column).toArray(Column[]::new);
            // The target goes by the few staged keys, unshuffled; what it holds of them is few again.
            Dataset<Row> known = session.sql(
                            "SELECT * FROM " + table.name().quoted() + " AS target WHERE true" + filter.sql("target"))
                    .select(keys)
                    .join(broadcast(unsure.select(keys)), names(), "leftsemi");
            return unsure.join(known, names(), "leftanti").select(LoadColumns.POSITION).collectAsList().stream()
                    .map(row -> row.getString(0))
                    .toList();
        }
    }

    private String[] names() {
        return changes.keys().toArray(String[]::new);
    }
}
