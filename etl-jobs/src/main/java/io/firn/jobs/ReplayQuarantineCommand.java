package io.firn.jobs;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.LoadedPipeline;
import io.firn.QuarantineReplay;
import io.firn.ReplayResult;

@Command(
        name = "replay-quarantine",
        description = {
            "Load quarantined lines again after the YAML was mended.",
            "Those that load now leave the quarantine, the others stay. Lines of a day that the quality gate held back"
                    + " come with the next run of that day instead."
        })
final class ReplayQuarantineCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline's YAML file.")
    private Path file;

    @Override
    public Integer call() {
        LoadedPipeline pipeline = firn.shared()
                .dumps(
                        file,
                        "firn rewind reads their records again: an upserted table loses and doubles nothing, and what"
                                + " loads then leaves the quarantine");
        ReplayResult result;
        try (Lake lake = Lake.open("replay " + pipeline.pipeline().pipeline(), pipeline.project())) {
            result = new QuarantineReplay(pipeline, lake.spark(), lake.catalogs()).run();
        }
        firn.shared().console().result(result, text(result));
        return result.exit().code();
    }

    private static String text(ReplayResult result) {
        StringBuilder out = new StringBuilder("%s: %,d quarantined lines, %,d loaded, %,d left in %s%n"
                .formatted(result.pipeline(), result.rows(), result.loaded(), result.left(), result.quarantine()));
        if (result.tables().isEmpty()) {
            return out.toString();
        }
        TextTable table = new TextTable("event", "table", "loaded", "snapshot", "error");
        result.tables()
                .forEach(t -> table.row(
                        t.event(),
                        t.table(),
                        t.loaded(),
                        t.snapshot() == null ? null : t.snapshot().toString(),
                        t.error()));
        return out.append('\n').append(table.print()).toString();
    }
}
