package io.firn.maintain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.actions.BinPackRewriteFilePlanner;
import org.apache.iceberg.actions.RewriteDataFiles;
import org.apache.iceberg.actions.RewritePositionDeleteFiles;
import org.apache.iceberg.actions.SizeBasedFileRewritePlanner;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.SparkSession;

import io.firn.maintain.CompactionStep.How;
import io.firn.table.Causes;
import io.firn.table.Compaction;
import io.firn.table.LakeTable;
import io.firn.table.Unanswered;

/** Has Iceberg rewrite the files that a plan chose, in parts that each are committed at a moment when no run publishes. */
final class Rewrite {
    /** What snapshots of upkeep say of themselves. */
    static final String BY = "firn.maintenance";

    private static final int MOST_PARTITIONS = 20;
    private static final long PART_BYTES = 10L << 30;
    private static final long LEAST_GROUP = 64L << 20;
    private static final long BYTES_A_SECOND_AND_CORE = 20L << 20;

    private final SparkSession spark;
    private final Table table;
    private final long smallFile;
    private Totals totals = new Totals(0, 0, 0, 0, 0, 0);

    /** How a part ended. */
    enum End {
        DONE,
        /** A writer changed files meanwhile, all or some: look again. */
        CONFLICT,
        /** Files, all or some, could not be read or written anew; the log says why. Trying again does not help. */
        FAILED
    }

    /**
     * What was rewritten.
     *
     * @param files data files that were
     * @param bytes of data files and delete files that were
     * @param added data files that took their place
     * @param deleteFiles that were merged or became needless
     * @param conflicts parts that came to nothing, all or some, since a writer was there first
     * @param failed data files that could not be read or written anew
     */
    public record Totals(long files, long bytes, long added, long deleteFiles, int conflicts, long failed) {
        private static final Totals CONFLICT = new Totals(0, 0, 0, 0, 1, 0);

        Totals plus(Totals more) {
            return new Totals(
                    files + more.files,
                    bytes + more.bytes,
                    added + more.added,
                    deleteFiles + more.deleteFiles,
                    conflicts + more.conflicts,
                    failed + more.failed);
        }
    }

    Rewrite(SparkSession spark, LakeTable lake, long smallFile) {
        this.spark = spark;
        this.table = CourteousTable.of(lake);
        this.smallFile = smallFile;
    }

    Totals totals() {
        return totals;
    }

