package io.firn;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

import org.apache.spark.sql.SparkSession;

import io.firn.Evolution.Rows;
import io.firn.RunResult.TableOutcome;
import io.firn.change.SnapshotMark;
import io.firn.change.StrangeSchema;
import io.firn.load.ChangeJob;
import io.firn.load.ChangePlan;
import io.firn.load.FoldedBatch;
import io.firn.source.Debezium;
import io.firn.source.OffsetPlan;
import io.firn.source.TopicRange;
import io.firn.source.Topics;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.Outcome;
import io.firn.table.Publication;
import io.firn.table.RowRemoval;
import io.firn.table.RowStatement;
import io.firn.table.SourceColumn;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TopicLoad;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;

/** The changes of one database table on their way from their topic into their table, batch by batch. */
final class ChangeFeed implements TopicFeed {
    private static final int ROUNDS = 5;
    private static final Duration HALVES_APART = Duration.ofMinutes(5);
    private static final long RECORDS_PER_TASK = 50_000;

    private final TopicContext context;
    private final TopicRange range;
    private final TopicEvents events;
    private final TopicQuarantine quarantine;
    private final StagingPlace staging;
    private final FeedTotals totals;
    private final FeedTexts texts;
    private TopicEvent topic;
    private ResolvedEvent event;
    private LakeTable table;
    private ChangePlan plan;

    private ChangeFeed(
            TopicContext context, TopicRange range, TopicEvents events, TopicQuarantine quarantine, TopicEvent topic) {
        this.context = context;
        this.range = range;
        this.events = events;
        this.quarantine = quarantine;
        become(topic);
        staging = new StagingPlace(
                context.pipeline(), context.spark().sparkContext().hadoopConfiguration());
        totals = new FeedTotals(range.topic(), table.name().text());
        texts = new FeedTexts(range.topic(), table.name());
    }

    /** Makes the topic's table what its event says. */
    static ChangeFeed open(TopicContext context, TopicRange range, TopicEvents events, TopicEvent event) {
        TopicQuarantine quarantine = new TopicQuarantine(
                context,
                QuarantineTable.open(context.catalogs(), context.pipeline().quarantine(), context.origin()),
                range.topic());
        return new ChangeFeed(context, range, events, quarantine, event);
    }

    private void become(TopicEvent next) {
        ChangeTable target = ChangeTable.open(context, next);
        topic = next;
        event = next.event();
        table = target.table();
        plan = target.plan(context, range.topic(), quarantine);
    }

    /** Makes the table take a schema that its rows do not fit. */
    private void evolve(StrangeSchema met, TopicReport report) {
        Rows rows = topic.evolution().after(topic.rows(), met);
        if (rows.columns().equals(topic.rows().columns())
                && rows.gone().equals(topic.rows().gone())
                && rows.ignored().equals(topic.rows().ignored())) {
            throw new IllegalStateException("topic " + range.topic() + ": " + met.place() + " changed nothing");
        }
        become(events.with(topic, rows, met.name()));
        report.warn(rows.notes());
        if (event.target().backfillDefault() == null) {
            rows.defaults().forEach((column, value) -> {
                if (!table.hasInitialDefault(column)) {
                    report.warn(List.of(topic.evolution().texts().defaultNotTaken(column, value.text())));
                }
            });
        }
        PipelineRun.LOG.info("firn table {}: follows {} of topic {}", table.name(), met.place(), range.topic());
    }

    /** What another run came to see of the source's table holds where it left the topic. */
    private void catchUp() {
        List<SourceColumn> columns =
                position().map(TopicPosition::state).map(TopicState::columns).orElse(null);
        if (columns != null && topic.evolution().isTold()) {
            Rows rows = topic.evolution().begin(null, columns, table.ownColumns());
            become(events.with(topic, rows, topic.schema()));
        }
    }

    @Override
    public TopicRange range() {
        return range;
    }

    @Override
    public Optional<TopicOffsets> held() {
        return position().map(this::offsets);
    }

