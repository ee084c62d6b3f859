package io.firn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.apache.spark.sql.SparkSession;

import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.Merge;
import io.firn.table.MergePlan.Merged;
import io.firn.table.MergeSessions;
import io.firn.table.OffsetRange;
import io.firn.table.Outcome.Published;
import io.firn.table.Publication;
import io.firn.table.StagedChanges;
import io.firn.table.TableDefinition.WriteMode;
import io.firn.table.TopicLoad;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicState;

/** One way to merge; plain ways are what users write. */
enum MergeSide {
    PLAIN_COPY_ON_WRITE(WriteMode.COPY_ON_WRITE, 2, false),
    PLAIN_MERGE_ON_READ_V2(WriteMode.MERGE_ON_READ, 2, false),
    PLAIN_MERGE_ON_READ_V3(WriteMode.MERGE_ON_READ, 3, false),
    FIRN_MERGE_ON_READ_V2(WriteMode.MERGE_ON_READ, 2, true),
    FIRN_MERGE_ON_READ_V3(WriteMode.MERGE_ON_READ, 3, true);

    final WriteMode mode;
    final int formatVersion;
    final boolean firn;

    MergeSide(WriteMode mode, int formatVersion, boolean firn) {
        this.mode = mode;
        this.formatVersion = formatVersion;
        this.firn = firn;
    }

    /** What a merge took: of the whole, the write step; of that and around it, Firn's own account. */
    record Took(double seconds, double write, double cpu, long read, long written, long files, Merged merged) {}

    Took run(SparkSession spark, MergeSessions sessions, MergeTables tables, LakeTable table, StagedChanges staged) {
        ProcessMeter before = ProcessMeter.now();
        Merged merged = firn ? firn(sessions, table, staged) : plain(spark, table, staged);
        ProcessMeter took = ProcessMeter.now().minus(before);
        Map<String, String> summary = tables.summary(table.name().name());
        long files = 0;
        for (String kind : List.of("added-data-files", "deleted-data-files", "added-delete-files", "added-dvs")) {
            files += Long.parseLong(summary.getOrDefault(kind, "0"));
        }
        double write = merged == null ? took.seconds() : merged.writeSeconds();
        return new Took(took.seconds(), write, took.cpu(), took.read(), took.written(), files, merged);
    }

    private static Merged firn(MergeSessions sessions, LakeTable table, StagedChanges staged) {
        table.refresh();
        TopicState state = table.position("bench").map(p -> p.state()).orElseGet(() -> state(0, 0));
        long from = state.next("bench", 0).orElseThrow();
        TopicLoad load = TopicLoad.after(table.position("bench"), state(from, from + staged.rows()));
        Published published = (Published) new Publication(table, "bench", "run", (files, branch) -> {})
                .publish(load, new Merge(staged, sessions));
        return published.merged();
    }

    private static Merged plain(SparkSession spark, LakeTable table, StagedChanges staged) {
        spark.read()
                .schema(StagedChanges.rowType(staged.columns(), LoadColumns.CHANGE))
                .parquet(staged.path())
                .createOrReplaceTempView("changes");
        List<String> names = new ArrayList<>();
        LoadColumns.CHANGE.after(staged.columns()).forEach(column -> names.add(column.name()));
        spark.sql("MERGE INTO " + table.name().quoted() + " t USING changes s ON t.id = s.id"
                + " WHEN MATCHED AND s.firn_op = 'd' THEN DELETE WHEN MATCHED THEN UPDATE SET "
                + String.join(
                        ", ", names.stream().map(name -> name + " = s." + name).toList())
                + " WHEN NOT MATCHED AND s.firn_op <> 'd' THEN INSERT (" + String.join(", ", names) + ") VALUES (s."
                + String.join(", s.", names) + ")");
        return null;
    }

    private static TopicState state(long from, long to) {
        TopicOffsets offsets = new TopicOffsets("id", new TreeMap<>(Map.of(0, new OffsetRange(from, to))));
        return new TopicState(new TreeMap<>(Map.of("bench", offsets)), 0, null, null);
    }
}
