package io.firn.jobs;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.apache.spark.util.SignalUtils;

import io.firn.ExitCode;
import io.firn.LoadedPipeline;
import io.firn.RunResult;
import io.firn.TopicRun;

/** Runs a pipeline over topics, once or again and again until the process is asked to end. */
final class TopicsRunner {
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

    /** A run that fails ends it: what went wrong once would go wrong again, and whoever started it should know. */
    private RunResult continuously(TopicRun run, Duration every) {
        // Not a shutdown hook: those run beside Spark's own, which stops the session under a run.
        SignalUtils.register("TERM", this::askedToEnd);
        SignalUtils.register("INT", this::askedToEnd);
        while (true) {
            long start = System.nanoTime();
            RunResult result = run.run();
            console.note(RunSummary.line(result));
            if (result.exit() == ExitCode.OK) {
                result.problems().forEach(problem -> console.note("! " + problem));
            }
            if (result.exit() != ExitCode.OK || waited(every.toNanos() - (System.nanoTime() - start))) {
                return result;
            }
        }
    }

    private Boolean askedToEnd() {
        console.note("firn: ends when the run in hand is done");
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