    @Override
    public void drain(TopicReport report) {
        try {
            staging.deleteLeftovers();
            forgetDeletes();
            int lost = 0;
            BatchSize size = new BatchSize(
                    event.target().mode() == Mode.TRUNCATE_LOAD
                            ? Long.MAX_VALUE
                            : context.source().batch());
            while (lost < ROUNDS) {
                Optional<TopicPosition> position = position();
                OffsetPlan batch =
                        OffsetPlan.next(range, position.map(this::offsets).orElse(null), size.most());
                totals.behind(batch.records() + batch.behind());
                if (batch.isEmpty() || context.ending().getAsBoolean()) {
                    report.table(totals.result(), totals.lines());
                    return;
                }
                Step step = take(FeedBatch.of(batch, position), report);
                lost = step == Step.OVERTAKEN ? lost + 1 : 0;
                if (step == Step.OVERTAKEN) {
                    catchUp();
                }
                if (step == Step.HELD_BACK) {
                    report.table(totals.result(TableOutcome.HELD_BACK), totals.lines());
                    return;
                }
                if (step == Step.WAITING) {
                    report.warn(List.of(texts.waiting()));
                    report.table(totals.result(), totals.lines());
                    return;
                }
                switch (step) {
                    case TOO_SHORT -> size.tooShort();
                    case TOO_LONG -> size.tooLong(batch.records());
                    default -> size.taken();
                }
                if (!size.isPossible()) {
                    throw new FirnException(ExitCode.FAILED, texts.keysTooMany());
                }
            }
            report.problem(ExitCode.CONFLICT, texts.overtaken());
            report.table(totals.result(TableOutcome.OVERTAKEN), totals.lines());
        } catch (Exception e) {
            report.failed(range.topic(), table.name().text(), Failures.unchecked(e), totals.result(), totals.lines());
        }
    }

    /** Rows that were deleted softly long enough ago go for good. */
    private void forgetDeletes() {
        Duration remember = event.target().rememberDeletes();
        if (remember == null || !context.forgets()) {
            return;
        }
        String rows = table.name().quoted() + " WHERE " + LoadColumns.OP + " = 'd' AND " + LoadColumns.LOADED_AT
                + " < TIMESTAMP '" + context.started().minus(remember) + "'";
        SparkSession spark = context.spark();
        RowStatement.run(
                () -> {
                    if (spark.sql("SELECT 1 FROM " + rows + " LIMIT 1").count() > 0) {
                        spark.sql("DELETE FROM " + rows);
                    }
                },
                "Rows that were deleted longer than remember-deletes ago could not be removed from " + table.name());
    }

    private enum Step {
        TAKEN,
        OVERTAKEN,
        HELD_BACK,
        /** The batch ends in the middle of changes that were sent again, or of one that was sent in parts. */
        TOO_SHORT,
        /** So many rows of the batch took another key that their large values cannot be kept for them. */
        TOO_LONG,
        /** The topic ends in the middle of a change that is sent in parts. */
        WAITING
    }

    private Optional<TopicPosition> position() {
        table.refresh();
        return table.position(context.name());
    }

    private TopicOffsets offsets(TopicPosition position) {
        return position.state().topics().get(range.topic());
    }

    private SortedMap<Integer, Long> ends(FoldedBatch staged, OffsetPlan batch) {
        boolean atEnd = batch.behind() == 0;
        // A remembered delete leaves what it deleted, and a connector sends both halves at once: none waits for long.
        long since = event.target().deletes() == Deletes.SOFT
                ? Long.MAX_VALUE
                : atEnd ? context.started().minus(HALVES_APART).toEpochMilli() : Long.MIN_VALUE;
        return staged.ends(range.partitions().keySet(), atEnd, since);
    }

