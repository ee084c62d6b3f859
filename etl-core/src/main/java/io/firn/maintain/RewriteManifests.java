package io.firn.maintain;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.Maintained.Status;
import io.firn.table.FileSize;
import io.firn.table.LakeTable;

/** Joins small manifests and puts their entries in the order of partitions, so that queries plan with fewer of them. */
public record RewriteManifests() implements Verb {
    private static final Logger LOG = LoggerFactory.getLogger(RewriteManifests.class);

    /** Fewer are read at once. */
    private static final int FEW = 10;

    private static final int MOST_TRIES = 5;

    /**
     * What became of manifests.
     *
     * @param before how many the current snapshot had
     * @param after how many it has, or would have
     * @param rewritten how many were, or would be
     * @param bytes of those
     */
    public record Result(Status status, int before, int after, int rewritten, long bytes) implements Maintained {
        @Override
        @JsonIgnore
        public String summary() {
            return switch (status) {
                case NOTHING_TO_DO -> "%,d manifests are as they should be".formatted(before);
                case PLANNED ->
                    "would join %,d manifests of %,d, %s, into about %,d"
                            .formatted(rewritten, before, FileSize.text(bytes), after - (before - rewritten));
                case PARTLY -> "writers kept changing the manifests; the next run goes on";
                default ->
                    "joined %,d manifests of %,d, %s; there are %,d now"
                            .formatted(rewritten, before, FileSize.text(bytes), after);
            };
        }
    }

    @Override
    public String name() {
        return "rewrite-manifests";
    }

    @Override
    public Result run(SparkSession spark, LakeTable lake, Execution execution) {
        Table table = CourteousTable.of(lake);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            table.refresh();
            Snapshot current = table.currentSnapshot();
            List<ManifestFile> all = current == null ? List.of() : current.allManifests(table.io());
            List<ManifestFile> small = all.stream()
                    .filter(manifest -> HistoryHealth.isSmall(manifest, table))
                    .toList();
            long bytes = small.stream().mapToLong(ManifestFile::length).sum();
            long target = HistoryHealth.manifestTarget(table);
            int joined = (int) ((bytes + target - 1) / target);
            if (small.size() < FEW || small.size() < 2 * joined) {
                return new Result(Status.NOTHING_TO_DO, all.size(), all.size(), 0, 0);
            }
            if (execution == Execution.DRY_RUN) {
                return new Result(Status.PLANNED, all.size(), all.size() - small.size() + joined, small.size(), bytes);
            }
            LOG.info("firn rewrite-manifests {}: {} of {}", lake.name(), small.size(), all.size());
            try {
                SparkActions.get(spark)
                        .rewriteManifests(table)
                        .snapshotProperty(Rewrite.BY, name())
                        .rewriteIf(manifest -> HistoryHealth.isSmall(manifest, table))
                        .execute();
            } catch (CommitFailedException | ValidationException e) {
                LOG.info("firn rewrite-manifests {}: once more, {}", lake.name(), e.getMessage());
                continue;
            }
            table.refresh();
            LOG.info("firn rewrite-manifests {}: done", lake.name());
            int after = table.currentSnapshot().allManifests(table.io()).size();
            return new Result(Status.DONE, all.size(), after, small.size(), bytes);
        }
        return new Result(Status.PARTLY, 0, 0, 0, 0);
    }
}
