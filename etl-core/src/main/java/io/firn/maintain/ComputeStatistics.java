package io.firn.maintain;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.Maintained.Status;
import io.firn.table.LakeTable;

/**
 * Counts the distinct values of the table's columns, which planners of joins ask for, once a tenth of its rows have
 * changed since they were last counted. Reads the table; Firn's own columns are left out.
 */
public record ComputeStatistics() implements Verb {
    private static final Logger LOG = LoggerFactory.getLogger(ComputeStatistics.class);
    private static final double CHANGED = 0.1;
    private static final String OWN = "firn_";

    /**
     * What was counted.
     *
     * @param columns whose distinct values were, or would be
     * @param rows that the table says it holds
     * @param file that holds the result; null: nothing was written
     */
    public record Result(Status status, int columns, long rows, String file) implements Maintained {
        @Override
        @JsonIgnore
        public String summary() {
            return switch (status) {
                case NOTHING_TO_DO -> "too little has changed since distinct values were counted";
                case PLANNED -> "would count the distinct values of %,d columns in %,d rows".formatted(columns, rows);
                default -> "counted the distinct values of %,d columns in %,d rows".formatted(columns, rows);
            };
        }
    }

    @Override
    public String name() {
        return "compute-statistics";
    }

    @Override
    public Result run(SparkSession spark, LakeTable lake, Execution execution) {
        Table table = CourteousTable.of(lake);
        table.refresh();
        Snapshot current = table.currentSnapshot();
        List<String> columns = table.schema().columns().stream()
                .filter(column ->
                        column.type().isPrimitiveType() && !column.name().startsWith(OWN))
                .map(NestedField::name)
                .toList();
        if (current == null || columns.isEmpty() || rows(current) == 0 || changed(table, current) < CHANGED) {
            return new Result(Status.NOTHING_TO_DO, 0, current == null ? 0 : rows(current), null);
        }
        if (execution == Execution.DRY_RUN) {
            return new Result(Status.PLANNED, columns.size(), rows(current), null);
        }
        LOG.info("firn compute-statistics {}: {} columns", lake.name(), columns.size());
        StatisticsFile file = SparkActions.get(spark)
                .computeTableStats(table)
                .columns(columns.toArray(String[]::new))
                .snapshot(current.snapshotId())
                .execute()
                .statisticsFile();
        LOG.info("firn compute-statistics {}: done", lake.name());
        return new Result(Status.DONE, columns.size(), rows(current), file == null ? null : file.path());
    }

    /** The share of rows that came or went since the last count; 1: they were never counted, or it is forgotten when. */
    private static double changed(Table table, Snapshot current) {
        List<Long> counted =
                table.statisticsFiles().stream().map(StatisticsFile::snapshotId).toList();
        long changed = 0;
        Snapshot at = current;
        while (at != null && !counted.contains(at.snapshotId())) {
            // Upkeep writes rows anew and changes none.
            if (!"replace".equals(at.operation())) {
                changed += number(at, "added-records") + number(at, "added-position-deletes");
            }
            at = at.parentId() == null ? null : table.snapshot(at.parentId());
        }
        return at == null ? 1 : (double) changed / Math.max(1, rows(current));
    }

    private static long rows(Snapshot snapshot) {
        return number(snapshot, "total-records");
    }

    private static long number(Snapshot snapshot, String key) {
        Map<String, String> summary = snapshot.summary();
        return Long.parseLong(summary.getOrDefault(key, "0"));
    }
}
