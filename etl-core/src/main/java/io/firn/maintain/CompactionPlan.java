package io.firn.maintain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.util.PropertyUtil;

import io.firn.maintain.CompactionStep.How;

/**
 * What compaction is worth doing to a table, the most gain for each byte rewritten first. A rewrite is worth it when ten
 * full scans are spared as much as is rewritten.
 *
 * @param steps in the order in which they are done
 * @param hot partitions that would be worth it and are still being written; they are left until they cool, or until
 *     a hundred files wait
 * @param smallFile below that size a file is small: to open it costs as much as a tenth of the table's size read
 */
public record CompactionPlan(List<CompactionStep> steps, List<String> hot, long smallFile) {
    static final double LEAST_GAIN = 0.1;
    private static final double LEAST_ORDERING_GAIN = 0.2;
    private static final long TARGET = 512L * 1024 * 1024;
    private static final Duration COOLS_IN = Duration.ofHours(1);
    private static final int HOT_WRITES = 3;
    private static final int PAUSES = 10;
    private static final int HOT_FILES = 100;

    static CompactionPlan of(TableFiles files, Instant now) {
        long target = target(files.table());
        long smallFile = Math.round(files.open() / (LEAST_GAIN + (double) files.open() / target));
        Judge judge = new Judge(files, target, smallFile, quiet(files.table(), now));
        List<CompactionStep> steps = new ArrayList<>();
        List<String> hot = new ArrayList<>();
        Optional<PartitionFiles> newest = hot(files, now);
        for (PartitionFiles partition : files.partitions()) {
            List<CompactionStep> worth = judge.steps(partition);
            boolean few = worth.stream().mapToLong(CompactionStep::files).sum() < HOT_FILES;
            if (!worth.isEmpty() && few && newest.isPresent() && newest.get() == partition) {
                hot.add(partition.path());
            } else {
                steps.addAll(worth);
            }
        }
        if (files.danglingDeletes() > 0) {
            steps.add(dropDeletes(files));
        }
        steps.sort(Comparator.comparingDouble(CompactionStep::perByte).reversed());
        return new CompactionPlan(List.copyOf(steps), hot.stream().sorted().toList(), smallFile);
    }

    /** All files are written anew, whatever it gains. */
    static CompactionPlan all(TableFiles files) {
        Judge judge = new Judge(files, target(files.table()), 0, 0);
        List<CompactionStep> steps = files.partitions().stream()
                .filter(partition -> !partition.files().isEmpty())
                .map(judge::all)
                .sorted(Comparator.comparing(CompactionStep::partition))
                .toList();
        return new CompactionPlan(steps, List.of(), 0);
    }

    /** How large files are to become. */
    static long target(Table table) {
        return PropertyUtil.propertyAsLong(table.properties(), "write.target-file-size-bytes", TARGET);
    }

