package io.firn.jobs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.spark.util.SignalUtils;

import io.firn.ExitCode;
import io.firn.LoadedPipeline;
import io.firn.RunResult;
import io.firn.TopicRun;
import io.firn.registry.RegistryUnavailable;
import io.firn.source.SourceUnavailable;

/** Runs a pipeline over topics, once or again and again until the process is asked to end. */
final class TopicsRunner {
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Console console;
    private final LoadedPipeline pipeline;
    private final CountDownLatch stop = new CountDownLatch(1);

    TopicsRunner(Shared shared, LoadedPipeline pipeline) {
        this.console = shared.console();
        this.pipeline = pipeline;
    }

    /** @param every from the start of one run to that of the next; null: one run */
    int run(Duration every) {
        Progress progress = new Progress(console);
        try (Lake lake = Lake.open("run " + pipeline.pipeline().pipeline(), pipeline.project())) {
            TopicRun run = new TopicRun(pipeline, lake.spark(), lake.catalogs(), progress);
            RunResult result = every == null ? run.run() : continuously(run, every);
            progress.end();
            console.result(result, RunSummary.of(result));
            return result.exit().code();
        } finally {
            progress.end();
        }
    }

    /**
     * A run that fails ends it: what went wrong once would go wrong again, and whoever started it should know. Brokers or a
     * registry that are down come back: for an hour after a run that was well they are asked again.
     */
    private RunResult continuously(TopicRun run, Duration every) {
        // Not a shutdown hook: those run beside Spark's own, which stops the session under a run.
        SignalUtils.register("TERM", () -> askedToEnd(run));
        SignalUtils.register("INT", () -> askedToEnd(run));
        Long well = null;
        while (true) {
            long start = System.nanoTime();
            RunResult result = null;
            RuntimeException down = null;
            try {
                result = run.run();
                console.note(RunSummary.line(result));
            } catch (SourceUnavailable | RegistryUnavailable e) {
                down = e;
            }
            ExitCode exit = down == null ? result.exit() : ExitCode.SOURCE_NOT_READY;
            well = exit == ExitCode.OK ? Long.valueOf(start) : well;
            boolean comesBack = exit == ExitCode.SOURCE_NOT_READY && well != null && start - well < PATIENCE.toNanos();
            boolean goesOn = exit == ExitCode.OK || comesBack;
            if (goesOn) {
                List<String> problems = down == null ? result.problems() : List.of(down.getMessage());
                problems.forEach(problem -> console.note("! " + problem));
            }
            if (!goesOn || waited(every.toNanos() - (System.nanoTime() - start))) {
                if (down != null) {
                    throw down;
                }
                return result;
            }
        }
    }

    private Boolean askedToEnd(TopicRun run) {
        console.note("firn: ends when the batches in hand are done");
        run.end();
        stop.countDown();
        return true;
    }

    /** Whether the process was asked to end while, or before, it waited. */
    private boolean waited(long nanos) {
        try {
            return stop.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
