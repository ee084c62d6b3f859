package io.firn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

import io.firn.load.RawJob;
import io.firn.source.OffsetPlan;
import io.firn.source.TopicRange;
import io.firn.source.Topics;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.Outcome;
import io.firn.table.PartitionField;
import io.firn.table.Publication;
import io.firn.table.RowRemoval;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableName;
import io.firn.table.TopicPosition;
import io.firn.table.Write.AddFiles;

/** All topics' records on their way into the table that keeps them as they came, with a position of its own. */
final class RawFeed {
    private static final int ROUNDS = 5;

    private final TopicContext context;
    private final SortedMap<String, TopicRange> ranges;
    private final TableName name;

    RawFeed(TopicContext context, SortedMap<String, TopicRange> ranges, TableName name) {
        this.context = context;
        this.ranges = ranges;
        this.name = name;
    }

    /** Takes all that the topics held when the run began. */
    void drain(TopicReport report) {
        try {
            TableDefinition definition = new TableDefinition(
                    name,
                    null,
                    List.of(PartitionField.parse("day(written_at)")),
                    List.of(),
                    List.of(),
                    Map.of(),
                    Mode.APPEND,
                    null,
                    null);
            LakeTable table =
                    context.catalogs().of(name).ensure(definition, RawJob.COLUMNS, LoadColumns.DUMP, context.origin());
            long kept = 0;
            for (int lost = 0; lost < ROUNDS; ) {
                table.refresh();
                Optional<TopicPosition> position = table.position(context.name());
                List<OffsetPlan> batch = TopicBatches.next(
                        ranges.values(), position, context.source().batch());
                if (batch.stream().allMatch(OffsetPlan::isEmpty)
                        || context.ending().getAsBoolean()) {
                    report.kept(name.text(), kept);
                    return;
                }
                RawJob.Kept staged = RawJob.run(
                        context.spark(),
                        table.writeTarget(LoadColumns.DUMP.after(RawJob.COLUMNS)),
                        Topics.records(context.spark(), context.source(), batch),
                        UUID.randomUUID().toString(),
                        context.loadedAt());
                Outcome outcome = new Publication(
                                table, context.name(), context.runId(), RowRemoval.by(context.spark()))
                        .publish(TopicBatches.load(position, batch), new AddFiles(staged.files()));
                kept += outcome instanceof Outcome.Published ? staged.records() : 0;
                lost = outcome instanceof Outcome.Conflict ? lost + 1 : 0;
            }
            report.problem(ExitCode.CONFLICT, "table " + name + ": other runs kept taking the same records; run again");
        } catch (Exception e) {
            report.failed("(raw)", name.text(), Failures.unchecked(e), null, RunResult.Lines.NONE);
        }
    }
}