    /**
     * The last commit before the table came to rest: it has been as quiet as ten of its usual pauses are long. What lost
     * rows by then will stay as clean as it is made; 0: it does not rest.
     */
    private static long quiet(Table table, Instant now) {
        List<Snapshot> writes = new ArrayList<>();
        for (Snapshot snapshot : table.snapshots()) {
            if (!snapshot.summary().containsKey(Rewrite.BY)) {
                writes.add(snapshot);
            }
        }
        writes.sort(Comparator.comparingLong(Snapshot::timestampMillis));
        List<Snapshot> latest = writes.subList(Math.max(0, writes.size() - PAUSES - 1), writes.size());
        if (latest.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long last = latest.get(latest.size() - 1).timestampMillis();
        long pauses = last - latest.get(0).timestampMillis();
        boolean rests = latest.size() > 1 && now.toEpochMilli() - last > pauses * PAUSES / (latest.size() - 1);
        return rests ? latest.get(latest.size() - 1).sequenceNumber() : 0;
    }

    /**
     * The latest partition in time, while several commits an hour still write to it: it will rest soon, and what is
     * rewritten before has to be rewritten again. It waits no longer than its small files are few.
     */
    private static Optional<PartitionFiles> hot(TableFiles files, Instant now) {
        long before = now.minus(COOLS_IN).toEpochMilli();
        long since = 0;
        for (Snapshot snapshot : files.table().snapshots()) {
            if (snapshot.timestampMillis() < before) {
                since = Math.max(since, snapshot.sequenceNumber());
            }
        }
        long last = since;
        return files.partitions().stream()
                .filter(partition -> partition.time().isPresent())
                .max(Comparator.comparingLong(partition -> partition.time().getAsLong()))
                .filter(partition -> partition.writesAfter(last) >= HOT_WRITES);
    }

    /** What compaction leaves of deletes: no reader opens them, every plan reads of them. */
    static CompactionStep dropDeletes(TableFiles files) {
        String why = "%,d delete files of data files that are gone".formatted(files.danglingDeletes());
        return new CompactionStep(
                "",
                How.DROP_DELETES,
                why,
                files.danglingDeletes(),
                0,
                ScanCost.NONE,
                ScanCost.NONE,
                files.danglingBytes(),
                null);
    }

    /** Weighs what can be done to a partition. */
    private record Judge(TableFiles table, long target, long smallFile, long quiet) {

        List<CompactionStep> steps(PartitionFiles partition) {
            Optional<CompactionStep> ordering = ordering(partition);
            if (ordering.isPresent()) {
                return List.of(ordering.get());
            }
            List<CompactionStep> steps = new ArrayList<>();
            List<FileFacts> small =
                    partition.files().stream().filter(this::isSmall).toList();
            boolean rests = partition.files().stream().allMatch(file -> file.lastDelete() <= quiet);
            // What compaction made small does not become larger by doing it again.
            boolean joinable = small.size() > 1 && small.stream().anyMatch(file -> !file.rewritten());
            Map<Boolean, List<FileFacts>> chosen = partition.files().stream()
                    .collect(Collectors.partitioningBy(file -> (isSmall(file) && joinable)
                            || file.deletedShare() >= LEAST_GAIN
                            || (rests && file.deleteFiles() > 0)));
            binPack(partition, chosen.get(true), rests ? How.CLEAN : How.BIN_PACK)
                    .ifPresent(steps::add);
            mergeDeletes(partition, steps.isEmpty() ? partition.files() : chosen.get(false))
                    .ifPresent(steps::add);
            return steps;
        }

        CompactionStep all(PartitionFiles partition) {
            ScanCost before = partition.cost();
            return new CompactionStep(
                    partition.path(),
                    How.REWRITE,
                    "asked for",
                    partition.files().size(),
                    before.bytes(),
                    before,
                    packed(partition.files()),
                    0,
                    partition);
        }

        private boolean isSmall(FileFacts file) {
            return file.bytes() < smallFile;
        }

        private Optional<CompactionStep> binPack(PartitionFiles partition, List<FileFacts> chosen, How rewrite) {
            ScanCost before = partition.cost();
            ScanCost old = ScanCost.of(chosen, table.open());
            ScanCost after = before.minus(old).plus(packed(chosen));
            long small = chosen.stream().filter(this::isSmall).count();
            long deleted = chosen.stream().mapToLong(FileFacts::deletedRows).sum();
            String why = small + " small files" + (deleted == 0 ? "" : ", %,d deleted rows".formatted(deleted));
            boolean dirty = chosen.stream().anyMatch(file -> file.deleteFiles() > 0);
            How how = dirty ? rewrite : How.BIN_PACK;
            return worth(new CompactionStep(
                    partition.path(), how, why, chosen.size(), old.bytes(), before, after, 0, partition));
        }

        /** The delete files of a data file become one. Deletion vectors are one already. */
        private Optional<CompactionStep> mergeDeletes(PartitionFiles partition, List<FileFacts> files) {
            if (TableUtil.formatVersion(table.table()) > 2) {
                return Optional.empty();
            }
            List<FileFacts> several =
                    files.stream().filter(file -> file.deleteFiles() > 1).toList();
            ScanCost before = partition.cost();
            ScanCost old = ScanCost.of(several, table.open());
            ScanCost after = before.minus(ScanCost.of(0, 0, old.deleteFiles() - several.size(), 0, table.open()));
            String why = "%,d delete files for %,d data files".formatted(old.deleteFiles(), several.size());
            return worth(new CompactionStep(
                    partition.path(),
                    How.MERGE_DELETES,
                    why,
                    old.deleteFiles(),
                    old.deleteBytes(),
                    before,
                    after,
                    0,
                    partition));
        }

        private Optional<CompactionStep> ordering(PartitionFiles partition) {
            int count = partition.files().size();
            double depth = partition.depth(table.ordering());
            double best = table.isZOrdered()
                    ? Math.pow(count, 1 - 1.0 / Math.max(1, table.ordering().size()))
                    : 1;
            long fresh = partition.files().stream()
                    .filter(file -> !file.rewritten())
                    .mapToLong(FileFacts::bytes)
                    .sum();
            // Values that are long or few keep the bounds of files from telling that they are in order.
            double unordered = (double) fresh / Math.max(1, partition.cost().bytes());
            double share = Math.max(0, (depth - best) / Math.max(1, count)) * unordered;
            if (share < LEAST_ORDERING_GAIN) {
                return Optional.empty();
            }
            ScanCost before = partition.cost();
            String why = "a search opens %.1f of %d files".formatted(depth, count);
            return worth(new CompactionStep(
                    partition.path(),
                    table.isZOrdered() ? How.Z_ORDER : How.SORT,
                    why,
                    count,
                    before.bytes(),
                    before,
                    packed(partition.files()),
                    Math.round(share * before.bytes()),
                    partition));
        }

        private ScanCost packed(List<FileFacts> files) {
            long live = files.stream().mapToLong(FileFacts::liveBytes).sum();
            return ScanCost.of((live + target - 1) / target, live, 0, 0, table.open());
        }

        private static Optional<CompactionStep> worth(CompactionStep step) {
            return step.files() > 0 && step.gain() > 0 && step.perByte() >= LEAST_GAIN
                    ? Optional.of(step)
                    : Optional.empty();
        }
    }
}
