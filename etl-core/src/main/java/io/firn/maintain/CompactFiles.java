package io.firn.maintain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.Maintained.Status;
import io.firn.table.LakeTable;
import io.firn.table.TableException;

/**
 * Rewrites small files, files many of whose rows are gone, files out of order and scattered delete files, where
 * {@link CompactionPlan} finds it worth it, the most gain for each byte first.
 *
 * @param extent what is looked at
 * @param maxBytes bytes to rewrite at most; null: no limit
 * @param maxDuration after which no further part is begun; null: no limit
 */
public record CompactFiles(Extent extent, Long maxBytes, Duration maxDuration) implements Verb {
    private static final Logger LOG = LoggerFactory.getLogger(CompactFiles.class);
    private static final int MOST_TRIES = 5;

    /** Which files are rewritten. */
    public enum Extent {
        /** Those that it is worth rewriting. */
        WORTH_IT,
        /** All, so that they follow what the table says now: partitioning, order, codec, format. */
        ALL
    }

    /** What is worth it, without limits. */
    public static CompactFiles all() {
        return new CompactFiles(Extent.WORTH_IT, null, null);
    }

    @Override
    public String name() {
        return "compact";
    }

    @Override
    public Compacted run(SparkSession spark, LakeTable table, Execution execution) {
        return run(spark, table, execution, Clock.systemUTC());
    }

    /** @param clock by which a table is being written or rests */
    Compacted run(SparkSession spark, LakeTable table, Execution execution, Clock clock) {
        Instant end = maxDuration == null ? Instant.MAX : Instant.now().plus(maxDuration);
        table.refresh();
        TableFiles files = TableFiles.of(table.table());
        CompactionPlan plan =
                extent == Extent.ALL ? CompactionPlan.all(files) : CompactionPlan.of(files, clock.instant());
        ScanCost before = cost(files);
        List<CompactionStep> chosen = withinBudget(plan.steps(), 0);
        if (execution == Execution.DRY_RUN || chosen.isEmpty()) {
            return Compacted.planned(plan, chosen, before);
        }
        Rewrite rewrite = new Rewrite(spark, table, plan.smallFile());
        Set<CompactionStep> left = new HashSet<>(plan.steps());
        List<CompactionStep> done = new ArrayList<>();
        for (int tries = 0; !chosen.isEmpty() && tries < MOST_TRIES; tries++) {
            Set<String> conflicts = new HashSet<>();
            for (List<CompactionStep> part : Rewrite.parts(chosen)) {
                if (Instant.now().isAfter(end)) {
                    break;
                }
                LOG.info("firn compact {}: {}", table.name(), Compacted.line(part));
                switch (rewrite.run(part)) {
                    case DONE -> {
                        done.addAll(part);
                        left.removeAll(part);
                    }
                    case CONFLICT -> part.forEach(step -> conflicts.add(step.partition()));
                    case FAILED -> {}
                }
            }
            if (conflicts.isEmpty() || Instant.now().isAfter(end)) {
                break;
            }
            // Only what met a writer is looked at and tried again; its files may have changed.
            table.refresh();
            List<CompactionStep> again = (extent == Extent.ALL
                            ? plan
                            : CompactionPlan.of(TableFiles.of(table.table()), clock.instant()))
                    .steps().stream()
                            .filter(step -> conflicts.contains(step.partition()))
                            .toList();
            left.removeIf(step -> conflicts.contains(step.partition()));
            left.addAll(again);
            chosen = withinBudget(again, rewrite.totals().bytes());
        }
        table.refresh();
        TableFiles kept = TableFiles.of(table.table());
        // Files that were rewritten leave deletes behind, which no scan opens.
        if (kept.danglingDeletes() > 0) {
            List<CompactionStep> behind = List.of(CompactionPlan.dropDeletes(kept));
            if (rewrite.run(behind) == Rewrite.End.DONE) {
                done.addAll(behind);
            } else {
                left.addAll(behind);
            }
        }
        if (rewrite.totals().failed() > 0) {
            throw new TableException("Table " + table.name() + ": "
                    + rewrite.totals().failed() + " data files could not be read or written anew and are as they were;"
                    + " the log says why (Failure during rewrite group). The rest went on. Put right what keeps these"
                    + " from it, then run again.");
        }
        LOG.info("firn compact {}: done", table.name());
        return new Compacted(
                left.isEmpty() ? Status.DONE : Status.PARTLY,
                done,
                List.copyOf(left),
                plan.hot(),
                rewrite.totals(),
                before,
                cost(kept));
    }

    private List<CompactionStep> withinBudget(List<CompactionStep> steps, long used) {
        if (maxBytes == null) {
            return steps;
        }
        List<CompactionStep> chosen = new ArrayList<>();
        long bytes = used;
        for (CompactionStep step : steps) {
            if (bytes + step.bytes() <= maxBytes) {
                chosen.add(step);
                bytes += step.bytes();
            }
        }
        return chosen;
    }

    private static ScanCost cost(TableFiles files) {
        return files.partitions().stream().map(PartitionFiles::cost).reduce(ScanCost.NONE, ScanCost::plus);
    }
}