    /** Steps that go together, in order: alike, and not too many at once. */
    static List<List<CompactionStep>> parts(List<CompactionStep> steps) {
        List<List<CompactionStep>> parts = new ArrayList<>();
        List<CompactionStep> part = new ArrayList<>();
        long bytes = 0;
        for (CompactionStep step : steps) {
            boolean other = !part.isEmpty() && part.get(0).how() != step.how();
            if (other || part.size() == MOST_PARTITIONS || (!part.isEmpty() && bytes + step.bytes() > PART_BYTES)) {
                parts.add(part);
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(step);
            bytes += step.bytes();
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        return parts;
    }

    /** Rewrites the files of a part. Throws what keeps its commits from getting in, other than a writer. */
    End run(List<CompactionStep> part) {
        CourteousTable.awaitQuiet(table);
        table.refresh();
        How how = part.get(0).how();
        if (how == How.DROP_DELETES) {
            return dropDeletes();
        }
        Expression where = part.stream()
                .map(step -> PartitionFilter.of(step.of()))
                .reduce(Expressions::or)
                .orElseThrow();
        try {
            Totals done = how == How.MERGE_DELETES ? deletes(where) : data(where, how);
            totals = totals.plus(done);
            return done.failed() > 0 ? End.FAILED : done.conflicts() > 0 ? End.CONFLICT : End.DONE;
        } catch (RuntimeException e) {
            if (!isRivalry(e)) {
                throw e;
            }
            totals = totals.plus(Totals.CONFLICT);
            return End.CONFLICT;
        }
    }

    private Totals data(Expression where, How how) {
        WatchedTable watched = new WatchedTable(table);
        RewriteDataFiles action = SparkActions.get(spark)
                .rewriteDataFiles(watched)
                .snapshotProperty(BY, "compact")
                .filter(where)
                .options(options(how));
        String together = table.properties().get(Compaction.Z_ORDER);
        boolean whole = how == How.Z_ORDER || how == How.REWRITE;
        RewriteDataFiles ordered = whole && together != null
                ? action.zOrder(together.split(","))
                : table.sortOrder().isSorted() ? action.sort() : action.binPack();
        RewriteDataFiles.Result result = ordered.execute();
        for (RuntimeException failure : watched.failures()) {
            if (!isRivalry(failure)) {
                throw failure;
            }
        }
        return new Totals(
                result.rewrittenDataFilesCount(),
                result.rewrittenBytesCount(),
                result.addedDataFilesCount(),
                result.removedDeleteFilesCount(),
                watched.lost() > 0 ? 1 : 0,
                result.failedDataFilesCount());
    }

    private Map<String, String> options(How how) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put(SizeBasedFileRewritePlanner.TARGET_FILE_SIZE_BYTES, "" + CompactionPlan.target(table));
        if (smallFile > 0) {
            options.put(SizeBasedFileRewritePlanner.MIN_FILE_SIZE_BYTES, "" + smallFile);
        }
        options.put(SizeBasedFileRewritePlanner.MIN_INPUT_FILES, "2");
        options.put(SizeBasedFileRewritePlanner.MAX_FILE_GROUP_SIZE_BYTES, "" + groupBytes());
        options.put(BinPackRewriteFilePlanner.DELETE_RATIO_THRESHOLD, "" + CompactionPlan.LEAST_GAIN);
        options.put(RewriteDataFiles.PARTIAL_PROGRESS_ENABLED, "true");
        options.put(RewriteDataFiles.PARTIAL_PROGRESS_MAX_FAILED_COMMITS, "" + Integer.MAX_VALUE);
        if (how == How.CLEAN) {
            options.put(BinPackRewriteFilePlanner.DELETE_FILE_THRESHOLD, "1");
        } else if (how != How.BIN_PACK) {
            options.put(SizeBasedFileRewritePlanner.REWRITE_ALL, "true");
        }
        return options;
    }

    /** All or nothing: of what fails on its way, Iceberg's action only tells then. */
    private Totals deletes(Expression where) {
        RewritePositionDeleteFiles.Result result = SparkActions.get(spark)
                .rewritePositionDeletes(table)
                .snapshotProperty(BY, "compact")
                .filter(where)
                .option(SizeBasedFileRewritePlanner.REWRITE_ALL, "true")
                .execute();
        return new Totals(0, result.rewrittenBytesCount(), 0, result.rewrittenDeleteFilesCount(), 0, 0);
    }

    /** A data file that is gone may come back to main, by a rollback: then its deletes have to be there. */
    private End dropDeletes() {
        try {
            Transaction transaction = LakeTable.allOrNothing(table);
            List<DeleteFile> dangling = TableFiles.dangling(transaction.table());
            if (!dangling.isEmpty()) {
                RewriteFiles replacing = transaction.newRewrite().set(BY, "compact");
                dangling.forEach(replacing::deleteFile);
                replacing.commit();
                transaction.commitTransaction();
            }
            totals = totals.plus(new Totals(0, 0, 0, dangling.size(), 0, 0));
            return End.DONE;
        } catch (CommitFailedException | ValidationException e) {
            totals = totals.plus(Totals.CONFLICT);
            return End.CONFLICT;
        }
    }

    /**
     * So much that a group is rewritten and committed between two commits of those who write: what takes longer meets
     * the next one's deletes, and is done in vain.
     */
    private long groupBytes() {
        Instant hourAgo = Instant.now().minus(Duration.ofHours(1));
        long writes = 0;
        for (Snapshot snapshot : table.snapshots()) {
            boolean own = snapshot.summary().containsKey(BY);
            writes += !own && snapshot.timestampMillis() > hourAgo.toEpochMilli() ? 1 : 0;
        }
        long rate = BYTES_A_SECOND_AND_CORE * spark.sparkContext().defaultParallelism();
        long free = Duration.ofHours(1).toSeconds() / (writes + 1) / 3;
        return Math.max(
                LEAST_GROUP, Math.min(SizeBasedFileRewritePlanner.MAX_FILE_GROUP_SIZE_BYTES_DEFAULT, rate * free));
    }

    private static boolean isRivalry(RuntimeException failure) {
        return Causes.has(failure, CommitFailedException.class, ValidationException.class) || Unanswered.is(failure);
    }
}
