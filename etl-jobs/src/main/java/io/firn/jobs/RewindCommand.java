package io.firn.jobs;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.LoadedPipeline;
import io.firn.Session;
import io.firn.TopicPositions;
import io.firn.table.TableName;

@Command(
        name = "rewind",
        description = {
            "Let tables read again what was written to their topics since a time, as far as brokers still hold it.",
            "Tables that are upserted lose and double nothing: changes older than what a row holds are passed over."
                    + " Tables that take appends hold records twice that they read twice.",
            "Without --yes: tell what would be done."
        })
final class RewindCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file.")
    private Path file;

    @Option(names = "--table", paramLabel = "TABLE", description = "One table alone (default: all of the pipeline).")
    private TableName table;

    @Option(names = "--to", paramLabel = "TIME", required = true, description = "The time, 2026-11-20T10:00:00Z.")
    private Instant to;

    @Option(names = "--yes", description = "Do it.")
    private boolean yes;

    @Override
    public Integer call() {
        LoadedPipeline pipeline = firn.shared().topics(file);
        try (Catalogs catalogs = new Catalogs(pipeline.project(), Session.hadoop())) {
            PositionChanges.show(
                    firn.shared().console(), TopicPositions.rewind(pipeline, catalogs, table, to, yes), yes);
        }
        return 0;
    }
}