    private Step take(FeedBatch batch, TopicReport report) {
        String attempt = UUID.randomUUID().toString();
        TopicState held = batch.held();
        ChangePlan here = plan.after(held, batch.offsets().partitionCounts(), batch.marks(), attempt);
        List<String> folders = new ArrayList<>(List.of(staging.folder(attempt)));
        FoldedBatch staged = null;
        boolean quarantined = false;
        boolean handedOver = false;
        long start = System.nanoTime();
        try {
            stop("read");
            staged = stage(here, batch.offsets(), folders.get(0));
            if (!staged.strange().isEmpty()) {
                return follow(batch, staged.strange(), report);
            }
            if (staged.needs(here.marks())) {
                return take(batch.marked(staged.mark()), report);
            }
            if (staged.tooLong() && event.target().mode() == Mode.UPSERT) {
                return Step.TOO_LONG;
            }
            stop("prepare");
            if (staged.astray() > 0 && event.target().mode() == Mode.UPSERT) {
                throw new FirnException(ExitCode.FAILED, texts.astray(staged.astray()));
            }
            SourceLog log = SourceLog.held(held, range.topic());
            Optional<SourceLog.Other> other = SourceLog.other(log, staged.logs());
            if (other.isPresent()) {
                return endLog(other.get(), batch, report);
            }
            SortedMap<Integer, Long> ends = ends(staged, batch.offsets());
            if (event.target().mode() == Mode.UPSERT && !ends.isEmpty()) {
                OffsetPlan shorter = batch.offsets().until(ends);
                if (!shorter.isEmpty()) {
                    return take(batch.shortened(shorter), report);
                }
                return batch.planned().behind() > 0 ? Step.TOO_SHORT : Step.WAITING;
            }
            Voided voided = voided(held, staged);
            Optional<BatchWrite.Prepared> ready = prepareUnlessOvertaken(here, batch, staged, voided, folders);
            if (ready.isEmpty()) {
                return Step.OVERTAKEN;
            }
            BatchWrite.Prepared prepared = ready.get();
            stop("quarantine");
            quarantined = true;
            if (!quarantine.publish(List.of(batch.offsets()), prepared.refused(), TopicQuarantine.Judged.ALL)) {
                return Step.OVERTAKEN;
            }
            stop("staged");
            long refused = staged.refused() + prepared.unmatched();
            if (context.pipeline().pipeline().defaults().maxQuarantined().exceededBy(refused, staged.records())) {
                totals.heldBack(staged, refused);
                report.quarantined(refused);
                report.problem(ExitCode.QUALITY, texts.tooManyRefused(refused, staged.records(), context.pipeline()));
                return Step.HELD_BACK;
            }
            TopicState next = next(held, batch.offsets(), staged, voided, log);
            handedOver = true;
            Outcome outcome = new Publication(table, context.name(), context.runId(), RowRemoval.by(context.spark()))
                    .publish(TopicLoad.after(batch.position(), next), prepared.write());
            if (outcome instanceof Outcome.Conflict) {
                return Step.OVERTAKEN;
            }
            if (outcome instanceof Outcome.Published in) {
                totals.published(staged, prepared.unmatched(), in, System.nanoTime() - start);
                report.quarantined(refused);
            } else {
                totals.already(staged);
            }
            return Step.TAKEN;
        } finally {
            folders.forEach(staging::delete);
            // What is handed to a publication is its own to keep or delete: where it throws, main may name the files.
            if (staged != null && !handedOver) {
                table.discard(staged.files());
            }
            if (staged != null && !quarantined) {
                quarantine.table().discard(staged.quarantine());
            }
        }
    }

    /** What came before a change of the source's table is loaded as it was, what came after it as it is then. */
    private Step follow(FeedBatch batch, List<StrangeSchema> strange, TopicReport report) {
        Map<Integer, Long> firsts = new TreeMap<>();
        strange.forEach(schema -> firsts.put(schema.partition(), schema.offset()));
        OffsetPlan before = batch.offsets().until(firsts);
        if (event.target().mode() != Mode.TRUNCATE_LOAD && !before.isEmpty()) {
            Step step = take(batch.shortened(before), report);
            if (step != Step.TOO_SHORT && step != Step.WAITING) {
                return step;
            }
        }
        evolve(strange.get(0), report);
        return take(batch.again(), report);
    }

