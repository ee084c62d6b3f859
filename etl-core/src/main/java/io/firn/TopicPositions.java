package io.firn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Tombstones;
import io.firn.config.ConfigException;
import io.firn.source.Debezium;
import io.firn.source.OffsetPlan;
import io.firn.source.PositionLost;
import io.firn.source.TopicRange;
import io.firn.source.TopicSource;
import io.firn.source.Topics;
import io.firn.table.LakeTable;
import io.firn.table.OffsetRange;
import io.firn.table.PositionSet;
import io.firn.table.RollbackDetected;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableName;
import io.firn.table.TopicOffsets;
import io.firn.table.TopicPosition;
import io.firn.table.TopicState;

/** The positions of a pipeline's tables in their topics: shown, and changed by hand. */
public final class TopicPositions {
    private final Catalogs catalogs;
    private final Topics topics;
    private final String name;
    private final Map<ResolvedEvent, List<TopicRange>> tables = new LinkedHashMap<>();
    private final SortedMap<String, RuntimeException> untold = new TreeMap<>();

    private TopicPositions(LoadedPipeline pipeline, Catalogs catalogs, Topics topics) {
        this.catalogs = catalogs;
        this.topics = topics;
        name = pipeline.pipeline().pipeline();
        SortedMap<String, TopicRange> ranges = topics.ranges();
        if (pipeline.pipeline().source() instanceof Debezium) {
            TopicEvents events = new TopicEvents(pipeline, TopicEvents.schemas(pipeline), catalogs);
            ranges.values().forEach(range -> find(range, events));
        } else {
            pipeline.events().forEach(event -> tables.put(event, List.copyOf(ranges.values())));
        }
    }

    /** Keeps in mind which topics do not tell what their table is to be. */
    private void find(TopicRange range, TopicEvents events) {
        try {
            events.of(range, topics).ifPresent(event -> tables.put(event.event(), List.of(range)));
        } catch (FirnException | ConfigException e) {
            untold.put(range.topic(), e);
        }
    }

    /** Where each table stands. Throws SourceUnavailable when brokers do not answer. */
    public static List<TopicStanding> standing(LoadedPipeline pipeline, Catalogs catalogs) {
        try (Topics topics = Topics.open((TopicSource) pipeline.pipeline().source())) {
            TopicPositions positions = new TopicPositions(pipeline, catalogs, topics);
            List<TopicStanding> standing = new ArrayList<>();
            positions.tables.forEach((event, ranges) -> standing.add(positions.standing(event, ranges)));
            positions.untold.forEach((topic, why) -> {
                TableName table = TopicEvents.table(pipeline, topic);
                standing.add(new TopicStanding(
                        table == null ? topic : table.text(), new TreeMap<>(), 0, null, null, why.getMessage()));
            });
            return standing;
        }
    }

    /** What changing positions by hand would do, or did, to one table. */
    public record Change(String table, String before, String after, String warning, Long snapshot) {}

    /**
     * Lets tables begin anew. The table of records as they came goes on where it can: it forgets what it read of those
     * topics alone that it cannot go on in.
     *
     * @param only the table; null: all of the pipeline
     * @param earliest whether what was read is forgotten: the next run takes all that the topics hold
     * @param newEpoch whether changes from now on count as later than all that the tables hold, as for a new log; what was
     *     read before is not read again
     * @param really false: tell only
     */
    public static List<Change> reset(
            LoadedPipeline pipeline,
            Catalogs catalogs,
            TableName only,
            boolean earliest,
            boolean newEpoch,
            boolean really) {
        return reset(pipeline, catalogs, only, earliest, newEpoch, null, really);
    }

    /**
     * The same.
     *
     * @param since the new epoch begins with what was written since then, also where it was read already; null: with
     *     what was not read yet
     */
    public static List<Change> reset(
            LoadedPipeline pipeline,
            Catalogs catalogs,
            TableName only,
            boolean earliest,
            boolean newEpoch,
            Instant since,
            boolean really) {
        return change(
                pipeline,
                catalogs,
                only,
                really,
                earliest,
                TopicPositions::goingOn,
                (held, ranges, opened) -> new TopicState(
                        earliest
                                ? fromEarliest(held, ranges, ordersByOffsets(held, pipeline))
                                : newEpoch ? newEpoch(held, ranges, opened, since) : ended(held.topics()),
                        held.epoch() + (newEpoch || (earliest && isOther(held, ranges, pipeline)) ? 1 : 0),
                        held.floor(),
                        newEpoch ? null : held.logs(),
                        held.snapshot(),
                        held.columns()));
    }

