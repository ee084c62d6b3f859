package io.firn.jobs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.LoadedPipeline;
import io.firn.RunResult;

@Command(
        name = "quickstart",
        description = "Load a real day of GitHub events into a lake in the working directory, and look at it.")
final class QuickstartCommand implements Callable<Integer> {
    private static final LocalDate DAY = LocalDate.parse("2021-07-21");

    /** The busiest repositories, over three of the tables. */
    private static final String BUSIEST =
            """
            SELECT repo, sum(pushes) pushes, sum(commits) commits, sum(pull_requests) pull_requests, sum(stars) stars
            FROM (
              SELECT repo.name repo, 1 pushes, size commits, 0 pull_requests, 0 stars FROM lake.github.push_event
              UNION ALL SELECT repo.name, 0, 0, 1, 0 FROM lake.github.pull_request_event
              UNION ALL SELECT repo.name, 0, 0, 0, 1 FROM lake.github.watch_event)
            GROUP BY repo ORDER BY pushes + 5 * pull_requests + stars DESC, repo LIMIT 8""";

    private static final String REFUSED =
            """
            SELECT event, regexp_extract(firn_file, '[^/]*$', 0) file, line_number, column_name, reason
            FROM lake.github.firn_quarantine WHERE day = DATE'2021-07-21' ORDER BY file, line_number""";

    @ParentCommand
    private Firn firn;

    @Override
    public Integer call() {
        Console console = firn.shared().console();
        Path file = pipelineFile();
        LoadedPipeline pipeline = firn.shared().pipeline(file);
        try (Lake lake = Lake.open("quickstart", pipeline.project())) {
            RunResult result = RunCommand.run(lake, pipeline, DAY, false, console);
            if (console.isJson()) {
                console.result(result, "");
                return result.exit().code();
            }
            console.line("1. A day of events, all types mixed, became one Iceberg table per type.\n");
            console.line(RunSummary.tablesAndCounts(result));
            for (String problem : result.problems()) {
                console.line("! " + problem + "\n");
            }
            if (result.exit() != ExitCode.OK) {
                return result.exit().code();
            }
            console.line("2. They are plain Iceberg tables: Spark, Trino or Athena read them.\n\n" + BUSIEST + "\n");
            console.line(SqlCommand.text(lake.spark().sql(BUSIEST)));
            console.line(
                    "3. Lines that are not what the YAML says are kept, whole, with the reason.\n\n" + REFUSED + "\n");
            console.line(SqlCommand.text(lake.spark().sql(REFUSED)));
            console.line(next(file));
            return result.exit().code();
        }
    }

    private static Path pipelineFile() {
        Path home = Path.of(System.getProperty("firn.home", "")).toAbsolutePath();
        Path file = home.resolve("etl-jobs/pipelines/github-events.yaml");
        if (!Files.exists(file)) {
            throw new FirnException(
                    ExitCode.USAGE, "there is no " + file + "; run quickstart by the launcher of a checkout");
        }
        Path here = Path.of("").toAbsolutePath();
        return file.startsWith(here) ? here.relativize(file) : file;
    }

    private static String next(Path pipeline) {
        String dump = pipeline.getParent()
                .resolveSibling("quickstart/dump/2021-07-21/")
                .toString();
        return """
                The lake is in lake/; remove that folder to begin again. Next:
                  ./firn sql "DESCRIBE lake.github.push_event"
                  ./firn plan %s --date 2021-07-21       what a run would do: nothing, the day is loaded
                  ./firn verify lake.github.push_event
                  ./firn init %s/github-events.jsonl.gz --to mine.yaml      a pipeline from your own sample
                The pipeline: %s"""
                .formatted(pipeline, dump, pipeline);
    }
}
