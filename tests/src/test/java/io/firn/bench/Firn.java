package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Firn's command line, by the launcher that users run. */
record Firn(Path launcher) {
    Firn {
        launcher = launcher.toAbsolutePath();
    }

    Cost load(Dump dump, String partition, Path home) throws IOException, InterruptedException {
        String path = dump.directory().toAbsolutePath().getParent() + "/{date}/";
        Path pipeline = home.resolve("bench.yaml").toAbsolutePath();
        Files.writeString(pipeline, new PipelineFile(path, dump.types(), partition).text());
        return new Child(home).firn(launcher, "run", pipeline.toString(), "--date", dump.date());
    }
}
