package io.firn.jobs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.LoadedPipeline;
import io.firn.Session;
import io.firn.TopicPositions;
import io.firn.table.TableName;

@Command(
        name = "reset",
        description = {
            "Let tables read their topics anew: after a topic was made anew, after records were lost and Debezium took a"
                    + " new snapshot, or after the source began a new log.",
            "Tables that are upserted lose and double nothing: changes older than what a row holds are passed over."
                    + " Tables that take appends hold records twice that they read twice.",
            "Without --yes: tell what would be done."
        })
final class ResetCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file.")
    private Path file;

    @Option(names = "--table", paramLabel = "TABLE", description = "One table alone (default: all of the pipeline).")
    private TableName table;

    @Option(
            names = "--from-earliest",
            description = "Forget what was read: the next run takes all that the topics hold.")
    private boolean earliest;

    @Option(
            names = "--new-epoch",
            description =
                    "Changes from now on are later than all that tables hold, whatever their place in the source's"
                            + " log: for a source that was restored, moved or began a new log.")
    private boolean newEpoch;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "With --new-epoch: it begins with what was written to the topics since TIME, as the run says that"
                            + " stopped (default: with what was not read yet).")
    private Instant since;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    public Integer call() {
        if (!earliest && !newEpoch) {
            throw new FirnException(
                    ExitCode.USAGE, "say what is to be reset: --from-earliest, --new-epoch, or both; --help explains");
        }
        if (since != null && (earliest || !newEpoch)) {
            throw new FirnException(
                    ExitCode.USAGE, "--since says where a new epoch begins: use it with --new-epoch alone");
        }
        LoadedPipeline pipeline = firn.shared().topics(file);
        try (Catalogs catalogs = new Catalogs(pipeline.project(), Session.hadoop())) {
            PositionChanges.show(
                    firn.shared().console(),
                    TopicPositions.reset(pipeline, catalogs, table, earliest, newEpoch, since, yes),
                    yes);
        }
        return 0;
    }
}
