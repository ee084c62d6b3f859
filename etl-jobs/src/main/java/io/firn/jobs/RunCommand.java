package io.firn.jobs;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.LoadedPipeline;
import io.firn.PipelineRun;
import io.firn.RunResult;
import io.firn.source.JsonDump;
import io.firn.source.TopicSource;

@Command(
        name = "run",
        description = {
            "Load a day, or what topics hold now, into the pipeline's tables.",
            "What they hold already is not loaded again: a rerun adds nothing, a late file adds only itself."
        })
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file.")
    private Path file;

    @Option(
            names = "--date",
            paramLabel = "DAY",
            description = "The day to load, 2026-11-20 (default: yesterday, UTC).")
    private LocalDate date;

    @Option(
            names = "--replace",
            description = "Files that changed since they were loaded take the place of what they were.")
    private boolean replace;

    @Option(names = "--continuous", description = "Topics: run again and again until SIGTERM, which ends it cleanly.")
    private boolean continuous;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description =
                    "With --continuous: from the start of one run to that of the next, 90s or 15m (default: 60s).")
    private Duration every;

    @Override
    public Integer call() {
        Console console = firn.shared().console();
        LoadedPipeline pipeline = firn.shared().pipeline(file);
        if (pipeline.pipeline().source() instanceof TopicSource) {
            refuse(date != null, "--date", "topics have no days; a run takes what they hold now");
            refuse(replace, "--replace", "records of topics do not change");
            refuse(every != null && !continuous, "--every", "it is for --continuous");
            return new TopicsRunner(firn.shared(), pipeline).run(continuous ? every() : null);
        }
        refuse(continuous || every != null, "--continuous", "a dump is loaded day by day");
        RunResult result;
        try (Lake lake = Lake.open("run " + pipeline.pipeline().pipeline(), pipeline.project())) {
            result = run(lake, pipeline, date == null ? defaultDate(pipeline) : date, replace, console);
        }
        console.result(result, RunSummary.of(result));
        return result.exit().code();
    }

    private Duration every() {
        return every == null ? Duration.ofSeconds(60) : every;
    }

    static void refuse(boolean given, String option, String why) {
        if (given) {
            throw new FirnException(ExitCode.USAGE, option + " does not fit this pipeline: " + why);
        }
    }

    static RunResult run(Lake lake, LoadedPipeline pipeline, LocalDate date, boolean replace, Console console) {
        Progress progress = new Progress(console);
        try {
            return new PipelineRun(pipeline, lake.spark(), lake.catalogs(), progress).run(date, replace);
        } finally {
            progress.end();
        }
    }

    /** Yesterday, unless there is only one day. */
    static LocalDate defaultDate(LoadedPipeline pipeline) {
        boolean single = pipeline.pipeline().source() instanceof JsonDump dump && dump.date() != null;
        return single
                ? ((JsonDump) pipeline.pipeline().source()).date()
                : LocalDate.now(ZoneOffset.UTC).minusDays(1);
    }
}