    /** What came before the source began another log is loaded; what its new one tells waits for an epoch of its own. */
    private Step endLog(SourceLog.Other other, FeedBatch batch, TopicReport report) {
        if (other.sign() == SourceLog.Sign.FILES_WENT_BACK && batch.planned().behind() > 0) {
            return Step.TOO_SHORT;
        }
        Map<Integer, Long> begins = new TreeMap<>(other.from());
        try (Topics topics = Topics.open(context.source())) {
            topics.offsetsAt(range, Instant.ofEpochMilli(other.written())).forEach(begins::putIfAbsent);
        }
        OffsetPlan before = batch.offsets().until(begins).alone();
        if (before.isEmpty()) {
            throw new FirnException(ExitCode.FAILED, texts.otherLog(other));
        }
        return take(batch.endingLog(before), report);
    }

    private void stop(String name) {
        PipelineRun.LOG.info("firn stage {}: {}", table.name(), name);
    }

    private FoldedBatch stage(ChangePlan here, OffsetPlan batch, String folder) {
        var records = Topics.records(context.spark(), context.source(), List.of(batch));
        if (here.meeting() == ChangePlan.Meeting.APPEND) {
            return ChangeJob.append(context.spark(), here, records);
        }
        int cores = context.spark().sparkContext().defaultParallelism();
        int tasks = (int) Math.max(1, Math.min(cores, batch.records() / RECORDS_PER_TASK));
        return ChangeJob.stage(context.spark(), here, records, tasks, folder);
    }

    /** Empty: the table changed meanwhile, and what was read of it may have expired. */
    private Optional<BatchWrite.Prepared> prepareUnlessOvertaken(
            ChangePlan here, FeedBatch batch, FoldedBatch staged, Voided voided, List<String> folders) {
        Long head = table.snapshot();
        try {
            return Optional.of(prepare(here, batch, staged, voided, folders));
        } catch (FirnException e) {
            throw e;
        } catch (Exception e) {
            table.refresh();
            if (Objects.equals(head, table.snapshot())) {
                throw e;
            }
            PipelineRun.LOG.info("firn run: table {} changed while it was read: {}", table.name(), e.getMessage());
            return Optional.empty();
        }
    }

    private BatchWrite.Prepared prepare(
            ChangePlan here, FeedBatch batch, FoldedBatch staged, Voided voided, List<String> folders) {
        if (here.meeting() == ChangePlan.Meeting.APPEND) {
            return BatchWrite.Prepared.added(staged);
        }
        BatchWrite write = new BatchWrite(context, event, table, here, staged, voided, folders);
        if (event.target().mode() == Mode.UPSERT) {
            return write.merged();
        }
        WholeSnapshot snapshot = new WholeSnapshot(
                context.spark(), table.name(), range.topic(), batch.held(), batch.offsets(), staged.snapshots());
        if (batch.endsLog() && !snapshot.isHere()) {
            // The new log's snapshot replaces the table.
            return BatchWrite.Prepared.added(staged);
        }
        snapshot.require();
        return write.replaced();
    }

    private Voided voided(TopicState held, FoldedBatch staged) {
        return switch (event.target().mode()) {
            case APPEND -> Voided.NOTHING;
            case TRUNCATE_LOAD -> Voided.loadedWhole(staged);
            case UPSERT -> {
                boolean sweeps = ((Debezium) context.source()).sweeps();
                yield held == null
                        ? Voided.atFirst(staged, sweeps, range.partitions().keySet(), table.hasPositions())
                        : Voided.after(staged, sweeps);
            }
        };
    }

    private TopicState next(TopicState held, OffsetPlan batch, FoldedBatch staged, Voided voided, SourceLog log) {
        SourceLog seen = SourceLog.after(log, staged.logs());
        return new TopicState(
                new TreeMap<>(Map.of(range.topic(), batch.offsets())),
                held == null ? 0 : held.epoch(),
                Voided.later(held == null ? null : held.floor(), voided.table()),
                seen == null ? null : new TreeMap<>(Map.of(range.topic(), seen.text())),
                SnapshotMark.later(held == null ? null : held.snapshot(), staged.mark()),
                topic.evolution().remembers(topic.rows()) ? topic.rows().kept() : null);
    }
}
