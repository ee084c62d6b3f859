package io.firn;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

import io.firn.RunResult.Lines;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.TopicQuarantine.Judged;
import io.firn.load.LoadPlan;
import io.firn.load.RecordJob;
import io.firn.load.Staged;
import io.firn.load.TaskResult.EventResult;
import io.firn.source.OffsetPlan;
import io.firn.source.TopicRange;
import io.firn.source.TopicRange.Bounds;
import io.firn.source.Topics;
import io.firn.table.OffsetRange;
import io.firn.table.Outcome;
import io.firn.table.Publication;
import io.firn.table.RowRemoval;
import io.firn.table.StagedFile;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicPosition;
import io.firn.table.Write.AddFiles;

/**
 * Plain messages of all topics on their way into the tables of their events, batch by batch. Tables that are behind, as
 * after a crash between two commits or when the YAML names a new event, catch up first.
 */
final class RecordFeed {
    private static final int ROUNDS = 5;

    private final TopicContext context;
    private final SortedMap<String, TopicRange> ranges;
    private final TopicReport report;
    private final LoadPlans plans;
    private final TopicQuarantine quarantine;
    private final List<EventTable> tables = new ArrayList<>();
    private final Map<String, TableResult> results = new LinkedHashMap<>();

    /** Makes the tables what the YAML says; one that fails is told to the report and left out. */
    RecordFeed(TopicContext context, SortedMap<String, TopicRange> ranges, TopicReport report) {
        this.context = context;
        this.ranges = ranges;
        this.report = report;
        plans = new LoadPlans(context.pipeline(), context.spark());
        quarantine = new TopicQuarantine(
                context,
                QuarantineTable.open(context.catalogs(), context.pipeline().quarantine(), context.origin()),
                "all");
        for (ResolvedEvent event : context.pipeline().events()) {
            EventTable table = EventTable.open(
                    event, context.catalogs(), context.pipeline().origin(context.runId(), event));
            String name = event.target().table().text();
            RuntimeException failure = table.failed() ? table.failure() : whyUnreadable(table);
            if (failure != null) {
                report.failed(event.name(), name, failure, null, Lines.NONE);
            } else {
                tables.add(table);
                results.put(event.name(), TableResult.of(event.name(), name, TableOutcome.NOTHING_NEW));
            }
        }
    }