    /**
     * Lets tables read again what was written since a time. Throws {@link PositionLost} where a topic was made anew.
     *
     * @param only the table; null: all of the pipeline
     * @param really false: tell only
     */
    public static List<Change> rewind(
            LoadedPipeline pipeline, Catalogs catalogs, TableName only, Instant to, boolean really) {
        return change(pipeline, catalogs, only, really, true, null, (held, ranges, opened) -> {
            SortedMap<String, TopicOffsets> back = new TreeMap<>(ended(held.topics()));
            for (TopicRange range : ranges) {
                TopicOffsets last = back.get(range.topic());
                if (last != null) {
                    OffsetPlan.requireSame(range, last);
                    back.put(range.topic(), last.at(back(last, opened.offsetsAt(range, to))));
                }
            }
            return new TopicState(back, held.epoch(), held.floor(), null, held.snapshot(), held.columns());
        });
    }

    /** Whether changes are told apart by their offsets, since their messages do not tell the place in the log. */
    private static boolean ordersByOffsets(TopicState held, LoadedPipeline pipeline) {
        if (!(pipeline.pipeline().source() instanceof Debezium source)) {
            return false;
        }
        return source.messages().tombstones() == Tombstones.ARE_DELETES
                || (source.messages().envelope() == Envelope.UNWRAPPED
                        && held.logs().isEmpty()
                        && held.snapshot() == null);
    }

    /** Whether offsets are those of a topic made anew, which do not compare with those that the table holds. */
    private static boolean isOther(TopicState held, List<TopicRange> ranges, LoadedPipeline pipeline) {
        return ordersByOffsets(held, pipeline)
                && ranges.stream().anyMatch(range -> {
                    TopicOffsets last = held.topics().get(range.topic());
                    return last != null && !last.topicId().equals(range.id());
                });
    }

    /**
     * Records of epochs before are void: they are of another log, and are not read again.
     *
     * @param keep whether the topic is to be known again
     */
    private static SortedMap<String, TopicOffsets> fromEarliest(
            TopicState held, List<TopicRange> ranges, boolean keep) {
        SortedMap<String, TopicOffsets> begins = new TreeMap<>();
        for (TopicRange range : ranges) {
            TopicOffsets last = held.topics().get(range.topic());
            if (last != null && last.topicId().equals(range.id()) && (keep || last.epoch() != null)) {
                SortedMap<Integer, OffsetRange> offsets = new TreeMap<>();
                (last.epoch() == null ? Map.<Integer, Long>of() : last.epoch()).forEach((partition, begin) -> {
                    long at = Math.max(begin, range.partitions().get(partition).earliest());
                    offsets.put(partition, new OffsetRange(at, at));
                });
                begins.put(
                        range.topic(),
                        new TopicOffsets(
                                last.topicId(),
                                offsets,
                                last.partitionCounts(range.partitions().size()).counts(),
                                last.epoch()));
            }
        }
        return begins;
    }

    /** What a position becomes. */
    @FunctionalInterface
    private interface Next {
        TopicState of(TopicState held, List<TopicRange> ranges, Topics topics);
    }

    /** Without the topics that are others by now, or no longer hold what was not read. */
    private static TopicState goingOn(TopicState held, List<TopicRange> ranges, Topics topics) {
        SortedMap<String, TopicOffsets> left = ended(held.topics());
        for (TopicRange range : ranges) {
            try {
                OffsetPlan unused = OffsetPlan.next(range, left.get(range.topic()), Long.MAX_VALUE);
            } catch (PositionLost e) {
                left.remove(range.topic());
            }
        }
        return new TopicState(left, held.epoch(), null, null);
    }

    /**
     * @param back whether positions go back, so that tables that were rolled back behind theirs can have it too
     * @param rawNext what the position of the table of records as they came becomes; null: it stays
     */
    private static List<Change> change(
            LoadedPipeline pipeline,
            Catalogs catalogs,
            TableName only,
            boolean really,
            boolean back,
            Next rawNext,
            Next next) {
        if (really) {
            // What is refused of one table is refused before another one is changed.
            List<Change> unused = change(pipeline, catalogs, only, false, back, rawNext, next);
        }
        try (Topics topics = Topics.open((TopicSource) pipeline.pipeline().source())) {
            TopicPositions positions = new TopicPositions(pipeline, catalogs, topics);
            positions.untold.forEach((topic, why) -> {
                if (only == null || only.equals(TopicEvents.table(pipeline, topic))) {
                    throw why;
                }
            });
            List<Change> changes = new ArrayList<>();
            positions.tables.forEach((event, ranges) -> {
                TableName table = event.target().table();
                if (only == null || only.equals(table)) {
                    boolean upserted = event.target().mode() == Mode.UPSERT;
                    changes.add(positions.change(table, upserted, ranges, really, back, next));
                }
            });
            TableName raw = pipeline.pipeline().source() instanceof Debezium changed ? changed.raw() : null;
            if (rawNext != null
                    && raw != null
                    && (only == null || only.equals(raw))
                    && catalogs.find(raw).isPresent()) {
                List<TopicRange> all = List.copyOf(topics.ranges().values());
                changes.add(positions.change(raw, true, all, really, false, rawNext));
            }
            if (changes.isEmpty()) {
                throw new FirnException(
                        ExitCode.USAGE,
                        "pipeline " + positions.name + " has no table" + (only == null ? "" : " " + only)
                                + " that a topic feeds");
            }
            return changes;
        }
    }

