package io.firn.maintain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.maintain.CompactionStep.How;
import io.firn.table.LakeTable;

/**
 * The state of a table's files, as its metadata tells: no data file is opened.
 *
 * @param snapshot that was looked at; null: the table is empty
 * @param rows in its data files, those included that are gone
 * @param deletedRows rows that are gone and still stored, as far as their files say how many
 * @param cost what a scan of all of it costs
 * @param sizes of data files
 * @param deletes what says that rows are gone
 * @param history snapshots, refs and metadata
 * @param ordering the columns by which rows are to be ordered
 * @param columns where the bytes are, the largest first
 * @param partitions those first whose compaction gains most for each byte rewritten
 * @param outlook what each way of rewriting would gain
 * @param hot partitions that would be worth rewriting and are still being written
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableHealth(
        String table,
        Instant at,
        Long snapshot,
        int formatVersion,
        long rows,
        long deletedRows,
        ScanCost cost,
        SizeHistogram sizes,
        DeletesHealth deletes,
        HistoryHealth history,
        List<String> ordering,
        List<ColumnHealth> columns,
        List<PartitionHealth> partitions,
        List<Outlook> outlook,
        List<String> hot) {

    /**
     * What one way of rewriting would gain.
     *
     * @param partitions how many it is worth it for
     * @param bytes that would be rewritten
     * @param after what a scan of the whole table would cost
     * @param ordering bytes that a search in the ordering columns would no longer read
     */
    public record Outlook(How how, int partitions, long bytes, ScanCost after, long ordering) {}

    /** Reads the manifests of the table's current snapshot. */
    public static TableHealth of(LakeTable lake) {
        lake.refresh();
        Table table = lake.table();
        TableFiles files = TableFiles.of(table);
        Instant now = Instant.now();
        CompactionPlan plan = CompactionPlan.of(files, now);
        ScanCost cost = files.partitions().stream().map(PartitionFiles::cost).reduce(ScanCost.NONE, ScanCost::plus);
        LongStream sizes = files.partitions().stream()
                .flatMapToLong(partition -> partition.files().stream().mapToLong(FileFacts::bytes));
        Snapshot current = table.currentSnapshot();
        return new TableHealth(
                lake.name().text(),
                now,
                current == null ? null : current.snapshotId(),
                TableUtil.formatVersion(table),
                files.partitions().stream().mapToLong(PartitionFiles::rows).sum(),
                files.partitions().stream()
                        .mapToLong(PartitionFiles::deletedRows)
                        .sum(),
                cost,
                SizeHistogram.of(sizes),
                DeletesHealth.of(files),
                HistoryHealth.of(lake, files.manifests()),
                files.ordering().stream().map(NestedField::name).toList(),
                ColumnHealth.of(files),
                PartitionHealth.of(files, plan),
                outlook(plan, cost),
                plan.hot());
    }

    private static List<Outlook> outlook(CompactionPlan plan, ScanCost cost) {
        Map<How, List<CompactionStep>> ways = new EnumMap<>(How.class);
        plan.steps().forEach(step -> ways.computeIfAbsent(step.how(), how -> new ArrayList<>())
                .add(step));
        List<Outlook> outlook = new ArrayList<>();
        ways.forEach((how, steps) -> outlook.add(new Outlook(
                how,
                steps.size(),
                steps.stream().mapToLong(CompactionStep::bytes).sum(),
                steps.stream().map(step -> step.after().minus(step.before())).reduce(cost, ScanCost::plus),
                steps.stream().mapToLong(CompactionStep::ordering).sum())));
        outlook.sort(Comparator.comparingLong(way -> way.after().total() - way.ordering()));
        return outlook;
    }
}
