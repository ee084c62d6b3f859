package io.firn;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.spark.sql.SparkSession;

import io.firn.RunResult.Lines;
import io.firn.registry.Schemas;
import io.firn.source.Debezium;
import io.firn.source.OffsetPlan;
import io.firn.source.TopicRange;
import io.firn.source.TopicSource;
import io.firn.source.Topics;
import io.firn.table.MergeSessions;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TopicOffsets;

/**
 * The main flow for topics: for each of them load position, plan offsets, read, fold, transform, stage, merge, audit,
 * publish, again and again up to where the topic ended when the run began. A run may be killed anywhere and run again, or
 * twice at once: tables come out the same.
 */
public final class TopicRun {
    private static final int MOST_THREADS = 8;
    /** Looking for deletes to forget reads two columns of the table. */
    private static final Duration FORGETS_EVERY = Duration.ofHours(1);

    private final LoadedPipeline pipeline;
    private final SparkSession spark;
    private final Catalogs catalogs;
    private final RunListener listener;
    private final TopicSource source;
    private final MergeSessions sessions;
    private volatile boolean ending;
    private Instant forgot = Instant.MIN;

    public TopicRun(LoadedPipeline pipeline, SparkSession spark, Catalogs catalogs, RunListener listener) {
        this.pipeline = pipeline;
        this.spark = spark;
        this.catalogs = catalogs;
        this.listener = listener;
        this.source = (TopicSource) pipeline.pipeline().source();
        this.sessions = new MergeSessions(spark);
    }

    /**
     * Takes what the topics hold now. One topic's trouble is that topic's alone: the others go on, and the exit code is
     * the worst. Throws SourceUnavailable when brokers do not answer, RegistryUnavailable when the registry does not.
     */
    public RunResult run() {
        String runId = UUID.randomUUID().toString();
        Instant started = Instant.now().truncatedTo(ChronoUnit.MICROS);
        TopicReport report = new TopicReport(pipeline, runId, started);
        try (Topics topics = Topics.open(source)) {
            SortedMap<String, TopicRange> ranges = topics.ranges();
            if (ranges.isEmpty()) {
                report.problem(ExitCode.SOURCE_NOT_READY, "no topic of that name is there yet; run again when it is");
            }
            Schemas schemas = TopicEvents.schemas(pipeline);
            if (schemas != null) {
                schemas.require();
            }
            boolean forgets = !forgot.plus(FORGETS_EVERY).isAfter(started);
            forgot = forgets ? started : forgot;
            TopicContext context = new TopicContext(
                    pipeline, schemas, spark, catalogs, sessions, runId, started, forgets, () -> ending);
            if (source instanceof Debezium changes) {
                if (changes.raw() != null) {
                    new RawFeed(context, ranges, changes.raw()).drain(report);
                }
                List<TopicFeed> feeds = feeds(ranges, topics, report, context);
                feeds.forEach(feed -> report.warn(nearRetention(feed.range(), held(feed), topics)));
                drain(feeds, report);
            } else if (!ranges.isEmpty()) {
                RecordFeed feed = new RecordFeed(context, ranges, report);
                ranges.values().forEach(range -> report.warn(nearRetention(range, feed.held(range.topic()), topics)));
                feed.drain();
            }
        }
        RunResult result = report.result();
        RunResults.save(result, spark.sparkContext().hadoopConfiguration());
        return result;
    }

    /** Has a run end after the batches in hand, as if topics held no more; from any thread, before a run or during it. */
    public void end() {
        ending = true;
    }

    /** Nothing too where a table's position cannot be had, which is told when its feed is drained. */
    private static Optional<TopicOffsets> held(TopicFeed feed) {
        try {
            return feed.held();
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static List<TopicFeed> feeds(
            SortedMap<String, TopicRange> ranges, Topics topics, TopicReport report, TopicContext context) {
        List<TopicFeed> feeds = new ArrayList<>();
        TopicEvents events = new TopicEvents(context.pipeline(), context.schemas(), context.catalogs());
        for (TopicRange range : ranges.values()) {
            try {
                events.of(range, topics)
                        .ifPresentOrElse(
                                event -> {
                                    feeds.add(ChangeFeed.open(context, range, events, event));
                                    report.warn(event.rows().notes());
                                    report.warn(compacted(range, event.event()));
                                },
                                () -> PipelineRun.LOG.info(
                                        "firn run: topic {} is no table's and is left out", range.topic()));
            } catch (RuntimeException e) {
                report.failed(range.topic(), null, e, null, Lines.NONE);
            }
        }
        return feeds;
    }

    private static List<String> compacted(TopicRange range, ResolvedEvent event) {
        return !range.compacted() || event.target().mode() != Mode.UPSERT
                ? List.of()
                : List.of("topic " + range.topic()
                        + " is compacted: brokers may drop a deletion before it is read, and its"
                        + " row would stay in table " + event.target().table() + "; let the topic have"
                        + " cleanup.policy=delete, or a min.compaction.lag.ms of a day or more that is longer than the"
                        + " time between two runs");
    }

    /** What will be lost unless runs catch up. */
    private static List<String> nearRetention(TopicRange range, Optional<TopicOffsets> last, Topics topics) {
        Map<Integer, Long> next = new TreeMap<>();
        last.ifPresent(held -> held.partitions().forEach((partition, read) -> {
            TopicRange.Bounds bounds = range.partitions().get(partition);
            if (bounds != null && read.to() < bounds.end() && read.to() >= bounds.earliest()) {
                next.put(partition, read.to());
            }
        }));
        List<String> warnings = new ArrayList<>();
        if (range.retention() != null && !next.isEmpty()) {
            topics.times(range.topic(), next).forEach((partition, written) -> {
                Duration age = Duration.between(written, Instant.now());
                if (OffsetPlan.nearsRetention(age, range.retention())) {
                    warnings.add(
                            "topic %s, partition %d: the oldest record that was not read is %s old, and brokers keep records for %s; run more often, or keep them longer"
                                    .formatted(
                                            range.topic(),
                                            partition,
                                            Durations.text(age),
                                            Durations.text(range.retention())));
                }
            });
        }
        return warnings;
    }

    private void drain(List<TopicFeed> feeds, TopicReport report) {
        int threads = Math.min(MOST_THREADS, Math.max(1, spark.sparkContext().defaultParallelism()));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (TopicFeed feed : feeds) {
                running.add(pool.submit(() -> feed.drain(report)));
            }
            int done = 0;
            for (Future<?> feed : running) {
                feed.get();
                listener.publishing(++done, running.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FirnException(ExitCode.FAILED, "interrupted; run again to go on");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }
}
