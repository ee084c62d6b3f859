package io.firn.maintain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.Snapshot;

/**
 * The files of one partition.
 *
 * @param partition as Iceberg names its folder; empty: the whole table, which has none
 * @param rows in its data files, those included that are gone
 * @param deletedRows that are gone and still stored
 * @param smallFiles data files that are cheaper read than opened
 * @param sizes of its data files
 * @param lastWritten when rows last came or went; null: before the oldest snapshot that is kept
 * @param depth how many files a search in the ordering columns opens; 0: the table has none
 * @param cost what a scan costs
 * @param after what it would cost once its {@code steps} are done
 * @param steps what is worth doing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PartitionHealth(
        String partition,
        long rows,
        long deletedRows,
        long smallFiles,
        SizeHistogram sizes,
        Instant lastWritten,
        double depth,
        ScanCost cost,
        ScanCost after,
        List<CompactionStep> steps) {

    /** The gain for each byte rewritten; 0 where nothing is worth it. */
    public double gain() {
        return steps.stream().mapToDouble(CompactionStep::perByte).max().orElse(0);
    }

    static List<PartitionHealth> of(TableFiles files, CompactionPlan plan) {
        Map<Long, Instant> times = new HashMap<>();
        for (Snapshot snapshot : files.table().snapshots()) {
            times.put(snapshot.sequenceNumber(), Instant.ofEpochMilli(snapshot.timestampMillis()));
        }
        Map<PartitionFiles, List<CompactionStep>> steps = new HashMap<>();
        plan.steps().forEach(step -> steps.computeIfAbsent(step.of(), of -> new ArrayList<>())
                .add(step));
        List<PartitionHealth> all = new ArrayList<>();
        for (PartitionFiles partition : files.partitions()) {
            List<CompactionStep> worth = steps.getOrDefault(partition, List.of());
            all.add(new PartitionHealth(
                    partition.path(),
                    partition.rows(),
                    partition.deletedRows(),
                    partition.files().stream()
                            .filter(file -> file.bytes() < plan.smallFile())
                            .count(),
                    SizeHistogram.of(partition.files().stream().mapToLong(FileFacts::bytes)),
                    times.get(partition.lastWritten()),
                    partition.depth(files.ordering()),
                    partition.cost(),
                    worth.stream()
                            .map(step -> step.after().minus(step.before()))
                            .reduce(partition.cost(), ScanCost::plus),
                    worth));
        }
        all.sort(Comparator.comparingDouble(PartitionHealth::gain)
                .reversed()
                .thenComparing(partition -> -partition.cost().total()));
        return all;
    }
}
