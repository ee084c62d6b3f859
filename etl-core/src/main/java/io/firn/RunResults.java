package io.firn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The results of past runs, beside the ledgers: {@code <state>/<pipeline>/runs/<date>/<run-id>/run-result.json}. */
final class RunResults {
    private RunResults() {}

    /** Where a run's result lies. */
    static String location(LoadedPipeline pipeline, String date, String runId) {
        return pipeline.catalog().stateLocation() + "/" + pipeline.pipeline().pipeline() + "/runs/" + date + "/" + runId
                + "/run-result.json";
    }

    /** The tables say what was loaded; a result that cannot be written does not undo it. */
    static void save(RunResult result, Configuration hadoop) {
        Path path = new Path(result.resultFile());
        try {
            FileSystem files = path.getFileSystem(hadoop);
            try (FSDataOutputStream out = files.create(path, true)) {
                out.write(Json.document(result).getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            PipelineRun.LOG.warn("firn run: {} was not written", path, e);
        }
    }
}
