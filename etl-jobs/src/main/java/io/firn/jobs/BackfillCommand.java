package io.firn.jobs;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.LoadedPipeline;
import io.firn.ResolvedEvent;
import io.firn.RunResult;
import io.firn.table.TableDefinition.Mode;

@Command(
        name = "backfill",
        description = {
            "Load a range of days, the oldest first.",
            "Days that are loaded already cost a look at their ledger.",
            "A day that fails does not stop the others."
        })
final class BackfillCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(BackfillCommand.class);

    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file.")
    private Path file;

    @Option(names = "--from", required = true, paramLabel = "DAY", description = "The first day, 2026-11-01.")
    private LocalDate from;

    @Option(names = "--to", required = true, paramLabel = "DAY", description = "The last day, itself included.")
    private LocalDate to;

    @Option(
            names = "--replace",
            description = "Files that changed since they were loaded take the place of what they were.")
    private boolean replace;

    @Override
    public Integer call() {
        Console console = firn.shared().console();
        LoadedPipeline pipeline = firn.shared().dumps(file, "they have no days; firn rewind reads records again");
        check(pipeline);
        List<Object> results = new ArrayList<>();
        ExitCode worst = ExitCode.OK;
        try (Lake lake = Lake.open("backfill " + pipeline.pipeline().pipeline(), pipeline.project())) {
            for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
                try {
                    RunResult result = RunCommand.run(lake, pipeline, day, replace, console);
                    results.add(result);
                    worst = worst.worse(result.exit());
                    if (!console.isJson()) {
                        console.line(RunSummary.line(result));
                        for (String problem : result.problems()) {
                            console.note(day + ": " + problem);
                        }
                    }
                } catch (Exception e) { // Spark throws checked exceptions that no signature tells of.
                    Failure failure = Failure.of(e);
                    LOG.info("firn backfill: day {} failed", day, e);
                    worst = worst.worse(failure.exit());
                    results.add(new FailedDay(day.toString(), failure.exit(), failure.reason()));
                    console.note(day + ": " + failure.reason());
                }
            }
        }
        if (console.isJson()) {
            console.result(results, "");
        }
        return worst.code();
    }

    /** A day that came to no result, for {@code --output json}. */
    record FailedDay(String date, ExitCode exit, String error) {}

    private void check(LoadedPipeline pipeline) {
        if (to.isBefore(from)) {
            throw new FirnException(ExitCode.USAGE, "--to " + to + " is before --from " + from);
        }
        for (ResolvedEvent event : pipeline.events()) {
            if (event.target().mode() == Mode.TRUNCATE_LOAD) {
                throw new FirnException(
                        ExitCode.USAGE,
                        "table " + event.target().table() + " has mode truncate-load and holds one day only, so a range"
                                + " of days cannot be loaded into it; run the last day instead");
            }
        }
    }
}