    /** Why a table's position cannot be told, as after a rollback by hand; null: it can. */
    private RuntimeException whyUnreadable(EventTable table) {
        try {
            Optional<TopicPosition> unused = table.table().position(context.name());
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /** What the table that is furthest behind read last of a topic. */
    Optional<TopicOffsets> held(String topic) {
        return tables.stream()
                .map(table -> table.table().position(context.name()))
                .flatMap(Optional::stream)
                .map(position -> position.state().topics().get(topic))
                .filter(Objects::nonNull)
                .min(Comparator.comparingLong(offsets -> offsets.partitions().values().stream()
                        .mapToLong(OffsetRange::to)
                        .sum()));
    }

    /** Takes all that the topics held when the run began. */
    void drain() {
        try {
            for (int lost = 0; lost < ROUNDS; ) {
                Step step = next();
                if (step == Step.DONE || context.ending().getAsBoolean()) {
                    break;
                }
                lost = step == Step.OVERTAKEN ? lost + 1 : 0;
            }
        } catch (Exception e) {
            String first = context.pipeline().quarantine().text();
            report.failed(String.join(", ", ranges.keySet()), first, Failures.unchecked(e), null, Lines.NONE);
        }
        results.values().forEach(result -> report.table(result, Lines.NONE));
    }

    private enum Step {
        TAKEN,
        OVERTAKEN,
        DONE
    }

    /** One batch for all tables, or for those that are behind. */
    private Step next() {
        Map<EventTable, Optional<TopicPosition>> positions = new LinkedHashMap<>();
        tables.forEach(table -> {
            table.table().refresh();
            positions.put(table, table.table().position(context.name()));
        });
        Map<String, SortedMap<Integer, Long>> lead = new TreeMap<>();
        positions.values().forEach(position -> ends(position)
                .forEach((topic, ends) -> ends.forEach((partition, to) ->
                        lead.computeIfAbsent(topic, t -> new TreeMap<>()).merge(partition, to, Math::max))));
        Optional<EventTable> behind = tables.stream()
                .filter(table -> !ends(positions.get(table)).equals(lead))
                .findFirst();
        if (tables.isEmpty()) {
            return Step.DONE;
        }
        Map<String, SortedMap<Integer, Long>> from = ends(positions.get(behind.orElse(tables.get(0))));
        List<EventTable> group = tables.stream()
                .filter(table -> ends(positions.get(table)).equals(from))
                .toList();
        List<OffsetPlan> batch = plan(positions.get(group.get(0)), behind.isPresent() ? lead : null);
        if (batch.stream().allMatch(OffsetPlan::isEmpty) && behind.isEmpty()) {
            return Step.DONE;
        }
        return take(batch, group, positions);
    }

    /** Of the topics that there are: what a position remembers of others no table can catch up with. */
    private Map<String, SortedMap<Integer, Long>> ends(Optional<TopicPosition> position) {
        Map<String, SortedMap<Integer, Long>> ends = new TreeMap<>();
        position.ifPresent(p -> p.state().topics().forEach((topic, offsets) -> {
            if (ranges.containsKey(topic)) {
                SortedMap<Integer, Long> byPartition = new TreeMap<>();
                offsets.partitions().forEach((partition, range) -> byPartition.put(partition, range.to()));
                ends.put(topic, byPartition);
            }
        }));
        return ends;
    }

    /** @param until where the tables that lead stand; null: up to the topics' ends */
    private List<OffsetPlan> plan(Optional<TopicPosition> position, Map<String, SortedMap<Integer, Long>> until) {
        List<TopicRange> read = new ArrayList<>();
        ranges.values().forEach(range -> {
            if (until == null) {
                read.add(range);
            } else if (until.containsKey(range.topic())) {
                read.add(cut(range, until.get(range.topic())));
            }
        });
        return TopicBatches.next(read, position, context.source().batch());
    }

    private static TopicRange cut(TopicRange range, SortedMap<Integer, Long> until) {
        SortedMap<Integer, Bounds> partitions = new TreeMap<>();
        until.forEach((partition, end) -> {
            Bounds bounds = range.partitions().get(partition);
            if (bounds != null) {
                partitions.put(partition, new Bounds(bounds.earliest(), Math.max(bounds.earliest(), end)));
            }
        });
        return new TopicRange(range.topic(), range.id(), partitions, range.retention(), range.compacted());
    }

    private Step take(
            List<OffsetPlan> batch, List<EventTable> group, Map<EventTable, Optional<TopicPosition>> positions) {
        long start = System.nanoTime();
        List<String> partitions = new ArrayList<>();
        batch.forEach(topic -> topic.offsets().partitions().forEach((partition, range) -> {
            if (range.to() > range.from()) {
                partitions.add(topic.topic() + "/" + partition);
            }
        }));
        Staged staged = stage(batch, group, partitions);
        boolean all = group.size() == tables.size();
        List<String> events = group.stream().map(table -> table.event().name()).toList();
        if (!quarantine.publish(batch, staged.quarantine(), all ? Judged.allBut(failed()) : Judged.only(events))) {
            group.forEach(table ->
                    table.table().discard(staged.event(table.event().name()).staged()));
            return Step.OVERTAKEN;
        }
        report.quarantined(staged.quarantined());
        if (context.pipeline()
                .pipeline()
                .defaults()
                .maxQuarantined()
                .exceededBy(staged.refusedLines(), staged.lines())) {
            heldBack(staged, group);
            return Step.DONE;
        }
        List<Published> published = Parallel.map(group, table -> publish(table, batch, positions.get(table), staged));
        return account(staged, published, (System.nanoTime() - start) / 1e9);
    }

    /** The events whose tables are left out. */
    private List<String> failed() {
        List<String> failed = new ArrayList<>();
        context.pipeline().events().forEach(event -> failed.add(event.name()));
        tables.forEach(table -> failed.remove(table.event().name()));
        return failed;
    }

    private Staged stage(List<OffsetPlan> batch, List<EventTable> group, List<String> partitions) {
        Map<String, BitSet> missing = new HashMap<>();
        if (group.size() < tables.size()) {
            BitSet events = new BitSet();
            group.forEach(table -> events.set(tables.indexOf(table)));
            partitions.forEach(partition -> missing.put(partition, events));
        }
        LoadPlan plan = plans.ofRecords(
                missing, tables, quarantine.table(), UUID.randomUUID().toString(), context.started());
        if (partitions.isEmpty()) {
            return Staged.NONE;
        }
        return RecordJob.run(
                context.spark(), plan, Topics.records(context.spark(), context.source(), batch), partitions);
    }

    /** @param outcome null when it failed */
    private record Published(EventTable table, Outcome outcome, RuntimeException error) {}

    private Published publish(
            EventTable table, List<OffsetPlan> batch, Optional<TopicPosition> position, Staged staged) {
        List<StagedFile> files = staged.event(table.event().name()).staged();
        try {
            return new Published(
                    table,
                    new Publication(table.table(), context.name(), context.runId(), RowRemoval.by(context.spark()))
                            .publish(TopicBatches.load(position, batch), new AddFiles(files)),
                    null);
        } catch (RuntimeException e) {
            return new Published(table, null, e);
        }
    }

    private void heldBack(Staged staged, List<EventTable> group) {
        for (EventTable table : group) {
            EventResult counts = staged.event(table.event().name());
            table.table().discard(counts.staged());
            results.merge(
                    table.event().name(),
                    TableResult.of(table.event().name(), table.table().name().text(), TableOutcome.HELD_BACK),
                    (before, now) -> before.with(TableOutcome.HELD_BACK));
        }
        add(staged, 0);
        report.problem(
                ExitCode.QUALITY,
                "%,d of %,d records were refused, more than max-quarantined %s allows; the tables are as they were. Look at %s, mend the YAML or the source, and run again"
                        .formatted(
                                staged.refusedLines(),
                                staged.lines(),
                                context.pipeline().pipeline().defaults().maxQuarantined(),
                                context.pipeline().quarantine()));
    }

    private Step account(Staged staged, List<Published> published, double seconds) {
        long loaded = 0;
        boolean overtaken = false;
        for (Published one : published) {
            String event = one.table().event().name();
            EventResult counts = staged.event(event);
            if (one.error() != null) {
                report.failed(event, one.table().table().name().text(), one.error(), results.remove(event), Lines.NONE);
                tables.remove(one.table());
            } else if (one.outcome() instanceof Outcome.Published in) {
                loaded += counts.loaded();
                results.computeIfPresent(event, (name, before) -> before.plus(counts, in, seconds));
            } else {
                overtaken |= one.outcome() instanceof Outcome.Conflict;
            }
        }
        add(staged, loaded);
        return overtaken ? Step.OVERTAKEN : Step.TAKEN;
    }

    private void add(Staged staged, long loaded) {
        long filtered = staged.events().values().stream()
                .mapToLong(EventResult::filtered)
                .sum();
        long good =
                staged.events().values().stream().mapToLong(EventResult::loaded).sum();
        long strange =
                staged.notListed().values().stream().mapToLong(Long::longValue).sum();
        report.staged(
                staged,
                new Lines(
                        staged.lines(),
                        loaded,
                        staged.refusedLines(),
                        filtered,
                        strange,
                        staged.skipped() + good - loaded));
    }
}