    /** @param once whether records that are read again become no rows again */
    private Change change(
            TableName target, boolean once, List<TopicRange> ranges, boolean really, boolean back, Next next) {
        Optional<LakeTable> found = catalogs.find(target);
        Optional<TopicPosition> position =
                found.flatMap(there -> back ? there.lastPosition(name) : there.position(name));
        if (position.isEmpty()) {
            return new Change(target.text(), "nothing read", "nothing read", null, null);
        }
        LakeTable table = found.get();
        TopicState held = position.get().state();
        String warning = warning(table, once, back);
        if (!really) {
            return new Change(target.text(), text(held), text(next.of(held, ranges, topics)), warning, null);
        }
        PositionSet set = table.setPosition(name, now -> {
            Optional<TopicPosition> unused = back ? Optional.empty() : table.position(name);
            return next.of(now, ranges, topics);
        });
        return new Change(target.text(), text(set.before()), text(set.after()), warning, set.snapshot());
    }

    private String warning(LakeTable table, boolean once, boolean back) {
        List<String> warnings = new ArrayList<>();
        if (!once) {
            warnings.add("records that are read again become rows again: this table only takes appends");
        }
        try {
            Optional<TopicPosition> unused = back ? table.position(name) : Optional.empty();
        } catch (RollbackDetected e) {
            warnings.add(
                    "the table was rolled back behind this position: what that took away comes again only as far as"
                            + " it is read again");
        }
        return warnings.isEmpty() ? null : String.join("; ", warnings);
    }

    private TopicStanding standing(ResolvedEvent event, List<TopicRange> ranges) {
        TableName target = event.target().table();
        SortedMap<String, SortedMap<Integer, Long>> next = new TreeMap<>();
        long behind = 0;
        Instant oldest = null;
        Instant published = null;
        String problem = null;
        try {
            Optional<LakeTable> table = catalogs.find(target);
            Optional<TopicPosition> position = table.flatMap(found -> found.position(name));
            published = position.isEmpty() ? null : table.get().lastPublished();
            for (TopicRange range : ranges) {
                OffsetPlan left = OffsetPlan.next(
                        range,
                        position.map(p -> p.state().topics().get(range.topic())).orElse(null),
                        Long.MAX_VALUE);
                next.put(range.topic(), new TreeMap<>(left.from()));
                behind += left.records();
                oldest = earlier(oldest, left.isEmpty() ? null : oldest(range, left));
            }
        } catch (RuntimeException e) {
            problem = e.getMessage();
        }
        return new TopicStanding(target.text(), next, behind, oldest, published, problem);
    }

    private Instant oldest(TopicRange range, OffsetPlan left) {
        Map<Integer, Long> unread = new TreeMap<>();
        left.offsets().partitions().forEach((partition, offsets) -> {
            if (offsets.to() > offsets.from()) {
                unread.put(partition, offsets.from());
            }
        });
        return topics.times(range.topic(), unread).values().stream()
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one == null || (other != null && other.isBefore(one)) ? other : one;
    }

    private static SortedMap<String, TopicOffsets> ended(SortedMap<String, TopicOffsets> topics) {
        SortedMap<String, TopicOffsets> ended = new TreeMap<>();
        topics.forEach((topic, offsets) -> ended.put(topic, offsets.ended()));
        return ended;
    }

    private static SortedMap<String, TopicOffsets> newEpoch(
            TopicState held, List<TopicRange> ranges, Topics topics, Instant since) {
        SortedMap<String, TopicOffsets> begun = ended(held.topics());
        if (since != null) {
            ranges.forEach(range -> begun.computeIfPresent(
                    range.topic(), (topic, last) -> last.at(back(last, topics.offsetsAt(range, since)))));
        }
        begun.replaceAll((topic, last) -> last.newEpoch());
        return begun;
    }

    /** Records of epochs before are never read again. */
    private static SortedMap<Integer, OffsetRange> back(TopicOffsets last, Map<Integer, Long> then) {
        SortedMap<Integer, OffsetRange> offsets = new TreeMap<>();
        last.partitions().forEach((partition, end) -> {
            long at = Math.max(last.epochBegin(partition), Math.min(end.to(), then.getOrDefault(partition, end.to())));
            offsets.put(partition, new OffsetRange(at, at));
        });
        return offsets;
    }

    private static String text(TopicState state) {
        StringBuilder text = new StringBuilder("epoch " + state.epoch());
        if (state.topics().values().stream()
                .allMatch(topic -> topic.partitions().isEmpty())) {
            text.append(", all that the topics hold");
        }
        state.topics().forEach((topic, offsets) -> {
            text.append(", ").append(topic);
            offsets.partitions()
                    .forEach((partition, range) ->
                            text.append(' ').append(partition).append('=').append(range.to()));
        });
        return text.toString();
    }
}
